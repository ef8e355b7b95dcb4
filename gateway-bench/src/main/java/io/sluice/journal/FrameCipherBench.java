package io.sluice.journal;

import io.sluice.intake.CpuTime;
import io.sluice.ring.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the committer does for a frame: plain, and with the journal encrypted. Run with {@code -prof gc}. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameCipherBench {

    private static final JournalKeys KEYS = JournalKeys.parse("5c".repeat(32));

    /** Of the payload: a small flush, one of 64 KiB raw, one that the disk has kept waiting. */
    @Param({"1000", "10000", "64000"})
    public int bytes;

    private final CRC32C crc = new CRC32C();
    private final FrameCipher cipher = new FrameCipher();
    private ByteBuffer source;
    private ByteBuffer target;
    private int offset;

    @Setup
    public void setUp() throws Exception {
        source = buffer();
        target = buffer();
        byte[] payload = Packed.make(1, 12 * bytes)[0].bytes();
        int length = Math.min(bytes, payload.length);
        source.put(Frame.HEADER_BYTES, payload, 0, length);
        crc.reset();
        crc.update(payload, 0, length);
        int crc32c = (int) crc.getValue();
        Frame.write(source, 0, Frame.DATA, 0, 0, 1, 0, 0, 1, length, 1, 1, 12L * length, 0, length, 0, crc32c);
        SegmentHeader header = new SegmentHeader(new UUID(1, 2), 0, 1, 7, 16 << 20, false, 4096, KEYS.writingId());
        cipher.segment(header, KEYS.segmentKey(header));
    }

    private ByteBuffer buffer() {
        return ByteBuffer.allocateDirect(Frame.HEADER_BYTES + bytes + Frame.TAG_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    @Benchmark
    public int plain(CpuTime cpu) {
        cpu.records++;
        int length = Frame.length(source, 0);
        target.put(0, source, 0, length);
        Frame.complete(target, 0, 7, crc);
        return length;
    }

    @Benchmark
    public int encrypted(CpuTime cpu) {
        cpu.records++;
        // A nonce that is used twice does no harm to bytes that are thrown away.
        return cipher.encrypt(source, 0, target, 0, offset++ & 0xffff, crc);
    }
}
