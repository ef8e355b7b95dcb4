package io.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class NginxTest {

    private static final Path DIRECTORY = Path.of("/some where");

    @Test
    void withACertificateItHasAllPortsOfTheConfiguration() throws IOException {
        assertThat(Nginx.config(text(), DIRECTORY, 1, 2, 3))
                .contains(
                        "listen 127.0.0.1:1 backlog",
                        "listen 127.0.0.1:2 http2",
                        "listen 127.0.0.1:3 ssl http2",
                        "ssl_certificate \"/some where/certificate.pem\";",
                        "ssl_certificate_key \"/some where/key.pem\";",
                        "access_log \"/some where/nginx/access.log\"")
                .doesNotContainPattern("@[A-Z0-9_]+@");
    }

    @Test
    void withoutOneNothingAsksForIt() throws IOException {
        assertThat(Nginx.config(text(), DIRECTORY, 1, 2, 0))
                .contains("listen 127.0.0.1:1 backlog", "listen 127.0.0.1:2 http2", "empty_gif")
                .doesNotContain("ssl", ".pem")
                .doesNotContainPattern("@[A-Z0-9_]+@");
    }

    private static String text() throws IOException {
        return Files.readString(Path.of("scenarios/pixel/nginx.conf"));
    }
}
