package io.sluice.privacy.period;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.SecretStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorySecretsTest {

    @TempDir
    private Path directory;

    @Test
    void nodesThatRaceForASecretGetTheSame() throws Exception {
        int nodes = 8;
        for (int round = 0; round < 20; round++) {
            String name = "2026-10-" + (10 + round);
            CyclicBarrier start = new CyclicBarrier(nodes);
            List<Future<byte[]>> made = new ArrayList<>();
            try (ExecutorService threads = Executors.newFixedThreadPool(nodes)) {
                for (int i = 0; i < nodes; i++) {
                    byte[] proposal = secret(i + 1);
                    made.add(threads.submit(() -> {
                        SecretStore store = new DirectorySecrets(directory.resolve("below/secrets"));
                        start.await();
                        return store.make(name, proposal);
                    }));
                }
            }
            byte[] won = made.getFirst().get();
            for (Future<byte[]> other : made) {
                assertThat(other.get()).isEqualTo(won);
            }
            assertThat(new DirectorySecrets(directory.resolve("below/secrets")).find(name))
                    .isEqualTo(won);
        }
    }

    @Test
    void onlyTheOwnerMayReadSecrets() throws Exception {
        Path secrets = directory.resolve("secrets");

        new DirectorySecrets(secrets).make("2026-11", secret(1));

        assertThat(Files.getPosixFilePermissions(secrets)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(Files.getPosixFilePermissions(secrets.resolve("2026-11.secret")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (var files = Files.list(secrets)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void whatIsDestroyedIsOverwrittenAndGone() throws Exception {
        DirectorySecrets store = new DirectorySecrets(directory);
        store.make("2026-10", secret(1));
        store.make("2026-11", secret(2));

        try (RandomAccessFile open =
                new RandomAccessFile(directory.resolve("2026-10.secret").toFile(), "r")) {
            store.destroy("2026-10");
            // Whoever holds the bytes of the file sees them overwritten, though its name is gone.
            byte[] left = new byte[(int) open.length()];
            open.readFully(left);
            assertThat(new String(left)).matches("x+");
        }

        assertThat(store.names()).containsExactly("2026-11");
        assertThat(store.find("2026-10")).isNull();
        store.destroy("2026-10");
        assertThat(store.make("2026-10", secret(3))).isEqualTo(secret(3));
    }

    @Test
    void whatACrashLeavesOfADestroyedOneIsNoSecret() throws Exception {
        DirectorySecrets store = new DirectorySecrets(directory);
        store.make("2026-10", secret(1));
        Files.writeString(directory.resolve("2026-10.secret"), "x".repeat(65));

        assertThat(store.find("2026-10")).isNull();
        assertThat(store.names()).as("to be destroyed again").containsExactly("2026-10");
        assertThatThrownBy(() -> store.make("2026-10", secret(2)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2026-10.secret: was destroyed");
        store.destroy("2026-10");
        assertThat(store.names()).isEmpty();
    }

    @Test
    void whatIsNoSecretIsToldWithoutBeingShown() throws IOException {
        Files.writeString(directory.resolve("2026-11.secret"), "correct horse battery staple");

        assertThatThrownBy(() -> new DirectorySecrets(directory).find("2026-11"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("2026-11.secret: expected a secret of 64 hexadecimal digits")
                .hasMessageNotContaining("horse");
    }

    @Test
    void theTimeIsThatOfItsFiles() throws IOException {
        DirectorySecrets store = new DirectorySecrets(directory.resolve("secrets"));
        long now = store.nowMillis();
        store.make("2026-11", secret(1));
        Files.setLastModifiedTime(
                store("2026-11.secret"),
                FileTime.fromMillis(Instant.parse("2026-10-31T00:00:00Z").toEpochMilli()));

        assertThat(store.made())
                .containsOnly(Map.entry(
                        "2026-11", Instant.parse("2026-10-31T00:00:00Z").toEpochMilli()));
        assertThat(now)
                .isBetween(
                        Files.getLastModifiedTime(directory).toMillis() - 60_000,
                        Files.getLastModifiedTime(directory).toMillis() + 60_000);
        try (var files = Files.list(directory.resolve("secrets"))) {
            assertThat(files).as("the probe is gone").hasSize(1);
        }
    }

    private Path store(String file) {
        return directory.resolve("secrets").resolve(file);
    }

    @Test
    void aDirectoryThatIsMissingHoldsNothing() throws IOException {
        DirectorySecrets store = new DirectorySecrets(directory.resolve("none"));

        assertThat(store.names()).isEmpty();
        assertThat(store.find("2026-11")).isNull();
        assertThat(directory.resolve("none")).doesNotExist();
    }

    private static byte[] secret(int seed) {
        byte[] secret = new byte[SecretStore.SECRET_BYTES];
        Arrays.fill(secret, (byte) seed);
        return secret;
    }
}
