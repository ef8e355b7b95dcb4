package io.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.metrics.Metrics;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminTokenTest {

    private static final String TEXT = "0123456789abcdef0123";

    @TempDir
    private Path directory;

    @Test
    void onlyTheTokenOpensWhatIsCounted() throws IOException {
        try (AdminServer server = server(List.of("journal full"))) {
            assertThat(get(server, "/metrics", ""))
                    .startsWith("HTTP/1.1 401 ")
                    .contains("www-authenticate: Basic realm=")
                    .doesNotContain(TEXT)
                    .doesNotContain("sluice_");
            assertThat(get(server, "/", "Bearer " + TEXT + "x")).startsWith("HTTP/1.1 401 ");
            assertThat(get(server, "/", "Bearer")).startsWith("HTTP/1.1 401 ");
            assertThat(get(server, "/", "Basic !!")).startsWith("HTTP/1.1 401 ");
            assertThat(get(server, "/", "Basic " + base64("operator:wrong"))).startsWith("HTTP/1.1 401 ");
            assertThat(get(server, "/none", "")).startsWith("HTTP/1.1 401 ");

            assertThat(get(server, "/metrics", "bearer " + TEXT)).startsWith("HTTP/1.1 200 ");
            assertThat(get(server, "/", "Basic " + base64("operator:" + TEXT))).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void balancersLearnWithoutItWhetherButNotWhy() throws IOException {
        try (AdminServer server = server(List.of("journal full"))) {
            assertThat(get(server, "/readyz", ""))
                    .startsWith("HTTP/1.1 503 ")
                    .endsWith("{\"ready\":false}\n")
                    .doesNotContain("journal");
            assertThat(get(server, "/healthz", "")).startsWith("HTTP/1.1 200 ").endsWith("{\"healthy\":true}\n");
            assertThat(get(server, "/readyz", "Bearer " + TEXT)).contains("journal full");
        }
    }

    @Test
    void isReadFromAFileAndNeverShown() throws IOException {
        Path file = file(TEXT + "\n", "rw-------");

        AdminToken token = AdminToken.read(file);

        assertThat(token.admits(null)).isFalse();
        assertThat(token.admits("Bearer " + TEXT)).isTrue();
        assertThat(token).hasToString("***");
    }

    @Test
    void warnsOfAFileThatEverybodyMayRead(CleanLog.Expected log) throws IOException {
        AdminToken.read(file(TEXT, "rw-r--r--"));

        log.line("may be read by everybody: chmod o-r");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "short", "with a blank within it", "zwölfMonateHatEinJahr"})
    void aFileWithoutATokenIsRefusedUnseen(String content) throws IOException {
        Path file = file(content, "rw-------");

        assertThatThrownBy(() -> AdminToken.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> {
                    if (!content.isEmpty()) {
                        assertThat(e.getMessage()).doesNotContain(content);
                    }
                });
    }

    private Path file(String content, String permissions) throws IOException {
        Path file = Files.writeString(directory.resolve("token"), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        return file;
    }

    private static AdminServer server(List<String> reasons) throws IOException {
        return new AdminServer(
                new AdminConfig("127.0.0.1", 0, null, AdminToken.of(TEXT)), new Metrics(), List::of, () -> reasons);
    }

    private static String get(AdminServer server, String path, String authorization) throws IOException {
        String header = authorization.isEmpty() ? "" : "authorization: " + authorization + "\r\n";
        try (Socket socket = new Socket("127.0.0.1", server.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nhost: x\r\nconnection: close\r\n" + header + "\r\n")
                            .getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
