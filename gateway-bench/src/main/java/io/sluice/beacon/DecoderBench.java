package io.sluice.beacon;

import io.sluice.common.Uuid7;
import io.sluice.intake.Arrived;
import io.sluice.intake.CpuTime;
import io.sluice.metrics.Metrics;
import io.sluice.privacy.ScrubbedSink;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Outcome;
import io.sluice.record.LineBuffer;
import io.sluice.shop.Shop;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Each decoder, with the sink behind it that scrubs and writes lines. One operation is one request. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecoderBench {

    @Param
    public Arrived arrived;

    private final FramedRequest request = new FramedRequest();
    private final LineBuffer lines = new LineBuffer(96 * 1024);
    private final LineBuffer rejected = new LineBuffer(4096);
    private final Outcome outcome = new Outcome();
    private final Shop shop = new Shop("shop-0042", 0, Set.of());
    private final Decoders decoders = new Decoders(10_000, 256 * 1024);
    private ScrubbedSink sink;

    @Setup
    public void setUp() {
        Metrics metrics = new Metrics();
        sink = new ScrubbedSink(metrics, metrics.newCells(), new Uuid7(), new UUID(1, 2), 0, rejected);
    }

    @Benchmark
    public int decode(CpuTime time) {
        time.records += arrived.events();
        arrived.next(request);
        lines.clear();
        rejected.clear();
        outcome.clear();
        sink.begin(
                shop,
                arrived.protocol().id(),
                request.receivedMillis(),
                request.address(),
                request.addressLength(),
                request.userAgent().array(),
                request.userAgent().length(),
                lines);
        decoders.of(arrived.protocol()).decode(request, sink, outcome);
        int wanted = arrived.isGood() ? lines.lines() : rejected.lines();
        if (wanted != arrived.events()) {
            throw new IllegalStateException(wanted + " lines of " + arrived.events() + " events");
        }
        return lines.size();
    }
}
