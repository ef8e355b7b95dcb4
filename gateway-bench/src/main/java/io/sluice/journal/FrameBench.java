package io.sluice.journal;

import io.sluice.intake.CpuTime;
import io.sluice.ring.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A frame: what the producer puts around packed bytes, then what the committer does with it. Beside it a copy, and
 * CRC-32 in place of CRC-32C. Records are the lines that are packed in it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FrameBench {

    /** Of lines: one request of 50 events, and a whole flush. */
    @Param({"24500", "65536"})
    public int rawBytes;

    private final CRC32C crc32c = new CRC32C();
    private final CRC32 crc32 = new CRC32();
    private Packed packed;
    private int length;
    private ByteBuffer arena;
    private ByteBuffer commit;

    @Setup
    public void setUp() {
        packed = Packed.make(1, rawBytes)[0];
        length = packed.bytes().length;
        arena = buffer();
        commit = buffer();
        arena.put(Frame.HEADER_BYTES, packed.bytes());
        produce();
    }

    private ByteBuffer buffer() {
        return ByteBuffer.allocateDirect(Frame.HEADER_BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private int produce() {
        int crc = Frame.payloadCrc(arena, Frame.HEADER_BYTES, length, crc32c);
        Frame.write(
                arena,
                0,
                Frame.DATA,
                1,
                0,
                1,
                0,
                0,
                1,
                length,
                packed.records(),
                packed.records(),
                packed.rawLength(),
                0,
                length,
                0,
                crc);
        return crc;
    }

    @Benchmark
    public ByteBuffer memcpy(CpuTime time) {
        time.records += packed.records();
        return commit.put(Frame.HEADER_BYTES, arena, Frame.HEADER_BYTES, length);
    }

    /** Checksum of the payload, and header. */
    @Benchmark
    public int frame(CpuTime time) {
        time.records += packed.records();
        return produce();
    }

    @Benchmark
    public long crc32(CpuTime time) {
        time.records += packed.records();
        crc32.reset();
        arena.position(Frame.HEADER_BYTES);
        crc32.update(arena);
        return crc32.getValue();
    }

    /** What the committer does: copied, and completed. */
    @Benchmark
    public int commit(CpuTime time) {
        time.records += packed.records();
        commit.put(0, arena, 0, Frame.HEADER_BYTES + length);
        Frame.complete(commit, 0, 7, crc32c);
        return length;
    }
}
