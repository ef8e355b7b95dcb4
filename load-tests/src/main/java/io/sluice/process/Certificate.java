package io.sluice.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A certificate for two days, signed by itself, of the kind that scripts/bench pixel makes: ECDSA, P-256. Immutable.
 *
 * @param file with the certificate, PEM
 * @param key its own, PEM (PKCS#8, not encrypted)
 */
public record Certificate(Path file, Path key) {

    /** Whether there is what makes them. */
    public static boolean canBeMade() {
        for (String directory : System.getenv("PATH").split(File.pathSeparator)) {
            if (Files.isExecutable(Path.of(directory, "openssl"))) {
                return true;
            }
        }
        return false;
    }

    /**
     * Makes one by openssl: {@code certificate.pem} and {@code key.pem} in that directory.
     *
     * @throws IOException if openssl is not there, or makes none
     */
    public static Certificate make(Path directory, String host) throws IOException, InterruptedException {
        Certificate made = new Certificate(directory.resolve("certificate.pem"), directory.resolve("key.pem"));
        List<String> command = List.of(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-keyout",
                made.key.toString(),
                "-out",
                made.file.toString(),
                "-days",
                "2",
                "-subj",
                "/CN=" + host);
        Process openssl = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (openssl.waitFor() != 0) {
            throw new IOException("openssl made no certificate in " + directory);
        }
        return made;
    }
}
