package io.sluice.intake;

import io.sluice.protocol.FramedRequest;
import io.sluice.record.Encoding;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * All that one loop does between a body and its frames: copy, key, decode, scrub, stage, flush, frame, answer. One
 * operation is one body.
 *
 * <p>The real intake, ring and arena ({@link IntakeRig}); what is left out are sockets, and a committer that takes
 * time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class IntakeBench {

    @Param({"1", "10", "50", "500"})
    public int events;

    @Param({"ZSTD", "GZIP", "NDJSON"})
    public Encoding encoding;

    private final FramedRequest request = new FramedRequest();
    private Received received;
    private IntakeRig rig;

    @Setup
    public void setUp() {
        received = new Received(events);
        rig = new IntakeRig(encoding);
    }

    @Benchmark
    public int whole(CpuTime time) {
        time.records += events;
        received.next(request);
        return rig.take(request);
    }
}
