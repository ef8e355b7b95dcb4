package io.sluice.intake;

import io.sluice.beacon.Decoder;
import io.sluice.beacon.Decoders;
import io.sluice.common.Position;
import io.sluice.common.Uuid7;
import io.sluice.metrics.Metrics;
import io.sluice.privacy.ScrubbedSink;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Outcome;
import io.sluice.protocol.Protocol;
import io.sluice.record.LineBuffer;
import io.sluice.shop.Shop;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
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

/**
 * The race for gzip: what packs lines at level 1 and can be flushed after any of them. Chunks of about 1, 8 and 64
 * KiB, each of them flushed; one block of all lines, 5.7 MB.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class GzipBench {

    /** Bytes in and out, which become the ratio, beside the time that they took. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Bytes {

        public long rawBytes;
        public long packedBytes;

        @Setup(Level.Iteration)
        public void clear() {
            rawBytes = 0;
            packedBytes = 0;
        }
    }

    private static final int LINES = 12_000;

    @Param({"OWN", "ZLIB", "ZSTD", "ISAL_1", "ISAL_0"})
    public Contender encoder;

    @Param({"1", "8", "64"})
    public int chunkKib;

    /** Events of a body: neighbours of one body share shop and visitor. */
    @Param({"50"})
    public int events;

    private final LineBuffer lines = new LineBuffer(1 << 20);
    private Contender.Packer packer;
    private ByteBuffer packed;

    @Setup
    public void setUp() {
        Received received = new Received(events);
        FramedRequest request = new FramedRequest();
        Metrics metrics = new Metrics();
        ScrubbedSink sink =
                new ScrubbedSink(metrics, metrics.newCells(), new Uuid7(), new UUID(1, 2), 0, new LineBuffer(64));
        Decoder decoder = new Decoders(10_000, 256 * 1024).of(Protocol.EVENTS);
        Random random = new Random(1);
        while (lines.lines() < LINES) {
            received.next(request);
            Shop shop = new Shop("shop-" + (10_000 + random.nextInt(3_000)), 0, Set.of());
            sink.begin(
                    shop,
                    "v1",
                    request.receivedMillis(),
                    request.address(),
                    request.addressLength(),
                    request.userAgent().array(),
                    request.userAgent().length(),
                    lines);
            decoder.decode(request, sink, new Outcome());
        }
        for (int line = 0; line < lines.lines(); line++) {
            Position.writeSuffix(lines.array(), lines.hole(line), 7, line);
        }
        packer = encoder.open();
        packed = ByteBuffer.allocateDirect(2 * lines.size()).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** One block of all lines. */
    @Benchmark
    public int block(CpuTime time, Bytes bytes) {
        packed.clear();
        for (int line = 0, end; line < lines.lines(); line = end) {
            int from = lines.start(line);
            end = line + 1;
            while (end < lines.lines() && lines.end(end) - from <= chunkKib * 1024) {
                end++;
            }
            packer.chunk(lines.array(), from, lines.end(end - 1) - from, packed);
        }
        packer.reset();
        time.records += lines.lines();
        bytes.rawBytes += lines.size();
        bytes.packedBytes += packed.position();
        return packed.position();
    }

    @TearDown
    public void tearDown() {
        packer.close();
    }
}
