package io.sluice.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

    @Test
    void aFileThatDoesNotEndIsNotReadToItsEnd() {
        assertThatThrownBy(() -> AdminToken.read(Path.of("/dev/zero")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("more than 1024 bytes");
    }

    /** What takes how long cannot be tested; what compares can. */
    @Test
    void nothingComparesTheTokenThatEndsAtTheFirstDifference() throws IOException {
        String source = Files.readString(Path.of("src/main/java/io/sluice/admin/AdminToken.java"));
        assertThat(source).contains("return MessageDigest.isEqual(given, token);");
        assertThat(source)
                .doesNotContain("Arrays.equals", "Arrays.compare", "token.equals", "contentEquals", "mismatch");
    }

    @Test
    void theTokenFollowsItsFileAndABadOneChangesNothing(CleanLog.Expected log) throws IOException {
        Path file = file(TEXT, "rw-------");
        AdminTokens tokens = new AdminTokens(new AdminConfig("127.0.0.1", 0, file, AdminToken.read(file)));
        String next = "another-token-of-24-chars";
        look(tokens);
        assertAdmits(tokens, TEXT, next);

        change(file, next);
        tokens.check();
        assertAdmits(tokens, TEXT, next);
        look(tokens);
        assertAdmits(tokens, next, TEXT);
        assertThat(tokens.refused()).isFalse();

        for (String bad : new String[] {"", "short", "half a token that went wrong"}) {
            change(file, bad);
            look(tokens);
            assertAdmits(tokens, next, bad);
            assertThat(tokens.refused()).as(bad).isTrue();
        }
        Files.delete(file);
        look(tokens);
        assertAdmits(tokens, next, "");
        log.line("token has changed and is not taken, the token of the admin port stays as it was: ");

        change(file(TEXT, "rw-------"), TEXT);
        look(tokens);
        assertAdmits(tokens, TEXT, next);
        assertThat(tokens.refused()).isFalse();
    }

    @Test
    @Timeout(60)
    void aServerThatRunsAsksForTheNewToken() throws Exception {
        Path file = file(TEXT, "rw-------");
        Metrics metrics = new Metrics();
        try (AdminServer server = new AdminServer(
                new AdminConfig("127.0.0.1", 0, file, AdminToken.read(file)), metrics, List::of, List::of)) {
            assertThat(get(server, "/metrics", "Bearer " + TEXT)).startsWith("HTTP/1.1 200 ");
            assertThat(metrics.value(Gauge.ADMIN_TOKEN_REFUSED)).isZero();
            String next = "another-token-of-24-chars";
            change(file, next);
            while (get(server, "/metrics", "Bearer " + next).startsWith("HTTP/1.1 401 ")) {
                Thread.sleep(50);
            }
            assertThat(get(server, "/metrics", "Bearer " + TEXT)).startsWith("HTTP/1.1 401 ");
            assertThat(get(server, "/metrics", "Bearer " + next)).startsWith("HTTP/1.1 200 ");
        }
    }

    /** As often as it takes to read a file that has changed. */
    private static void look(AdminTokens tokens) {
        tokens.check();
        tokens.check();
    }

    private static void assertAdmits(AdminTokens tokens, String token, String not) {
        assertThat(tokens.current().admits("Bearer " + token)).isTrue();
        assertThat(tokens.current().admits("Bearer " + not)).isFalse();
    }

    private static void change(Path file, String content) throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        Files.writeString(file, content);
        Files.setLastModifiedTime(file, FileTime.fromMillis(time.toMillis() + 1_000));
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
