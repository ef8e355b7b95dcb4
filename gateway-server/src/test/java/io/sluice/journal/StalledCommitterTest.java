package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.Clock;
import io.sluice.metrics.Metrics;
import io.sluice.ring.CommitRing;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A disk that does not come back from a sync. */
@Timeout(60)
final class StalledCommitterTest {

    @TempDir
    private Path root;

    private final CountDownLatch hung = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @Test
    void theTimeThatACommitterHangsInASyncIsToldAndEndsWithIt() throws Exception {
        JournalConfig config = new JournalConfig(
                root,
                256 * 1024,
                4 << 20,
                JournalConfig.Direct.OFF,
                JournalConfig.Ack.SYNCED,
                Duration.ofMillis(20),
                64 * 1024,
                1 << 20,
                null,
                JournalKeys.NONE,
                Duration.ofHours(26),
                false);
        try (Journal journal = Journal.open(config, storage(), Clock.system(), new Metrics(), TestJournal.GROUPS, 1)) {
            CommitRing ring = new CommitRing(1, 8, 1 << 16);
            journal.start(0, ring);
            TestProducer producer = new TestProducer(ring, 0, TestJournal.GROUPS, "p");
            assertThat(producer.flush(1, true)).isNotNull();
            hung.await();
            long first = journal.stalledNanos();
            long second;
            do {
                second = journal.stalledNanos();
            } while (second <= first);
            released.countDown();
            while (journal.stalledNanos() > 0) {
                Thread.onSpinWait();
            }
            producer.close();
        }
    }

    private Storage storage() {
        return hanging(Storage.class, new DiskStorage());
    }

    /** Everything as it is, but for the committer's syncs. */
    private <T> T hanging(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("sync")
                            && Thread.currentThread().getName().startsWith("sluice-committer")) {
                        hung.countDown();
                        released.await();
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        return result instanceof StorageFile file ? hanging(StorageFile.class, file) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
