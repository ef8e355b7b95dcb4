package io.sluice.journal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class PackedTest {

    private static final int RAW = 1 << 20;

    /** More than there are lines for, so that they begin again with the first. */
    private static final int COUNT = 9;

    @Test
    void eachIsOfWholeLinesOfSoManyBytes() throws IOException {
        Packed[] all = Packed.make(COUNT, RAW);
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        for (Packed packed : all) {
            stream.writeBytes(packed.bytes());
        }
        // Behind each other they are one stream, without its end.
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(stream.toByteArray()))) {
            for (Packed packed : all) {
                String lines = new String(in.readNBytes(packed.rawLength()), UTF_8);
                assertThat(packed.rawLength()).isBetween(RAW, RAW + 4 * Packed.LINE_BYTES);
                assertThat(lines).startsWith("{").endsWith("}\n");
                assertThat(lines.lines()).hasSize(packed.records());
                CRC32C crc = new CRC32C();
                crc.update(packed.bytes());
                assertThat(packed.crc32c()).isEqualTo((int) crc.getValue());
            }
        }
    }

    @Test
    void moreThanThereIsOfLinesIsRefused() {
        assertThatThrownBy(() -> Packed.make(1, 1 << 28))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a payload of 268435456 B of lines, expected at most ");
    }
}
