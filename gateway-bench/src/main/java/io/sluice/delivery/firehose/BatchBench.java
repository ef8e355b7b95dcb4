package io.sluice.delivery.firehose;

import io.sluice.aws.AwsConfig;
import io.sluice.aws.PutResult;
import io.sluice.aws.SdkFirehose;
import io.sluice.intake.CpuTime;
import io.sluice.intake.WrittenLines;
import io.sluice.journal.SealedBlock;
import io.sluice.record.Encoding;
import io.sluice.ring.BlockSummary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * From sealed blocks to a call that is under way: the batch alone, and the client's call, which marshals and signs on
 * the thread that calls. Beside them a copy, and what no client can do without: base64, and SHA-256 over that. CPU is
 * that of the calling thread; bytes allocated are those of all threads. One operation is one call of four blocks, or
 * of as many as fit; records are their lines.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class BatchBench {

    private static final long QUOTA = 1L << 40;

    /** The first call loads the SDK, which a busy machine takes long for. */
    private static final Duration TIMEOUT = Duration.ofMinutes(1);

    @Param({"65536", "262144", "1000000"})
    public int blockBytes;

    private final MessageDigest digest = sha256();
    private final ArrayBlockingQueue<PutResult> results = new ArrayBlockingQueue<>(1);
    private final List<ByteBuffer> records = new ArrayList<>();
    private long nowNanos;
    private SealedBlock block;
    private Lane lane;
    private byte[] copy;
    private byte[] text;
    private AcceptingServer server;
    private SdkFirehose client;

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has it", e);
        }
    }

    @Setup
    public void setUp() throws IOException {
        WrittenLines.Block made = WrittenLines.block(Encoding.GZIP, blockBytes);
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(made.bytes().length).put(made.bytes()).flip();
        block = new SealedBlock(
                new UUID(1, 2),
                0,
                1,
                "events",
                Encoding.GZIP,
                bytes.asReadOnlyBuffer(),
                made.records(),
                made.records() * 478L,
                0,
                0,
                new BlockSummary());
        Stream stream = new Stream("sluice-events", new Pacer(QUOTA, QUOTA, 0), new Random(1), 0);
        lane = new Lane(Encoding.GZIP, List.of(stream));
        copy = new byte[bytes.remaining()];
        bytes.get(0, copy);
        text = new byte[(bytes.remaining() + 2) / 3 * 4];
        for (int i = 0; i < Lane.MAX_BLOCKS; i++) {
            records.add(bytes.asReadOnlyBuffer());
        }
        server = new AcceptingServer(Lane.MAX_BLOCKS);
        System.setProperty("aws.accessKeyId", "lab");
        System.setProperty("aws.secretAccessKey", "lab");
        client = new SdkFirehose(
                new AwsConfig("us-east-1", server.url(), TIMEOUT), 32 << 20, FirehoseDestination.MAX_CALLS);
    }

    private void count(CpuTime time) {
        time.records += (long) Lane.MAX_BLOCKS * block.records();
    }

    @Benchmark
    public byte[] memcpy(CpuTime time) {
        count(time);
        for (int i = 0; i < Lane.MAX_BLOCKS; i++) {
            block.bytes().get(0, copy);
        }
        return copy;
    }

    @Benchmark
    public int batch(CpuTime time) {
        count(time);
        for (int i = 0; i < Lane.MAX_BLOCKS; i++) {
            lane.add(new Outgoing(block, lane, nowNanos));
        }
        int bytes = 0;
        while (lane.hasDue(nowNanos)) {
            for (Outgoing next : lane.nextBatch(lane.streams.getFirst(), nowNanos)) {
                bytes += next.bytes;
            }
        }
        return bytes;
    }

    @Benchmark
    public byte[] base64AndDigest(CpuTime time) {
        count(time);
        for (int i = 0; i < Lane.MAX_BLOCKS; i++) {
            Base64.getEncoder().encode(copy, text);
            digest.update(text);
        }
        return digest.digest();
    }

    /** Until its answer is there. */
    @Benchmark
    public PutResult call(CpuTime time) throws InterruptedException {
        count(time);
        client.put("sluice-events", records, this::ended);
        PutResult result = results.take();
        if (!(result instanceof PutResult.Answered)) {
            throw new IllegalStateException("not taken: " + result);
        }
        return result;
    }

    /**
     * On the calling thread, too: a small call may be answered while that still adds what is to run then, and who adds
     * to what is there already runs it. So nothing here may wait for the one that calls.
     */
    private void ended(PutResult result) {
        results.add(result);
    }

    @TearDown
    public void tearDown() throws IOException {
        client.close();
        server.close();
    }
}
