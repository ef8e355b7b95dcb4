package io.sluice.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyStorageTest {

    @TempDir
    Path directory;

    private final FaultyStorage storage = new FaultyStorage(new DiskStorage());

    private void faults(String... lines) {
        storage.set(StorageFault.parse(List.of(lines)));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static String read(StorageFile file, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        file.pread(buffer, 0);
        return new String(buffer.array(), StandardCharsets.US_ASCII);
    }

    @Test
    void aFailedSyncTakesWhatWasNotYetSyncedAndTheNextOneSaysNothing() throws Exception {
        try (StorageFile file = storage.open(directory.resolve("f"), Storage.Access.WRITE)) {
            file.pwrite(bytes("kept"), 0);
            file.sync();
            file.pwrite(bytes("lost"), 4);
            faults("sync eio");
            assertThatThrownBy(file::sync).isInstanceOf(IOException.class).hasMessageContaining("Input/output error");
            faults("none");
            file.sync();
            assertThat(read(file, 8)).isEqualTo("kept\0\0\0\0");
        }
        assertThat(storage.injected()).isEqualTo(1);
    }

    @Test
    void aFullDiskRefusesWritesAndNewFilesButStillSyncsAndDeletes() throws Exception {
        Path path = directory.resolve("f");
        try (StorageFile file = storage.open(path, Storage.Access.WRITE)) {
            faults("all enospc");
            assertThatThrownBy(() -> file.pwrite(bytes("x"), 0)).hasMessageContaining("No space left on device");
            assertThatThrownBy(() -> storage.open(directory.resolve("g"), Storage.Access.WRITE))
                    .hasMessageContaining("No space left on device");
            assertThat(storage.usableBytes(directory)).isZero();
            file.sync();
        }
        storage.delete(path);
        faults("all edquot");
        assertThatThrownBy(() -> storage.createDirectories(directory.resolve("d")))
                .hasMessageContaining("Disk quota exceeded");
        // Others may still write there.
        assertThat(storage.usableBytes(directory)).isPositive();
    }

    @Test
    void writesComeShortByWholeBlocks() throws Exception {
        try (StorageFile file = storage.open(directory.resolve("f"), Storage.Access.WRITE)) {
            faults("write short");
            ByteBuffer source = ByteBuffer.allocate(5 * Storage.BLOCK_BYTES);
            assertThat(file.pwrite(source, 0)).isEqualTo(2 * Storage.BLOCK_BYTES);
            assertThat(source.remaining()).isEqualTo(3 * Storage.BLOCK_BYTES);
            assertThat(file.pwrite(bytes("small"), 0)).isEqualTo(5);
        }
    }

    @Test
    void aFaultHoldsForItsFilesOnly() throws Exception {
        faults("write eio in journal");
        try (StorageFile file = storage.open(directory.resolve("objects"), Storage.Access.WRITE)) {
            assertThat(file.pwrite(bytes("x"), 0)).isEqualTo(1);
        }
        try (StorageFile file = storage.open(directory.resolve("journal"), Storage.Access.WRITE)) {
            assertThatThrownBy(() -> file.pwrite(bytes("x"), 0)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void aFaultEndsByItself() throws Exception {
        StorageFault over = StorageFault.parse("write eio 0ms");
        assertThat(over.concerns(directory)).isFalse();
        assertThat(StorageFault.parse("write eio 5m").concerns(directory)).isTrue();
    }

    @Test
    void readsWhatStandsInAFile() {
        List<StorageFault> faults =
                StorageFault.parse(List.of("# a night", "", "sync slow 500ms 30s in log-00", "all erofs", "none"));
        assertThat(faults).hasSize(2);
        assertThat(faults.getFirst().call()).isEqualTo(StorageFault.Call.SYNC);
        assertThat(faults.getFirst().kind()).isEqualTo(StorageFault.Kind.SLOW);
        assertThat(faults.getFirst().delay()).isEqualTo(Duration.ofMillis(500));
        assertThat(faults.getFirst().part()).isEqualTo("log-00");
        assertThat(faults.getLast().untilNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void saysWhatIsNotUnderstood() {
        for (String line :
                List.of("sync", "sync evil", "fsync eio", "sync slow", "sync eio 30 parsecs", "sync eio in")) {
            assertThatThrownBy(() -> StorageFault.parse(line))
                    .as(line)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(line);
        }
    }
}
