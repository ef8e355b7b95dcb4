package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.LoopHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
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
        assertThat(watchdog.check(0)).isEmpty();
        assertThat(watchdog.check(TimeUnit.SECONDS.toNanos(10))).isEmpty();
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
}
