package io.sluice.common;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each content has another length, so that it is seen to be another. */
class FileWatchTest {

    @TempDir
    private Path directory;

    private final List<Path> files = new ArrayList<>();
    private final FileWatch watch = new FileWatch("test", () -> files, () -> {});
    private Path file;

    @BeforeEach
    void begin() throws IOException {
        file = Files.writeString(directory.resolve("file"), "1");
        files.add(file);
    }

    @Test
    void theFirstLookSaysThatTheyAreToBeReadUnlessTheyWereBefore() {
        assertThat(watch.changed()).isTrue();
        assertThat(watch.changed()).isFalse();

        FileWatch another = new FileWatch("test", () -> files, () -> {});
        another.asRead();
        assertThat(another.changed()).isFalse();
        assertThat(another.changedAndStill()).isFalse();
    }

    @Test
    void eachChangeIsSaidOnce() throws IOException {
        watch.asRead();
        Files.writeString(file, "22");
        assertThat(watch.changed()).isTrue();
        assertThat(watch.changed()).isFalse();
        // The same length at another time.
        Files.setLastModifiedTime(
                file, FileTime.fromMillis(Files.getLastModifiedTime(file).toMillis() + 1_000));
        assertThat(watch.changed()).isTrue();
        assertThat(watch.changed()).isFalse();
        Files.delete(file);
        assertThat(watch.changed()).isTrue();
        assertThat(watch.changed()).isFalse();
    }

    @Test
    void whatIsStillBeingWrittenIsWaitedFor() throws IOException {
        watch.asRead();
        Files.writeString(file, "22");
        assertThat(watch.changedAndStill()).isFalse();
        Files.writeString(file, "333");
        assertThat(watch.changedAndStill()).isFalse();
        assertThat(watch.changedAndStill()).isTrue();
        assertThat(watch.changedAndStill()).isFalse();
    }

    @Test
    void whatIsAsItWasBeforeItStoodStillIsNoChange() throws IOException {
        FileTime time = Files.getLastModifiedTime(file);
        watch.asRead();
        Files.writeString(file, "22");
        assertThat(watch.changedAndStill()).isFalse();
        Files.writeString(file, "1");
        Files.setLastModifiedTime(file, time);
        assertThat(watch.changedAndStill()).isFalse();
        assertThat(watch.changedAndStill()).isFalse();
    }

    /** As Kubernetes changes a mounted configuration: the file is a link through a link to a directory. */
    @Test
    void theDirectoryBehindALinkIsSeenToBeAnother() throws IOException {
        for (String version : List.of("1", "22")) {
            Path of = Files.createDirectory(directory.resolve("version" + version));
            Files.writeString(of.resolve("mounted"), version);
        }
        Path data = Files.createSymbolicLink(directory.resolve("data"), Path.of("version1"));
        Path mounted = Files.createSymbolicLink(directory.resolve("mounted"), Path.of("data/mounted"));
        files.set(0, mounted);
        watch.asRead();
        assertThat(watch.changed()).isFalse();
        Path next = Files.createSymbolicLink(directory.resolve("next"), Path.of("version22"));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        assertThat(watch.changed()).isTrue();
    }

    @Test
    void otherFilesAreAChange() throws IOException {
        watch.asRead();
        files.add(directory.resolve("none"));
        assertThat(watch.changed()).isTrue();
        Files.writeString(directory.resolve("none"), "");
        assertThat(watch.changed()).isTrue();
        assertThat(watch.changed()).isFalse();
    }

    @Test
    @Timeout(60)
    void aLookThatFailsIsToldAndNotTheLast(CleanLog.Expected log) throws InterruptedException {
        log.line("followed could not read its files, and looks again: java.lang.IllegalStateException");
        CountDownLatch looks = new CountDownLatch(3);
        FileWatch failing = new FileWatch(
                "followed",
                () -> files,
                () -> {
                    looks.countDown();
                    throw new IllegalStateException("a@example.com");
                },
                Duration.ofMillis(1));
        failing.start();
        looks.await();
        failing.close();
        // Which ends only if the thread does.
        failing.join();
    }
}
