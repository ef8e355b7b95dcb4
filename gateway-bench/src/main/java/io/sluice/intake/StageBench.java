package io.sluice.intake;

import io.sluice.beacon.Decoder;
import io.sluice.beacon.Decoders;
import io.sluice.common.Uuid7;
import io.sluice.json.Scanner;
import io.sluice.metrics.Metrics;
import io.sluice.privacy.ScrubbedSink;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Outcome;
import io.sluice.protocol.Protocol;
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

/** The first stages of a request, each with those before it; one operation is one body. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StageBench {

    @Param({"1", "10", "50", "500"})
    public int events;

    private final FramedRequest request = new FramedRequest();
    private final Scanner scanner = new Scanner();
    private final LineBuffer lines = new LineBuffer(96 * 1024);
    private final LineBuffer rejected = new LineBuffer(4096);
    private final Outcome outcome = new Outcome();
    private final Shop shop = new Shop("shop-0042", 0, Set.of());
    private Received received;
    private ScrubbedSink sink;
    private Decoder decoder;

    @Setup
    public void setUp() {
        received = new Received(events);
        Metrics metrics = new Metrics();
        sink = new ScrubbedSink(metrics, metrics.newCells(), new Uuid7(), new UUID(1, 2), 0, rejected);
        decoder = new Decoders(10_000, 256 * 1024).of(Protocol.EVENTS);
    }

    /** What nobody can do without: the body is copied out of the socket's buffer. */
    @Benchmark
    public int copy(CpuTime time) {
        time.records += events;
        received.next(request);
        return request.body().length();
    }

    /** And validated: the floor of every decoder. */
    @Benchmark
    public int scan(CpuTime time) {
        time.records += events;
        received.next(request);
        scanner.reset(request.body().array(), request.body().length());
        int end = scanner.document(0);
        if (end == Scanner.FAILED) {
            throw new IllegalStateException("no JSON at " + scanner.faultOffset());
        }
        return end;
    }

    /** And decoded, scrubbed and written as lines. */
    @Benchmark
    public int write(CpuTime time) {
        time.records += events;
        received.next(request);
        lines.clear();
        outcome.clear();
        sink.begin(
                shop,
                "v1",
                request.receivedMillis(),
                request.address(),
                request.addressLength(),
                request.userAgent().array(),
                request.userAgent().length(),
                lines);
        decoder.decode(request, sink, outcome);
        if (lines.lines() != events) {
            throw new IllegalStateException(lines.lines() + " lines of " + events + " events");
        }
        return lines.size();
    }
}
