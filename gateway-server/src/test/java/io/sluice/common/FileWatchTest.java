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
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Unless a test says otherwise, each content has another length, so that it is seen to be another. */
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

    /**
     * As Kubernetes changes a mounted configuration: the file is a link through a link to a directory. What it holds
     * then may be as long as before, and as old: two tokens of one archive.
     */
    @Test
    void theDirectoryBehindALinkIsSeenToBeAnother() throws IOException {
        for (String version : List.of("1", "2")) {
            Path of = Files.createDirectory(directory.resolve("version" + version));
            Path content = Files.writeString(of.resolve("mounted"), version);
            Files.setLastModifiedTime(content, FileTime.fromMillis(1_000_000_000_000L));
        }
        Path data = Files.createSymbolicLink(directory.resolve("data"), Path.of("version1"));
        Path mounted = Files.createSymbolicLink(directory.resolve("mounted"), Path.of("data/mounted"));
        files.set(0, mounted);
        watch.asRead();
        assertThat(watch.changed()).isFalse();
        Path next = Files.createSymbolicLink(directory.resolve("next"), Path.of("version2"));
        Files.move(next, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        assertThat(watch.changed()).isTrue();
        assertThat(watch.changed()).isFalse();
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
    void aLookThatFailsIsToldOnceAndNotTheLast(CleanLog.Expected log) throws InterruptedException {
        log.once("followed failed at a look, and looks again: java.lang.IllegalStateException at ");
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

    @Test
    void whatFailsOtherwiseOrAnewIsToldAgain(CleanLog.Expected log) {
        RuntimeException state = new IllegalStateException();
        RuntimeException argument = new IllegalArgumentException();
        List<RuntimeException> failures = new ArrayList<>();
        FileWatch failing = new FileWatch("test", () -> files, () -> {
            if (failures.getLast() != null) {
                throw failures.getLast();
            }
        });
        for (RuntimeException failure : Arrays.asList(state, state, argument, argument, null, null, argument)) {
            failures.add(failure);
            failing.lookOnce();
        }
        log.once("looks again: java.lang.IllegalStateException at ");
        log.once("looks again: java.lang.IllegalArgumentException at ");
        log.once("looks again: java.lang.IllegalArgumentException at ");
    }

    /** They are not asked for again, as after a look that failed before it knew of them. */
    @Test
    void aLookThatFailsAtFilesThatHaveChangedSaysSo(CleanLog.Expected log) throws IOException {
        AtomicReference<FileWatch> failing = new AtomicReference<>();
        failing.set(new FileWatch("test", () -> files, () -> {
            if (failing.get().changed()) {
                throw new IllegalStateException();
            }
        }));
        failing.get().lookOnce();
        failing.get().lookOnce();
        Files.writeString(file, "22");
        failing.get().lookOnce();
        failing.get().lookOnce();
        String told = "test failed at files that have changed, and tries them when they change again: java.lang";
        log.once(told);
        log.once(told);
    }

    @Test
    void filesThatCannotBeNamedAreAskedForAgain(CleanLog.Expected log) {
        AtomicReference<FileWatch> followed = new AtomicReference<>();
        List<Boolean> changes = new ArrayList<>();
        RuntimeException[] failure = {new IllegalStateException()};
        followed.set(new FileWatch(
                "test",
                () -> {
                    if (failure[0] != null) {
                        throw failure[0];
                    }
                    return files;
                },
                () -> changes.add(followed.get().changed())));
        followed.get().lookOnce();
        followed.get().lookOnce();
        log.once("test failed at a look, and looks again: ");
        failure[0] = null;
        followed.get().lookOnce();
        assertThat(changes).containsExactly(true);
    }
}
