package io.sluice.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DiskStorageTest {

    private final DiskStorage storage = new DiskStorage();

    @TempDir
    private Path directory;

    @Test
    void readsBackWhatWasWrittenAtAnOffset() throws IOException {
        Path file = directory.resolve("file");
        try (StorageFile out = storage.open(file, Storage.Access.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap("hello".getBytes());
            assertThat(out.pwrite(bytes, 7)).isEqualTo(5);
            assertThat(bytes.hasRemaining()).isFalse();
            out.sync();
            assertThat(out.size()).isEqualTo(12);
        }
        try (StorageFile in = storage.open(file, Storage.Access.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(8);
            assertThat(in.pread(bytes, 6)).isEqualTo(6);
            assertThat(new String(bytes.array(), 1, 5)).isEqualTo("hello");
            assertThat(in.pread(bytes, 12)).isEqualTo(-1);
        }
    }

    @Test
    void writesPastThePageCacheOrSaysThatItCannot() throws IOException {
        Path file = directory.resolve("direct");
        ByteBuffer block = ByteBuffer.allocateDirect(3 * Storage.BLOCK_BYTES)
                .alignedSlice(Storage.BLOCK_BYTES)
                .limit(Storage.BLOCK_BYTES);
        for (int i = 0; i < Storage.BLOCK_BYTES; i++) {
            block.put(i, (byte) i);
        }
        try (StorageFile out = storage.open(file, Storage.Access.WRITE_DIRECT)) {
            out.pwrite(block, Storage.BLOCK_BYTES);
            out.sync();
        } catch (IOException e) {
            Assumptions.abort("no direct access on the file system of the temporary directory: " + e.getMessage());
        }
        byte[] bytes = Files.readAllBytes(file);
        assertThat(bytes).hasSize(2 * Storage.BLOCK_BYTES);
        assertThat(bytes[Storage.BLOCK_BYTES + 77]).isEqualTo((byte) 77);
    }

    @Test
    void doesNotMakeAFileToReadIt() {
        assertThatThrownBy(() -> storage.open(directory.resolve("none"), Storage.Access.READ))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void listsByNameAndNothingWhereThereIsNoDirectory() throws IOException {
        storage.createDirectories(directory.resolve("b/c"));
        Files.createFile(directory.resolve("a"));
        assertThat(storage.list(directory)).containsExactly(directory.resolve("a"), directory.resolve("b"));
        assertThat(storage.list(directory.resolve("none"))).isEmpty();
        assertThat(storage.list(directory.resolve("a"))).isEmpty();
    }

    @Test
    void renamesOverAnotherFileAndDeletesTwice() throws IOException {
        Path from = Files.writeString(directory.resolve("from"), "new");
        Path to = Files.writeString(directory.resolve("to"), "old");
        storage.rename(from, to);
        storage.syncDirectory(directory);
        assertThat(to).hasContent("new");
        assertThat(storage.exists(from)).isFalse();
        storage.delete(to);
        storage.delete(to);
        assertThat(storage.exists(to)).isFalse();
    }

    @Test
    void locksAFileOnce() throws Exception {
        Path file = directory.resolve("lock");
        Closeable lock = storage.tryLock(file);
        assertThat(lock).isNotNull();
        assertThat(storage.tryLock(file)).isNull();
        assertThat(new DiskStorage().tryLock(directory.resolve("./lock"))).isNull();
        lock.close();
        Closeable again = storage.tryLock(file);
        assertThat(again).isNotNull();
        again.close();
    }

    @Test
    void knowsTheSpaceOfADirectoryThatIsNotMadeYet() throws IOException {
        assertThat(storage.usableBytes(directory.resolve("x/y"))).isPositive();
    }

    private void needModes() throws IOException {
        Assumptions.assumeTrue(
                Files.getFileStore(directory).supportsFileAttributeView("posix"),
                "no modes of files on the file system of the temporary directory");
    }

    @Test
    void whatItMakesIsForItsUserAlone() throws IOException {
        needModes();
        Path log = directory.resolve("data/journal/log");
        storage.createDirectories(log);
        storage.open(log.resolve("written"), Storage.Access.WRITE).close();
        storage.tryLock(log.resolve("locked")).close();
        try {
            storage.open(log.resolve("direct"), Storage.Access.WRITE_DIRECT).close();
        } catch (IOException e) {
            // Not on this file system.
            Files.deleteIfExists(log.resolve("direct"));
        }
        try (Stream<Path> made = Files.walk(directory.resolve("data"))) {
            assertThat(made)
                    .hasSizeGreaterThanOrEqualTo(5)
                    .allSatisfy(path -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                            .isEqualTo(Files.isDirectory(path) ? "rwx------" : "rw-------"));
        }
    }

    @Test
    void whatIsThereKeepsItsMode() throws IOException {
        needModes();
        Path file = Files.createFile(directory.resolve("file"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        storage.open(file, Storage.Access.WRITE).close();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
    }

    @Test
    void aLockOfADeletedFileIsNone() throws IOException {
        Path file = directory.resolve("lock");
        try (FileChannel locked = FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            try (FileChannel named = DiskStorage.witness(locked, file)) {
                assertThat(named).isNotNull();
            }
            Files.delete(file);
            assertThat(DiskStorage.witness(locked, file)).isNull();
            Files.write(file, new byte[16]);
            assertThat(DiskStorage.witness(locked, file)).isNull();
        }
    }

    @Test
    void closingALockTwiceLeavesTheNextHolderAlone() throws IOException {
        Path file = directory.resolve("lock");
        Closeable first = storage.tryLock(file);
        first.close();
        try (Closeable second = storage.tryLock(file)) {
            assertThat(second).isNotNull();
            first.close();
            assertThat(storage.tryLock(file)).isNull();
        }
    }
}
