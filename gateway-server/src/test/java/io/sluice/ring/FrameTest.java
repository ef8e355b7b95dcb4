package io.sluice.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class FrameTest {

    private static final long GENERATION = 0x1234_5678_9abc_def0L;
    private static final int AT = 13;
    private static final int PAYLOAD = 100;
    private static final int END = AT + Frame.HEADER_BYTES + PAYLOAD;

    private final CRC32C crc = new CRC32C();

    @Test
    void everyFieldIsReadBack() {
        ByteBuffer buffer = frame();
        assertThat(Frame.verifies(buffer, AT, END, GENERATION, crc)).isTrue();
        assertThat(Frame.type(buffer, AT)).isEqualTo(Frame.DATA);
        assertThat(Frame.encoding(buffer, AT)).isEqualTo(2);
        assertThat(Frame.flags(buffer, AT)).isEqualTo(1);
        assertThat(Frame.block(buffer, AT)).isEqualTo(3L << 33);
        assertThat(Frame.chunk(buffer, AT)).isEqualTo(4);
        assertThat(Frame.group(buffer, AT)).isEqualTo(60_005);
        assertThat(Frame.policyVersion(buffer, AT)).isEqualTo(6);
        assertThat(Frame.payloadLength(buffer, AT)).isEqualTo(PAYLOAD);
        assertThat(Frame.length(buffer, AT)).isEqualTo(Frame.HEADER_BYTES + PAYLOAD);
        assertThat(Frame.records(buffer, AT)).isEqualTo(7);
        assertThat(Frame.blockRecords(buffer, AT)).isEqualTo(8);
        assertThat(Frame.blockRawLength(buffer, AT)).isEqualTo(9L << 34);
        assertThat(Frame.blockCrc32(buffer, AT)).isEqualTo(-10);
        assertThat(Frame.blockBytes(buffer, AT)).isEqualTo(11);
        assertThat(Frame.firstReceivedMillis(buffer, AT)).isEqualTo(12L << 35);
    }

    @Test
    void oneBitChangedAnywhereIsNoticed() {
        for (int bit = AT * 8; bit < END * 8; bit++) {
            ByteBuffer buffer = frame();
            buffer.put(bit / 8, (byte) (buffer.get(bit / 8) ^ 1 << bit % 8));
            assertThat(Frame.verifies(buffer, AT, END, GENERATION, crc))
                    .as("bit %d", bit)
                    .isFalse();
        }
    }

    @Test
    void aFrameOfAnotherGenerationOrCutShortDoesNotVerify() {
        ByteBuffer buffer = frame();
        assertThat(Frame.verifies(buffer, AT, END, GENERATION + 1, crc)).isFalse();
        for (int limit = 0; limit < END; limit++) {
            assertThat(Frame.verifies(buffer, AT, limit, GENERATION, crc))
                    .as("limit %d", limit)
                    .isFalse();
        }
        assertThat(Frame.verifies(ByteBuffer.allocate(4096), 0, 4096, 0, crc)).isFalse();
    }

    private ByteBuffer frame() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(512).order(ByteOrder.LITTLE_ENDIAN);
        Random random = new Random(5);
        for (int i = AT + Frame.HEADER_BYTES; i < END; i++) {
            buffer.put(i, (byte) random.nextInt());
        }
        int payloadCrc = Frame.payloadCrc(buffer, AT + Frame.HEADER_BYTES, PAYLOAD, crc);
        Frame.write(
                buffer,
                AT,
                Frame.DATA,
                2,
                1,
                3L << 33,
                4,
                60_005,
                6,
                PAYLOAD,
                7,
                8,
                9L << 34,
                -10,
                11,
                12L << 35,
                payloadCrc);
        Frame.complete(buffer, AT, GENERATION, crc);
        return buffer;
    }
}
