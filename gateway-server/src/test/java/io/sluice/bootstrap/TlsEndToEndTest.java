package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.ExitCodes;
import io.sluice.config.ConfigLoader;
import io.sluice.config.SluiceConfig;
import io.sluice.metrics.Gauge;
import io.sluice.testing.CleanLog;
import io.sluice.testing.TestCertificate;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS through the whole server: from the configuration to a client that trusts the certificate. */
@Timeout(120)
class TlsEndToEndTest {

    @TempDir
    Path directory;

    private ConfigLoader loader(Path certificate, Path key) {
        return new ConfigLoader()
                .option("test", "data", directory.resolve("data"))
                .option("test", "http.port", 0)
                .option("test", "admin.port", 0)
                .option("test", "http.tls.port", 0)
                .option("test", "http.tls.certificate", certificate)
                .option("test", "http.tls.key", key);
    }

    /** Sends an event as a client that trusts this certificate and no other. */
    private static HttpResponse<String> send(Server server, TestCertificate trusted) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("it", trusted.certificate());
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(store);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        try (HttpClient client = HttpClient.newBuilder().sslContext(context).build()) {
            URI uri = URI.create("https://localhost:" + server.http().tlsPort() + "/v1/events?k=demo");
            HttpRequest request = HttpRequest.newBuilder(uri)
                    .POST(HttpRequest.BodyPublishers.ofString("{\"event\":\"a\"}"))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void eventsComeOverTlsWithTheCertificateThatLiesThereNow() throws Exception {
        TestCertificate before = TestCertificate.make(directory, "before", "localhost");
        List<String> longer = List.of("-keyalg", "RSA", "-keysize", "2048", "-validity", "90");
        TestCertificate after = TestCertificate.make(directory, "after", longer, "localhost");
        Path certificate = Files.copy(before.file(), directory.resolve("certificate"));
        Path key = Files.copy(before.keyFile(), directory.resolve("key"));
        SluiceConfig config = loader(certificate, key).load();
        try (Server server = Server.start(config)) {
            HttpResponse<String> answer = send(server, before);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(Banner.of(config, server, null))
                    .containsPattern("scrubbed by +strict version 1; what was found, never a value: http://.+/scrubbed")
                    .contains("https://127.0.0.1:" + server.http().tlsPort())
                    .contains("certificates until "
                            + before.certificate().getNotAfter().toInstant());
            Files.copy(after.file(), certificate, StandardCopyOption.REPLACE_EXISTING);
            Files.copy(after.keyFile(), key, StandardCopyOption.REPLACE_EXISTING);
            while (server.metrics().value(Gauge.TLS_CERTIFICATE_SECONDS) < 60 * 86_400) {
                Thread.onSpinWait();
            }
            assertThat(send(server, after).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void checkLooksAtTheFiles() throws Exception {
        TestCertificate it = TestCertificate.make(directory, "it");
        TestCertificate other = TestCertificate.make(directory, "other");
        Path file = Files.writeString(
                directory.resolve("sluice.yaml"),
                "http: {tls: {port: 8443, certificate: %s, key: %s}}".formatted(it.file(), other.keyFile()));
        StringWriter err = new StringWriter();

        int code = Main.commandLine().setErr(new PrintWriter(err)).execute("check", "--config", file.toString());

        assertThat(code).isEqualTo(ExitCodes.INVALID);
        assertThat(err.toString())
                .contains(file + ":1: http.tls.key = " + other.keyFile(), "expected the key of " + it.file());
    }

    @Test
    void checkWarnsOfWhatServeTakesAndWarnsOf(CleanLog.Expected log) throws Exception {
        List<String> past = List.of("-keyalg", "EC", "-groupname", "secp256r1", "-startdate", "-9d", "-validity", "5");
        TestCertificate it = TestCertificate.make(directory, "it", past, "localhost");
        Path file = Files.writeString(
                directory.resolve("sluice.yaml"),
                "http: {tls: {port: 8443, certificate: %s, key: %s}}".formatted(it.file(), it.keyFile()));
        StringWriter err = new StringWriter();
        StringWriter out = new StringWriter();

        int code = Main.commandLine()
                .setErr(new PrintWriter(err))
                .setOut(new PrintWriter(out))
                .execute("check", "--config", file.toString());

        assertThat(err.toString()).startsWith("warning: " + it.file() + ": the certificate has expired, ");
        assertThat(code).isEqualTo(ExitCodes.OK);
        log.line(it.file() + ": the certificate has expired, ");
        try (Server server = Server.start(loader(it.file(), it.keyFile()).load())) {
            assertThat(send(server, it).statusCode()).isEqualTo(200);
        }
    }
}
