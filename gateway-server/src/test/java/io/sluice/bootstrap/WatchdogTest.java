package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.LoopHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WatchdogTest {

    private static final class FakeLoop implements LoopHandle {
        final Queue<Runnable> tasks = new ArrayDeque<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void afterIteration(Runnable task) {}

        @Override
        public void schedule(Runnable task, long delayNanos) {}

        @Override
        public boolean inLoop() {
            return false;
        }
    }

    private final FakeLoop loop = new FakeLoop();
    private final Watchdog watchdog = new Watchdog(Duration.ofSeconds(10), message -> {});

    @Test
    void aLoopThatBeatsIsNeverWedgedHoweverLongItIsIdle() {
        watchdog.watch("loop-0", loop);
        for (long second = 0; second < 100; second++) {
            assertThat(watchdog.check(TimeUnit.SECONDS.toNanos(second))).isEmpty();
            loop.tasks.remove().run();
        }
    }

    @Test
    void aLoopThatStandsStillIsNamedOnceTheTimeIsOver() {
        watchdog.watch("loop-0", loop);
        for (long second = 0; second <= 10; second++) {
            assertThat(watchdog.check(TimeUnit.SECONDS.toNanos(second))).isEmpty();
        }
        assertThat(watchdog.check(TimeUnit.SECONDS.toNanos(11))).containsExactly("loop-0 has stood still for 10 s");
        assertThat(loop.tasks).as("one heartbeat at a time").hasSize(1);
    }

    @Test
    void aDeadThreadIsNamed() {
        boolean[] alive = {true};
        watchdog.watch("committer", () -> alive[0]);
        assertThat(watchdog.check(0)).isEmpty();
        alive[0] = false;
        assertThat(watchdog.check(1)).containsExactly("committer has died");
    }

    @Test
    void aThreadThatIsTooLongAtOnePieceOfWorkIsNamed() {
        long[] busy = {0};
        watchdog.watchWork("committer", () -> busy[0]);
        assertThat(watchdog.check(0)).isEmpty();
        busy[0] = TimeUnit.SECONDS.toNanos(10);
        assertThat(watchdog.check(1)).isEmpty();
        busy[0]++;
        assertThat(watchdog.check(2)).containsExactly("committer has stood still for 10 s");
    }

    @Test
    void aProcessThatWasStoppedIsNotTakenForAThreadThatStandsStill() {
        watchdog.watch("loop-0", loop);
        long[] busy = {0};
        watchdog.watchWork("committer", () -> busy[0]);
        assertThat(watchdog.check(0)).isEmpty();
        for (long second = 60; second <= 70; second++) {
            busy[0] = TimeUnit.SECONDS.toNanos(second);
            assertThat(watchdog.check(TimeUnit.SECONDS.toNanos(second))).isEmpty();
        }
        // Whoever still stands still behind that is wedged.
        busy[0] = TimeUnit.SECONDS.toNanos(71);
        assertThat(watchdog.check(TimeUnit.SECONDS.toNanos(71)))
                .containsExactly("loop-0 has stood still for 10 s", "committer has stood still for 10 s");
    }

    @Test
    void whoStandsStillIsFoundHoweverOftenTheWatchdogIsAway() {
        watchdog.watch("loop-0", loop);
        long[] busy = {0};
        watchdog.watchWork("committer", () -> busy[0]);
        long second = 0;
        List<String> failed = watchdog.check(0);
        // Five seconds here, six seconds away.
        for (; failed.isEmpty() && second < 1000; ) {
            second += second % 11 == 5 ? 6 : 1;
            busy[0] = TimeUnit.SECONDS.toNanos(second);
            failed = watchdog.check(busy[0]);
        }
        assertThat(failed).containsExactly("loop-0 has stood still for 10 s", "committer has stood still for 10 s");
        assertThat(second).isEqualTo(2 * 11 + 1);
    }

    @Test
    void anAbsenceIsForgivenOnlyToThePieceOfWorkThatItFellInto() {
        long[] busy = {0};
        watchdog.watchWork("committer", () -> busy[0]);
        assertThat(watchdog.check(0)).isEmpty();
        busy[0] = TimeUnit.SECONDS.toNanos(60);
        assertThat(watchdog.check(TimeUnit.SECONDS.toNanos(60))).isEmpty();
        for (long second = 61; second <= 71; second++) {
            busy[0] = TimeUnit.SECONDS.toNanos(second - 61) + 1;
            assertThat(watchdog.check(TimeUnit.SECONDS.toNanos(second)).isEmpty())
                    .as("second %d", second)
                    .isEqualTo(second < 71);
        }
    }

    @Test
    void theTimeOfItsOwnTasksCounts() {
        watchdog.watch("loop-0", loop);
        assertThat(watchdog.check(0)).isEmpty();
        watchdog.sleeps(TimeUnit.SECONDS.toNanos(20));
        assertThat(watchdog.check(TimeUnit.SECONDS.toNanos(21))).containsExactly("loop-0 has stood still for 10 s");
    }

    @Test
    void nothingIsAskedAnyMoreOnceItIsClosed() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        AtomicBoolean mayGoOn = new AtomicBoolean();
        AtomicBoolean through = new AtomicBoolean();
        watchdog.watch("slow", () -> {
            entered.countDown();
            while (!mayGoOn.get()) {
                Thread.onSpinWait();
            }
            through.set(true);
            return true;
        });
        watchdog.start();
        entered.await();
        AtomicBoolean throughAtEnd = new AtomicBoolean();
        Thread closer = Thread.ofPlatform().start(() -> {
            watchdog.close();
            throughAtEnd.set(through.get());
        });
        while (closer.getState() != Thread.State.TIMED_WAITING && closer.isAlive()) {
            Thread.onSpinWait();
        }
        mayGoOn.set(true);
        closer.join();
        assertThat(throughAtEnd).isTrue();
    }
}
