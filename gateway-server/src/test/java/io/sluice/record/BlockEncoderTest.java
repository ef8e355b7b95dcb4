package io.sluice.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BlockEncoderTest {

    /** Every encoder there is: gzip has two, the own one of level 1 and zlib's. */
    static List<StreamGroup> groups() {
        return List.of(
                group(Encoding.NDJSON, 0), group(Encoding.GZIP, 1), group(Encoding.GZIP, 6), group(Encoding.ZSTD, 1));
    }

    private static StreamGroup group(Encoding encoding, int level) {
        return new StreamGroup(0, "events", encoding, level, "sluice-events", "events/");
    }

    @ParameterizedTest
    @MethodSource("groups")
    void decodesToItsLinesHoweverTheyWereCut(StreamGroup group) throws Exception {
        Encoding encoding = group.encoding();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (BlockEncoder encoder = BlockEncoders.create(group)) {
            for (int round = 0; round < 20; round++) {
                byte[] lines = Samples.eventLines(random, 1 + random.nextInt(400_000));
                byte[] block = encode(encoder, lines, random);
                assertThat(OtherReaders.library(encoding, block))
                        .as("seed %d", seed)
                        .isEqualTo(lines);
                assertThat(OtherReaders.tool(encoding, block))
                        .as("seed %d", seed)
                        .isEqualTo(lines);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("groups")
    void everyFlushedPrefixIsClosedByTheTrailerThatRecoveryMakes(StreamGroup group) throws Exception {
        Encoding encoding = group.encoding();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] lines = Samples.eventLines(random, 300_000);
        try (BlockEncoder encoder = BlockEncoders.create(group)) {
            ByteBuffer dst = ByteBuffer.allocateDirect(2 * lines.length + 64 * 1024);
            CRC32 crc = new CRC32();
            for (int from = 0, chunk = 0; from < lines.length; chunk++) {
                int end = chunkEnd(lines, from, random);
                int before = dst.position();
                assertThat(encoder.encode(lines, from, end - from, dst)).isEqualTo(dst.position() - before);
                crc.update(lines, from, end - from);
                from = end;

                assertThat(encoder.crc32()).isEqualTo((int) crc.getValue());
                assertThat(encoder.rawLength()).isEqualTo(from);
                byte[] closed = Samples.concat(
                        Samples.bytes(dst.duplicate().flip()), Encodings.trailer(encoding, encoder.crc32(), from));
                byte[] expected = Arrays.copyOf(lines, from);
                assertThat(OtherReaders.library(encoding, closed))
                        .as("seed %d", seed)
                        .isEqualTo(expected);
                if (chunk % 8 == 0) {
                    assertThat(OtherReaders.tool(encoding, closed))
                            .as("seed %d", seed)
                            .isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("groups")
    void writesTheTrailerThatRecoveryWouldWrite(StreamGroup group) {
        Encoding encoding = group.encoding();
        byte[] lines = Samples.eventLines(new Random(1), 10_000);
        try (BlockEncoder encoder = BlockEncoders.create(group)) {
            ByteBuffer dst = ByteBuffer.allocateDirect(encoder.bound(lines.length) + encoder.trailerBound());
            encoder.encode(lines, 0, lines.length, dst);
            byte[] expected = Encodings.trailer(encoding, encoder.crc32(), encoder.rawLength());
            int begin = dst.position();

            assertThat(encoder.writeTrailer(dst))
                    .isEqualTo(expected.length)
                    .isLessThanOrEqualTo(encoder.trailerBound());
            assertThat(Samples.bytes(dst.flip().position(begin))).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("groups")
    void hundredsOfBlocksBehindEachOtherDecodeAsOne(StreamGroup group) throws Exception {
        Encoding encoding = group.encoding();
        long seed = System.nanoTime();
        Random random = new Random(seed);
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        ByteArrayOutputStream object = new ByteArrayOutputStream();
        try (BlockEncoder one = BlockEncoders.create(group);
                BlockEncoder other = BlockEncoders.create(group)) {
            for (int i = 0; i < 500; i++) {
                byte[] part = i % 50 == 0
                        ? Samples.noise(random, 1 + random.nextInt(100_000))
                        : Samples.eventLines(random, 1 + random.nextInt(5_000));
                lines.writeBytes(part);
                object.writeBytes(encode(random.nextBoolean() ? one : other, part, random));
            }
        }
        assertThat(OtherReaders.library(encoding, object.toByteArray()))
                .as("seed %d", seed)
                .isEqualTo(lines.toByteArray());
        assertThat(OtherReaders.tool(encoding, object.toByteArray()))
                .as("seed %d", seed)
                .isEqualTo(lines.toByteArray());
    }

    @ParameterizedTest
    @MethodSource("groups")
    void beginsAnewAfterReset(StreamGroup group) throws Exception {
        Encoding encoding = group.encoding();
        Random random = new Random(2);
        byte[] forgotten = Samples.eventLines(random, 50_000);
        byte[] lines = Samples.eventLines(random, 50_000);
        try (BlockEncoder encoder = BlockEncoders.create(group)) {
            encoder.encode(forgotten, 0, forgotten.length, ByteBuffer.allocateDirect(encoder.bound(forgotten.length)));
            encoder.reset();

            assertThat(encoder.rawLength()).isZero();
            assertThat(encoder.crc32()).isZero();
            byte[] block = encode(encoder, lines, random);
            assertThat(OtherReaders.library(encoding, block)).isEqualTo(lines);
        }
    }

    @ParameterizedTest
    @MethodSource("groups")
    void writesTheSameBytesForTheSameChunks(StreamGroup group) {
        Encoding encoding = group.encoding();
        byte[] lines = Samples.eventLines(new Random(3), 100_000);
        try (BlockEncoder encoder = BlockEncoders.create(group)) {
            byte[] first = encode(encoder, lines, new Random(4));
            assertThat(encode(encoder, lines, new Random(4))).isEqualTo(first);
        }
    }

    @ParameterizedTest
    @EnumSource
    void neverWritesMoreThanItsBound(Encoding encoding) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int[] levels = encoding == Encoding.GZIP ? new int[] {1, 4, 6, 9} : new int[] {1, 3, 7};
        for (int level : encoding == Encoding.NDJSON ? new int[] {0} : levels) {
            StreamGroup group = new StreamGroup(0, "events", encoding, level, "s", "p/");
            try (BlockEncoder encoder = BlockEncoders.create(group)) {
                for (int size = 1; size <= 700_000; size += 1 + random.nextInt(1 + size / 4)) {
                    byte[] lines = difficult(random, size);
                    // A buffer of exactly the bound: one byte more would overflow it.
                    ByteBuffer dst = ByteBuffer.allocateDirect(encoder.bound(size));
                    int written = encoder.encode(lines, 0, size, dst);
                    assertThat(written).as("seed %d, size %d", seed, size).isLessThanOrEqualTo(encoder.bound(size));
                    if (random.nextInt(10) == 0) {
                        encoder.reset();
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("groups")
    void encodingAllocatesNothingThatGrowsWithItsInput(StreamGroup group) {
        Encoding encoding = group.encoding();
        // zstd-jni wraps its two buffers anew for each call of the native library, 64 to 250 bytes in all.
        long allowed = encoding == Encoding.ZSTD ? 512 : 0;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] lines = Samples.eventLines(new Random(5), 64 * 1024);
        int length = lineEnd(lines, 60_000);
        int rounds = 500;
        try (BlockEncoder encoder = BlockEncoders.create(group)) {
            ByteBuffer dst = ByteBuffer.allocateDirect(encoder.bound(length) + encoder.trailerBound());
            long perRound = Long.MAX_VALUE;
            // The first batch may run interpreted and load classes.
            for (int batch = 0; batch < 3 && perRound > allowed; batch++) {
                long before = threads.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < rounds; i++) {
                    encoder.encode(lines, 0, length, dst.clear());
                    if (i % 50 == 49) {
                        encoder.writeTrailer(dst.clear());
                    }
                }
                perRound = (threads.getCurrentThreadAllocatedBytes() - before) / rounds;
            }
            assertThat(perRound).isLessThanOrEqualTo(allowed);
        }
    }

    @Test
    void saysHowMuchMemoryAnEncoderTakesUp() {
        StreamGroup group = Samples.group(Encoding.ZSTD);
        assertThat(BlockEncoders.memoryBytes(group)).isBetween(1 << 20, 2 << 20);
        assertThat(BlockEncoders.memoryBytes(group(Encoding.GZIP, 6))).isBetween(256 << 10, 512 << 10);
        assertThat(BlockEncoders.memoryBytes(Samples.group(Encoding.NDJSON))).isZero();
    }

    @Test
    void gzipOfLevelOneTakesUpOnTheHeapWhatItSays() {
        int said = BlockEncoders.memoryBytes(group(Encoding.GZIP, 1));
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        // The first may load classes.
        for (int i = 0; i < 3; i++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            BlockEncoders.create(group(Encoding.GZIP, 1)).close();
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isBetween((long) said / 2, (long) said);
    }

    private static int lineEnd(byte[] lines, int from) {
        int end = from;
        while (lines[end - 1] != '\n') {
            end++;
        }
        return end;
    }

    /** Noise, noise with repeats, or bytes whose fixed codes have nine bits: what makes compressors grow. */
    private static byte[] difficult(Random random, int size) {
        byte[] lines = Samples.noise(random, size);
        switch (random.nextInt(3)) {
            case 0 -> {}
            case 1 -> {
                for (int i = 0; i + 1 < size; i++) {
                    lines[i] |= (byte) 0x90;
                }
            }
            default -> {
                for (int from = 64; from + 8 < size; from += 8 + random.nextInt(60)) {
                    System.arraycopy(lines, random.nextInt(from - 8), lines, from, 4);
                }
            }
        }
        return lines;
    }

    private static byte[] encode(BlockEncoder encoder, byte[] lines, Random random) {
        ByteBuffer dst = ByteBuffer.allocateDirect(2 * lines.length + 64 * 1024);
        for (int from = 0; from < lines.length; ) {
            int end = chunkEnd(lines, from, random);
            encoder.encode(lines, from, end - from, dst);
            from = end;
        }
        encoder.writeTrailer(dst);
        return Samples.bytes(dst.flip());
    }

    /** The end of a line behind {@code from}: mostly near, sometimes far. */
    private static int chunkEnd(byte[] lines, int from, Random random) {
        int end = Math.min(lines.length, from + 1 + random.nextInt(random.nextInt(4) == 0 ? 200_000 : 9_000));
        while (lines[end - 1] != '\n') {
            end++;
        }
        return end;
    }
}
