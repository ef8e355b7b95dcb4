package io.sluice.intake;

import io.sluice.protocol.FramedRequest;
import io.sluice.record.Encoding;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.annotations.Threads;

/**
 * The intake on the loop, as it is, beside one on a thread behind each loop, to which received requests go over a ring
 * ({@link LaneThread}). Each with one loop and with two; CPU is that of loops and lanes, wall is that of the machine.
 * One operation is one body.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LaneBench {

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    @Param({"1", "50"})
    public int events;

    private Received received;

    @Setup
    public void setUp() {
        received = new Received(events);
    }

    /** All on the loop. */
    @State(Scope.Thread)
    public static class Inline {

        private final IntakeRig rig = new IntakeRig(Encoding.GZIP);
        private final FramedRequest request = new FramedRequest();
    }

    /** The lane of this loop, and its CPU time. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Behind {

        public long behindNanos;

        private LaneThread thread;
        private long before;

        @Setup
        public void open() {
            thread = new LaneThread(Thread.currentThread(), new IntakeRig(Encoding.GZIP));
        }

        @Setup(Level.Iteration)
        public void begin() {
            before = THREADS.getThreadCpuTime(thread.threadId());
        }

        @TearDown(Level.Iteration)
        public void end() {
            behindNanos = THREADS.getThreadCpuTime(thread.threadId()) - before;
        }

        @TearDown
        public void close() throws InterruptedException {
            thread.close();
        }
    }

    @Benchmark
    public int inline(CpuTime time, Inline loop) {
        time.records += events;
        received.next(loop.request);
        return loop.rig.take(loop.request);
    }

    @Benchmark
    @Threads(2)
    public int inline2(CpuTime time, Inline loop) {
        return inline(time, loop);
    }

    @Benchmark
    public int lane(CpuTime time, Behind behind) {
        time.records += events;
        received.next(behind.thread.awaitFree());
        return behind.thread.publish();
    }

    @Benchmark
    @Threads(2)
    public int lane2(CpuTime time, Behind behind) {
        return lane(time, behind);
    }
}
