package io.sluice.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A certificate, signed by itself or another one, made by the JDK's keytool, in the PEM files that a server reads. */
public record TestCertificate(Path file, Path keyFile, X509Certificate certificate, PrivateKey key) {

    private static final char[] PASSWORD = "password".toCharArray();

    public static TestCertificate make(Path directory, String name, String... hosts) throws Exception {
        return make(directory, name, List.of("-keyalg", "EC", "-groupname", "secp256r1", "-validity", "30"), hosts);
    }

    /** @param options of keytool: the kind of key and the time that the certificate is for */
    public static TestCertificate make(Path directory, String name, List<String> options, String... hosts)
            throws Exception {
        return make(directory, name, store(directory, name), options, hosts);
    }

    /** One that this one, made with {@code -ext bc=ca:true}, has signed. */
    public TestCertificate issue(Path directory, String name, List<String> options) throws Exception {
        Path store = store(directory, name);
        KeyStore keys = KeyStore.getInstance("PKCS12");
        keys.load(null, null);
        keys.setKeyEntry("authority", key, PASSWORD, new X509Certificate[] {certificate});
        try (OutputStream out = Files.newOutputStream(store)) {
            keys.store(out, PASSWORD);
        }
        List<String> signed = new ArrayList<>(options);
        signed.addAll(List.of("-signer", "authority"));
        return make(directory, name, store, signed);
    }

    private static Path store(Path directory, String name) throws IOException {
        return Files.createTempDirectory(directory, name).resolve("store.p12");
    }

    private static TestCertificate make(Path directory, String name, Path store, List<String> options, String... hosts)
            throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair"));
        command.addAll(List.of("-alias", "it", "-dname", "CN=" + name, "-storetype", "PKCS12"));
        command.addAll(List.of("-keystore", store.toString(), "-storepass", new String(PASSWORD)));
        if (hosts.length > 0) {
            command.addAll(List.of(
                    "-ext", "SAN=" + Stream.of(hosts).map("dns:"::concat).collect(Collectors.joining(","))));
        }
        command.addAll(options);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(output);
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        X509Certificate certificate = (X509Certificate) keys.getCertificate("it");
        PrivateKey key = (PrivateKey) keys.getKey("it", PASSWORD);
        Path file = directory.resolve(name + ".pem");
        Path keyFile = directory.resolve(name + ".key");
        pem(file, "CERTIFICATE", certificate.getEncoded());
        pem(keyFile, "PRIVATE KEY", key.getEncoded());
        return new TestCertificate(file, keyFile, certificate, key);
    }

    public static void pem(Path file, String kind, byte[] der) throws IOException {
        Files.writeString(
                file,
                "-----BEGIN " + kind + "-----\n"
                        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der) + "\n-----END " + kind
                        + "-----\n");
    }

    /** A store for a client that shows this certificate. */
    public KeyStore store() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("it", key, PASSWORD, new X509Certificate[] {certificate});
        return store;
    }

    public static char[] password() {
        return PASSWORD.clone();
    }
}
