package io.sluice.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The encoder of level 1 against zlib's decoder, and against zlib's encoder where sizes are compared. */
class FastDeflateTest {

    private static final int WINDOW = 32 * 1024;
    private static final byte[] FLUSH_MARK = {0, 0, (byte) 0xff, (byte) 0xff};

    /** Kinds of input, each with its own way to strain a compressor. */
    private enum Kind {
        NOISE {
            @Override
            void fill(byte[] bytes, Random random) {
                random.nextBytes(bytes);
            }
        },
        FEW_LETTERS {
            @Override
            void fill(byte[] bytes, Random random) {
                int letters = 1 + random.nextInt(4);
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) ('a' + random.nextInt(letters));
                }
            }
        },
        RARE_LETTERS {
            @Override
            void fill(byte[] bytes, Random random) {
                // Counts like Fibonacci's numbers: the deepest trees that there are.
                for (int i = 0; i < bytes.length; i++) {
                    bytes[i] = (byte) Math.min(Integer.numberOfTrailingZeros(random.nextInt() | 1 << 30), 30);
                }
            }
        },
        LINES {
            @Override
            void fill(byte[] bytes, Random random) {
                byte[] lines = Samples.eventLines(random, bytes.length);
                System.arraycopy(lines, 0, bytes, 0, bytes.length);
            }
        },
        COPIES {
            @Override
            void fill(byte[] bytes, Random random) {
                random.nextBytes(bytes);
                for (int at = 1; at < bytes.length; ) {
                    // Often of the greatest length or one beside it, often from as far as a match may reach.
                    int length = 1 + random.nextInt(random.nextInt(3) == 0 ? 1000 : 12);
                    int most = Math.min(at, WINDOW + 3);
                    int distance =
                            random.nextInt(3) == 0 ? Math.max(1, most - random.nextInt(6)) : 1 + random.nextInt(most);
                    distance = Math.min(distance, at);
                    for (int i = 0; i < length && at < bytes.length; i++, at++) {
                        bytes[at] = bytes[at - distance];
                    }
                    at += random.nextInt(random.nextInt(8) == 0 ? 2000 : 6);
                }
            }
        },
        ALL_ALIKE {
            @Override
            void fill(byte[] bytes, Random random) {
                Arrays.fill(bytes, (byte) random.nextInt());
            }
        };

        abstract void fill(byte[] bytes, Random random);
    }

    @ParameterizedTest
    @EnumSource
    void decodesToWhatWentInWhateverItIsAndHoweverItIsCut(Kind kind) throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Checked stream = new Checked();
        for (int round = 0; round < 25; round++) {
            byte[] bytes = new byte[1 + random.nextInt(random.nextInt(4) == 0 ? 400_000 : 20_000)];
            kind.fill(bytes, random);
            stream.begin();
            int most = random.nextInt(3) == 0 ? 20 : 1 + random.nextInt(90_000);
            for (int from = 0; from < bytes.length && stream.chunks < 2_000; ) {
                int length = Math.min(bytes.length - from, 1 + random.nextInt(most));
                stream.chunk(bytes, from, length, kind + ", seed " + seed);
                from += length;
            }
        }
    }

    @Test
    void decodesMegabytesOfMixedInputInOneStream() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Checked stream = new Checked();
        for (int bytes = 0; bytes < 12_000_000; ) {
            byte[] part = new byte[1 + random.nextInt(random.nextInt(3) == 0 ? 150_000 : 3_000)];
            Kind.values()[random.nextInt(Kind.values().length)].fill(part, random);
            stream.chunk(part, 0, part.length, "seed " + seed);
            bytes += part.length;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {32 * 1024 - 1, 32 * 1024, 32 * 1024 + 1})
    void matchesAcrossFlushesAsFarBackAsTheFormatAllowsAndNoFurther(int distance) throws Exception {
        Random random = new Random(1);
        byte[] copied = new byte[64];
        random.nextBytes(copied);
        byte[] between = new byte[distance - copied.length];
        random.nextBytes(between);
        Checked stream = new Checked();

        stream.chunk(copied, 0, copied.length, "first");
        stream.chunk(between, 0, between.length, "between");
        int again = stream.chunk(copied, 0, copied.length, "again");

        if (distance <= WINDOW) {
            assertThat(again).isLessThan(copied.length / 2);
        } else {
            assertThat(again).isGreaterThan(copied.length);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {257, 258, 259, 260, 516, 65_536, 65_537})
    void writesRunsOfAnyLength(int length) throws Exception {
        byte[] bytes = new byte[length];
        Checked stream = new Checked();
        assertThat(stream.chunk(bytes, 0, length, "run")).isLessThan(24 + length / 500);
        stream.chunk(bytes, 0, length, "run again");
    }

    @Test
    void matchesStayRightWhenTheWindowMoves() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] period = Arrays.copyOf(Samples.eventLines(random, WINDOW), WINDOW - 100);
        Checked stream = new Checked();
        int first = stream.chunk(period, 0, period.length, "seed " + seed);
        for (int i = 0; i < 40; i++) {
            int part = 1 + random.nextInt(period.length);
            int written = stream.chunk(period, 0, part, "seed " + seed)
                    + stream.chunk(period, part, period.length - part, "seed " + seed);
            assertThat(written).as("seed %d, period %d", seed, i).isLessThan(first / 2);
        }
    }

    @Test
    void startsEachStreamWithoutMemoryOfTheOneBefore() throws Exception {
        byte[] bytes = new byte[1_000];
        new Random(2).nextBytes(bytes);
        Checked stream = new Checked();
        int first = stream.chunk(bytes, 0, bytes.length, "first");
        stream.begin();
        assertThat(stream.chunk(bytes, 0, bytes.length, "second")).isEqualTo(first);
    }

    @Test
    void storesNoiseAtFiveBytesABlock() throws Exception {
        Random random = new Random(3);
        Checked stream = new Checked();
        for (int length : new int[] {1_000, 65_535, 65_536, 200_000}) {
            byte[] noise = new byte[length];
            random.nextBytes(noise);
            int blocks = 2 + length / 32_768;
            assertThat(stream.chunk(noise, 0, length, "noise")).isLessThanOrEqualTo(length + 5 * blocks);
        }
    }

    @Test
    void isNeverMuchLargerThanZlibsLevelOne() throws Exception {
        Random random = new Random(4);
        byte[] lines = Samples.eventLines(random, 1_000_000);
        for (int size : new int[] {400, 1_500, 8_000, 64_000}) {
            Checked stream = new Checked();
            ZlibDeflate zlib = new ZlibDeflate(1);
            ByteBuffer dst = ByteBuffer.allocateDirect(2 * lines.length);
            int own = 0;
            for (int from = 0; from < lines.length; from += size) {
                int length = Math.min(size, lines.length - from);
                own += stream.chunk(lines, from, length, "size " + size);
                zlib.chunk(lines, from, length, dst);
            }
            zlib.close();
            assertThat((double) own / dst.position())
                    .as("at chunks of %d bytes", size)
                    .isLessThan(1.0);
        }
    }

    @Test
    void closesAtEveryFlushWithWhatRecoveryWrites() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] lines = Samples.eventLines(random, 120_000);
        try (BlockEncoder encoder = new GzipEncoder(1)) {
            ByteBuffer dst = ByteBuffer.allocateDirect(2 * lines.length + 64 * 1024);
            for (int from = 0; from < lines.length; ) {
                int end = Math.min(lines.length, from + 1 + random.nextInt(1_500));
                while (lines[end - 1] != '\n') {
                    end++;
                }
                encoder.encode(lines, from, end - from, dst);
                from = end;
                byte[] cut = Samples.bytes(dst.duplicate().flip());
                assertThat(Arrays.copyOfRange(cut, cut.length - 4, cut.length)).isEqualTo(FLUSH_MARK);
                byte[] closed = Samples.concat(cut, Encodings.trailer(Encoding.GZIP, encoder.crc32(), from));
                try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(closed))) {
                    assertThat(in.readAllBytes()).as("seed %d", seed).isEqualTo(Arrays.copyOf(lines, from));
                }
            }
        }
    }

    @Test
    void readsNothingBehindTheChunk() {
        byte[] lines = Samples.eventLines(new Random(5), 5_000);
        byte[] exact = Arrays.copyOf(lines, 3_000);
        byte[] followed = Arrays.copyOf(lines, 3_500);
        Arrays.fill(followed, 3_000, 3_500, "x".getBytes(StandardCharsets.US_ASCII)[0]);
        assertThat(packed(followed, 3_000)).isEqualTo(packed(exact, 3_000));
    }

    private static byte[] packed(byte[] bytes, int length) {
        FastDeflate deflate = new FastDeflate();
        ByteBuffer dst = ByteBuffer.allocateDirect(GzipEncoder.most(length));
        deflate.chunk(bytes, 0, length, dst);
        return Samples.bytes(dst.flip());
    }

    /** A stream that is decoded as it is written: after every flush all of its bytes must come out. */
    private static final class Checked {

        private final FastDeflate deflate = new FastDeflate();
        private final ByteBuffer dst = ByteBuffer.allocateDirect(GzipEncoder.most(500_000));
        private final byte[] decoded = new byte[500_000];
        private Inflater inflater = new Inflater(true);
        int chunks;

        void begin() {
            deflate.reset();
            inflater.end();
            inflater = new Inflater(true);
            chunks = 0;
        }

        /** @return bytes written */
        int chunk(byte[] bytes, int offset, int length, String what) throws DataFormatException {
            dst.clear().limit(GzipEncoder.most(length));
            deflate.chunk(bytes, offset, length, dst);
            dst.flip();
            int written = dst.remaining();
            inflater.setInput(dst);
            int read = 0;
            for (int n = 1; n > 0; read += n) {
                n = inflater.inflate(decoded, read, decoded.length - read);
            }
            int chunk = chunks++;
            assertThat(Arrays.equals(decoded, 0, read, bytes, offset, offset + length))
                    .as("chunk %d of %d bytes decodes, %s", chunk, length, what)
                    .isTrue();
            assertThat(inflater.finished()).isFalse();
            return written;
        }
    }
}
