package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.metrics.Metrics;
import io.sluice.record.Encoding;
import io.sluice.ring.Frame;
import io.sluice.testing.CleanLog;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class BlockAssemblerTest {

    private static final byte[] LINE = "{\"id\":1}\n".getBytes(StandardCharsets.US_ASCII);

    private final BlockMemory memory = new BlockMemory(4 << 20);
    private final BlockAssembler assembler = new BlockAssembler("log 0", memory, new Metrics().newCells());
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 10).order(ByteOrder.LITTLE_ENDIAN);

    @Test
    void aSealThatCannotBeReadCostsNeitherMemoryNorTheBlock(CleanLog.Expected log) {
        log.line("its SEAL is lost");
        data();
        seal(0, new byte[] {9, 0, 0, 0});
        int used = memory.usedBytes();
        assertThat(used).isPositive();
        // Nine entries of which none is there.
        assertThatThrownBy(() -> assembler.seal(buffer, 0, 3)).isInstanceOf(RuntimeException.class);
        assertThat(assembler.has(7)).isTrue();
        FoundBlock found = assembler.sealLost(7, 3);
        assertThat(found.bytes()).isEqualTo(ByteBuffer.wrap(LINE));
        assertThat(assembler.has(7)).isFalse();
        found.room().free();
        assertThat(memory.usedBytes()).isZero();
    }

    @Test
    void aBlockThatIsFoundIsNotFreedWithTheRest() {
        data();
        seal(Frame.FLAG_NO_SUMMARY, new byte[0]);
        FoundBlock found = assembler.seal(buffer, 0, 3);
        assembler.clear();
        assertThat(found.bytes()).isEqualTo(ByteBuffer.wrap(LINE));
        found.room().free();
        assertThat(memory.usedBytes()).isZero();
    }

    /** As when what follows failed, and is done again. */
    @Test
    void anOpenBlockCanBeClosedTwice() {
        data();
        BlockAssembler.Partial open = assembler.unsealed().getFirst();
        ByteBuffer first = open.closed(3).bytes();
        assertThat(open.closed(3).bytes()).isEqualTo(first).isEqualTo(ByteBuffer.wrap(LINE));
        assembler.clear();
        assertThat(memory.usedBytes()).isZero();
    }

    private void data() {
        buffer.put(Frame.HEADER_BYTES, LINE);
        frame(Frame.DATA, 0, 0, LINE.length);
        assembler.data(buffer, 0, 2);
    }

    private void seal(int flags, byte[] summary) {
        buffer.putShort(Frame.HEADER_BYTES, (short) 0);
        buffer.put(Frame.HEADER_BYTES + Short.BYTES, summary);
        frame(Frame.SEAL, flags, 1, Short.BYTES + summary.length);
    }

    private void frame(int type, int flags, int chunk, int payload) {
        int encoding = Encoding.NDJSON.id();
        Frame.write(buffer, 0, type, encoding, flags, 7, chunk, 0, 0, payload, 1, 1, LINE.length, 0, LINE.length, 0, 0);
    }
}
