package io.sluice.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockStreamTest {

    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            names = {"GZIP", "ZSTD"})
    void showsTheSeamsBetweenBlocks(Encoding encoding) throws IOException {
        Random random = new Random(1);
        List<byte[]> blocks = new ArrayList<>();
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (int bytes : new int[] {1, 400, 65_536, 300_000, 1, 1_000_000, 17}) {
            byte[] lines = bytes > 100_000 ? Samples.noise(random, bytes) : Samples.eventLines(random, bytes);
            blocks.add(lines);
            packed.writeBytes(Samples.block(encoding, lines));
        }
        assertThat(read(packed.toByteArray(), random))
                .usingElementComparator(Arrays::compare)
                .containsExactlyElementsOf(blocks);
    }

    @ParameterizedTest
    @EnumSource(
            value = Encoding.class,
            names = {"GZIP", "ZSTD"})
    void reportsABlockThatIsCutOffAnywhere(Encoding encoding) throws IOException {
        byte[] first = Samples.block(encoding, "one\n");
        byte[] both = Samples.concat(first, Samples.block(encoding, "two\nthree\n"));
        for (int length = first.length + 1; length < both.length; length++) {
            byte[] cut = Arrays.copyOf(both, length);
            assertThatThrownBy(() -> read(cut, new Random(1)))
                    .as("%d bytes", length)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("at byte " + first.length);
        }
        assertThat(read(first, new Random(1))).hasSize(1);
    }

    @Test
    void headsOfGzipMayHaveEveryFieldThereIs() throws IOException {
        byte[] plain = Samples.block(Encoding.GZIP, "one\n");
        int all = 2 | 4 | 8 | 16;
        for (int flags = 0; flags < 32; flags++) {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            head.write(plain, 0, 3);
            head.write(flags);
            head.write(plain, 4, 6);
            if ((flags & 4) != 0) {
                head.writeBytes(new byte[] {3, 0, 'a', 0, 'b'});
            }
            if ((flags & 8) != 0) {
                head.writeBytes("events.ndjson\0".getBytes());
            }
            if ((flags & 16) != 0) {
                head.writeBytes("a comment\0".getBytes());
            }
            CRC32 crc = new CRC32();
            crc.update(head.toByteArray());
            if ((flags & 2) != 0) {
                head.write((int) crc.getValue());
                head.write((int) crc.getValue() >>> 8);
            }
            byte[] member = Samples.concat(head.toByteArray(), Arrays.copyOfRange(plain, 10, plain.length));
            assertThat(read(Samples.concat(member, plain), new Random(1)))
                    .as("flags %d", flags)
                    .hasSize(2)
                    .allSatisfy(block -> assertThat(block).asString().isEqualTo("one\n"));
            if (flags == all) {
                member[head.size() - 1] ^= 1;
                assertThatThrownBy(() -> read(member, new Random(1))).hasMessageContaining("CRC-16");
            }
        }
        plain[3] = 32;
        assertThatThrownBy(() -> read(plain, new Random(1))).hasMessageContaining("no head of gzip");
    }

    @Test
    void plainLinesAreOne() throws IOException {
        assertThat(read("{\"a\":1}\n{}\n".getBytes(), new Random(1))).hasSize(1);
        assertThat(read(new byte[0], new Random(1))).hasSize(1).allMatch(block -> block.length == 0);
    }

    private static List<byte[]> read(byte[] packed, Random random) throws IOException {
        List<byte[]> blocks = new ArrayList<>();
        try (BlockStream in = BlockStream.open(new ByteArrayInputStream(packed))) {
            byte[] buffer = new byte[100_000];
            while (in.nextBlock()) {
                ByteArrayOutputStream block = new ByteArrayOutputStream();
                for (int n; (n = in.readBlock(buffer, 3, 1 + random.nextInt(90_000))) >= 0; ) {
                    block.write(buffer, 3, n);
                }
                assertThat(in.readBlock(buffer, 0, 1)).isEqualTo(-1);
                blocks.add(block.toByteArray());
            }
        }
        return blocks;
    }
}
