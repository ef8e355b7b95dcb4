package io.sluice.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BlockReaderTest {

    @ParameterizedTest
    @EnumSource
    void readsBlocksBehindEachOtherHoweverSmallTheReads(Encoding encoding) throws IOException {
        byte[] lines = Samples.eventLines(new Random(1), 20_000);
        byte[] block = Samples.block(encoding, lines);
        InputStream drop = new FilterInputStream(new ByteArrayInputStream(Samples.concat(block, block, block))) {
            @Override
            public int read(byte[] dst, int offset, int length) throws IOException {
                return super.read(dst, offset, Math.min(length, 3));
            }
        };
        try (InputStream in = BlockReader.open(encoding, drop)) {
            assertThat(in.readAllBytes()).isEqualTo(Samples.concat(lines, lines, lines));
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsNothingFromNothing(Encoding encoding) throws IOException {
        assertThat(read(encoding, new byte[0])).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NDJSON")
    void refusesBlocksThatEndTooSoon(Encoding encoding) {
        byte[] block = Samples.block(encoding, "{\"event\":\"a\"}\n");
        for (int length = 1; length < block.length; length++) {
            byte[] cut = Samples.concat(block, Arrays.copyOf(block, length));
            assertThatThrownBy(() -> read(encoding, cut))
                    .as("cut at %d", length)
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NDJSON")
    void refusesWhatLiesBehindABlockAndIsNone(Encoding encoding) {
        byte[] block = Samples.block(encoding, "{\"event\":\"a\"}\n");
        byte[] followed = Samples.concat(block, new byte[] {'{', '"', 'a', '"', ':', '1', '}', '\n', 0, 0, 0, 0});
        assertThatThrownBy(() -> read(encoding, followed)).isInstanceOf(IOException.class);
    }

    @Test
    void refusesEveryGzipMemberWithAChangedByteInItsHeadOrTrailer() {
        byte[] block = Samples.block(Encoding.GZIP, "{\"event\":\"a\"}\n");
        for (int i : new int[] {0, 1, 2, 3, block.length - 8, block.length - 5, block.length - 4, block.length - 1}) {
            byte[] damaged = block.clone();
            damaged[i] ^= 0x40;
            assertThatThrownBy(() -> read(Encoding.GZIP, damaged))
                    .as("byte %d", i)
                    .isInstanceOf(IOException.class);
        }
    }

    @Test
    void readsMembersThatOthersWrote() throws IOException {
        byte[] lines = Samples.eventLines(new Random(2), 200_000);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(lines);
        }
        assertThat(read(Encoding.GZIP, packed.toByteArray())).isEqualTo(lines);
    }

    private static byte[] read(Encoding encoding, byte[] packed) throws IOException {
        try (InputStream in = BlockReader.open(encoding, new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }
}
