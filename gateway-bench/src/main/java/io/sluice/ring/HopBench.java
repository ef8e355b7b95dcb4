package io.sluice.ring;

import io.sluice.intake.CpuTime;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * From a loop to the committer and back, with a committer that does nothing: the ring with the strategy of our own, the
 * Disruptor with those that it brings, and a queue with a lock. One operation is a burst of tickets, after which the
 * loop sleeps until all are back, as it does in its selector. Records are tickets here.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class HopBench {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    @Param
    public Way way;

    @Param({"1", "32"})
    public int burst;

    private Hop hop;

    /** CPU time of the committer, which has a thread of its own. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Behind {

        public long behindNanos;

        private long before;

        @Setup(Level.Iteration)
        public void begin(HopBench bench) {
            before = THREADS.getThreadCpuTime(bench.hop.threadId());
        }

        @TearDown(Level.Iteration)
        public void end(HopBench bench) {
            behindNanos = THREADS.getThreadCpuTime(bench.hop.threadId()) - before;
        }
    }

    @Setup
    public void setUp() {
        hop = way.open(Thread.currentThread());
    }

    @Benchmark
    public long hop(CpuTime time, Behind behind) {
        time.records += burst;
        for (int i = 0; i < burst; i++) {
            hop.publish();
        }
        return await();
    }

    /** A thousand bursts a second: what waiting costs. */
    @Benchmark
    public long idle(CpuTime time, Behind behind) {
        long end = System.nanoTime() + IDLE_NANOS;
        long back = hop(time, behind);
        for (long left; (left = end - System.nanoTime()) > 0; ) {
            LockSupport.parkNanos(left);
        }
        return back;
    }

    private long await() {
        while (!hop.allBack()) {
            LockSupport.park(this);
        }
        return 0;
    }

    @TearDown
    public void tearDown() throws InterruptedException {
        hop.close();
    }
}
