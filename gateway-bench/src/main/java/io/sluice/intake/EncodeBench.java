package io.sluice.intake;

import com.github.luben.zstd.ZstdCompressCtx;
import io.sluice.beacon.Decoder;
import io.sluice.beacon.Decoders;
import io.sluice.common.Uuid7;
import io.sluice.metrics.Metrics;
import io.sluice.privacy.ScrubbedSink;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Outcome;
import io.sluice.protocol.Protocol;
import io.sluice.record.BlockEncoder;
import io.sluice.record.BlockEncoders;
import io.sluice.record.Encoding;
import io.sluice.record.LineBuffer;
import io.sluice.record.StreamGroup;
import io.sluice.shop.Shop;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The encoder alone, on lines that were written beforehand: chunks of about 64 KiB, flushed one by one. And the library
 * at the same settings on whole blocks, without flushes, checksum, or the arrays of the JVM. For zstd that is a bound.
 * For gzip it is zlib, which the encoder is no more, and an alternative; {@link GzipBench} is the race between them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class EncodeBench {

    /** Of 478 bytes: about 64 KiB. */
    private static final int CHUNK_LINES = 136;

    private static final int BODIES = 240;
    private static final int EVENTS = 50;
    private static final int CHUNKS = BODIES * EVENTS / CHUNK_LINES;
    private static final int BLOCK_RAW_BYTES = 5 << 20;
    /** About 1 MB. */
    private static final int LIBRARY_LINES = 15 * CHUNK_LINES;

    private static final int LIBRARY_BLOCKS = BODIES * EVENTS / LIBRARY_LINES;

    @Param({"ZSTD", "GZIP", "NDJSON"})
    public Encoding encoding;

    private final LineBuffer lines = new LineBuffer(1 << 20);
    private BlockEncoder encoder;
    private ByteBuffer packed;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx();
    private final Deflater deflater = new Deflater(1, true);
    private ByteBuffer direct;
    private ByteBuffer libraryPacked;
    private int block;
    private int chunk;
    private long rawBytes;
    private long packedBytes;

    @Setup
    public void setUp() {
        Received received = new Received(EVENTS);
        FramedRequest request = new FramedRequest();
        Metrics metrics = new Metrics();
        ScrubbedSink sink =
                new ScrubbedSink(metrics, metrics.newCells(), new Uuid7(), new UUID(1, 2), 0, new LineBuffer(64));
        Decoder decoder = new Decoders(10_000, 256 * 1024).of(Protocol.EVENTS);
        Shop shop = new Shop("shop-0042", 0, Set.of());
        for (int i = 0; i < BODIES; i++) {
            received.next(request);
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
        encoder = BlockEncoders.create(new StreamGroup(0, "events", encoding, 1, "sluice-events", "events/"));
        packed = ByteBuffer.allocateDirect(encoder.bound(256 * 1024) + encoder.trailerBound())
                .order(ByteOrder.LITTLE_ENDIAN);
        direct = ByteBuffer.allocateDirect(lines.size())
                .put(lines.array(), 0, lines.size())
                .flip();
        libraryPacked = ByteBuffer.allocateDirect(lines.size());
        // As the gateway's encoder has it.
        zstd.setLevel(1).setWindowLog(19).setHashLog(13).setChecksum(false).setContentSize(false);
    }

    @Benchmark
    @OperationsPerInvocation(LIBRARY_LINES)
    public int library(CpuTime time) {
        time.records += LIBRARY_LINES;
        int from = lines.start(block * LIBRARY_LINES);
        int to = lines.end((block + 1) * LIBRARY_LINES - 1);
        block = block + 1 == LIBRARY_BLOCKS ? 0 : block + 1;
        direct.limit(to).position(from);
        libraryPacked.clear();
        switch (encoding) {
            case ZSTD -> zstd.compress(libraryPacked, direct);
            case GZIP -> {
                deflater.reset();
                deflater.setInput(direct);
                deflater.finish();
                deflater.deflate(libraryPacked);
            }
            case NDJSON -> libraryPacked.put(direct);
        }
        rawBytes += to - from;
        packedBytes += libraryPacked.position();
        return libraryPacked.position();
    }

    @Benchmark
    @OperationsPerInvocation(CHUNK_LINES)
    public int encode(CpuTime time) {
        time.records += CHUNK_LINES;
        int from = lines.start(chunk * CHUNK_LINES);
        int to = lines.end((chunk + 1) * CHUNK_LINES - 1);
        chunk = chunk + 1 == CHUNKS ? 0 : chunk + 1;
        packed.clear();
        int bytes = encoder.encode(lines.array(), from, to - from, packed);
        rawBytes += to - from;
        packedBytes += bytes;
        if (encoder.rawLength() > BLOCK_RAW_BYTES) {
            encoder.writeTrailer(packed);
        }
        return bytes;
    }

    @TearDown
    public void tearDown() {
        System.out.printf(" (ratio %.2f) ", (double) rawBytes / packedBytes);
        encoder.close();
        zstd.close();
        deflater.end();
    }
}
