package io.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Those who run in the race for strings do the same. */
class StringScanTest {

    /** Each plain, one special now and then, or nothing but specials. */
    private static final String[] ALPHABETS = {
        "abcdefghijklmnopqrstuvwxyz-_.",
        "0123456789abcdef",
        "012345abcdefghij. -",
        "ab01-",
        "abcdefghijklmnopqrstuvwxyzABC /,.!?;<>[]^",
        "abcdefghijklmnopqrstuvwxyz@:=$%&'()#",
    };

    private static final String[] SPECIALS = {
        "\\n",
        "\\\"",
        "\\\\",
        "\\/",
        "\\u0040",
        "\\u00e9",
        "\\u00g0",
        "\\x",
        "\u00e9",
        "\u65e5",
        "\ud83d\ude00",
        "\t",
        "\u007f",
        "\u0000",
        "\u001f",
        "\\"
    };

    /** What stands around a string: of it, nobody may take anything for the string's. */
    private static final String BEHIND = "\"x:=@$A01-,}\\";

    /** Tells in the mark whether the string was said to be plain. */
    private static final StringFilter TELLS_PLAIN = new StringFilter() {
        @Override
        public boolean isMarkedName(byte[] bytes, int from, int to) {
            return false;
        }

        @Override
        public int classes(byte[] bytes, int from, int to, boolean plain) {
            return plain ? 1 : 2;
        }
    };

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final StringScan words = new StringsByWords();
    private final List<StringScan> others = List.of(new StringsByTable(), new StringsByVectors());
    private int failed;
    private int asked;

    @Test
    void answersTheSameForRandomStrings() {
        int strings = 100_000;
        for (int i = 0; i < strings; i++) {
            check(text());
        }
        // Neither kind is rare enough to be missing.
        assertThat(failed).isBetween(strings / 50, strings / 2);
        assertThat(asked).isBetween(strings / 10, strings * 9 / 10);
    }

    @Test
    void answersTheSameForBytesThatAreNoUtf8() {
        for (int i = 0; i < 50_000; i++) {
            byte[] text = text();
            for (int n = random.nextInt(3); n >= 0; n--) {
                text[random.nextInt(text.length - 1) + 1] = (byte) (0x80 | random.nextInt(0x80));
            }
            check(text);
        }
        assertThat(failed).isGreaterThan(25_000);
    }

    @Test
    void answersTheSameForEachByteAtEachPlace() {
        for (int length = 1; length <= 80; length++) {
            for (int at = 0; at < length; at++) {
                for (int c = 0; c < 256; c++) {
                    byte[] text = ("\"" + "x".repeat(length) + "\"").getBytes(StandardCharsets.ISO_8859_1);
                    text[1 + at] = (byte) c;
                    check(text);
                }
            }
        }
    }

    @Test
    void answersTheSameForAllThatTheBenchmarkScans() {
        List<Strings> all = new ArrayList<>(Strings.ofTraffic());
        all.addAll(Strings.ofTrafficShort());
        all.addAll(Strings.ofAgentsAndUrls());
        for (Strings body : all) {
            int end = body.scan(words);
            assertThat(end).isPositive();
            for (StringScan other : others) {
                assertThat(body.scan(other)).isEqualTo(end);
                assertThat(isSame(other, end)).isTrue();
            }
        }
    }

    /** Two or three alphabets in a row: quotes at both ends, the second of which may be missing. */
    private byte[] text() {
        StringBuilder text = new StringBuilder(random.nextInt(6) == 0 ? "\"https://" : "\"");
        int length = 1 + random.nextInt(random.nextInt(4) == 0 ? 200 : 24);
        boolean special = random.nextInt(3) == 0;
        for (String alphabet = any(ALPHABETS); length > 0; length--) {
            if (special && random.nextInt(10) == 0) {
                text.append(any(SPECIALS));
            } else {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            alphabet = random.nextInt(20) == 0 ? any(ALPHABETS) : alphabet;
        }
        return text.append(random.nextInt(20) == 0 ? "" : "\"").toString().getBytes(StandardCharsets.UTF_8);
    }

    private String any(String[] of) {
        return of[random.nextInt(of.length)];
    }

    /** The string stands somewhere in a text, behind whose end others stand that are none of its content. */
    private void check(byte[] string) {
        int from = random.nextInt(12);
        int end = from + string.length + (random.nextInt(4) == 0 ? 0 : random.nextInt(100));
        byte[] bytes = new byte[end + Scanner.PADDING + (random.nextBoolean() ? 0 : 64)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) BEHIND.charAt(random.nextInt(BEHIND.length()));
        }
        System.arraycopy(string, 0, bytes, from, string.length);
        int behind = scan(words, bytes, from, end);
        failed += behind == Scanner.FAILED ? 1 : 0;
        asked += words.scanner.marks();
        for (StringScan other : others) {
            if (scan(other, bytes, from, end) != behind || !isSame(other, behind)) {
                fail(other.getClass().getSimpleName() + " answers otherwise for " + Arrays.toString(string) + ", seed "
                        + seed);
            }
        }
    }

    private int scan(StringScan scan, byte[] bytes, int from, int end) {
        scan.scanner.mark(TELLS_PLAIN);
        scan.reset(bytes, end);
        return scan.string(from);
    }

    /** Whether it failed as the words did, and asked the filter what they asked, and how. */
    private boolean isSame(StringScan other, int behind) {
        Scanner expected = words.scanner;
        Scanner actual = other.scanner;
        boolean same = actual.marks() == expected.marks()
                && (behind != Scanner.FAILED
                        || actual.fault() == expected.fault() && actual.faultOffset() == expected.faultOffset());
        for (int i = 0; same && i < expected.marks(); i++) {
            same = actual.markFrom(i) == expected.markFrom(i)
                    && actual.markTo(i) == expected.markTo(i)
                    && actual.markClasses(i) == expected.markClasses(i);
        }
        return same;
    }
}
