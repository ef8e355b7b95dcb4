package io.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Which strings the scanner asks its filter about, against the same rules as regular expressions. */
class SuspectsTest {

    private static final Pattern CANDIDATE = Pattern.compile("[@$%&']");
    private static final Pattern PART = Pattern.compile("[:=]");
    private static final Pattern ROW = Pattern.compile("[ -?]{7}|[0-9]{6}");
    private static final Pattern TWO_ROWS = Pattern.compile("[ -?]{6}.+?[ -?]{5}|[ -?]{5}.+?[ -?]{6}");
    private static final Pattern SHORT_ROW = Pattern.compile("[ -?]{4}");
    private static final Pattern DASHES = Pattern.compile("[ -/]..[ -/]..[ -?]..[ -?]..[ -?]");
    private static final Pattern TAX_CODE = Pattern.compile("[ -?]{2}.[ -?]{2}.[ -?]{3}");
    private static final Pattern UPPER = Pattern.compile("[@-_]");
    private static final String HTTPS = "https://";

    private static final String[] ALPHABETS = {
        "0123456789abcdef",
        "abcdefghijklmnopqrstuvwxyz-_.",
        "abcdefghijklmnopqrstuvwxyzABC /,.!?;<>",
        "ab01-",
        "abcdefghijklmnopqrstuvwxyz@:=$%&'()",
        "012345abcdefghij. -",
    };

    private final long seed = System.nanoTime();
    private final SplittableRandom random = new SplittableRandom(seed);
    private final Scanner scanner = new Scanner();

    @Test
    void asksAboutTheStringsOfTheRulesAndNoOthers() {
        int asked = 0;
        for (int i = 0; i < 200_000; i++) {
            String content = content(i, i % 8 == 0 ? 64 : 24);
            boolean expected = isSuspected(content);
            assertThat(asks(content)).as("%s, seed %d", content, seed).isEqualTo(expected);
            asked += expected ? 1 : 0;
        }
        assertThat(asked).isBetween(20_000, 180_000);
    }

    @Test
    void missesNothingInStringsThatAreLongerThanAWordHasBits() {
        for (int i = 0; i < 50_000; i++) {
            String content = content(i, 200);
            assertThat(asks(content) || !isSuspected(content))
                    .as("%s, seed %d", content, seed)
                    .isTrue();
        }
    }

    @Test
    void asksWithoutCandidatesAsPlainOnly() {
        for (int i = 0; i < 50_000; i++) {
            String content = content(i, 40);
            scanner.mark(new StringFilter() {
                @Override
                public boolean isMarkedName(byte[] bytes, int from, int to) {
                    return false;
                }

                @Override
                public int classes(byte[] bytes, int from, int to, boolean plain) {
                    assertThat(new String(bytes, from, to - from, StandardCharsets.US_ASCII))
                            .isEqualTo(content);
                    return plain ? 1 : 2;
                }
            });
            if (asks(content)) {
                assertThat(scanner.markClasses(0))
                        .as("%s, seed %d", content, seed)
                        .isEqualTo(CANDIDATE.matcher(content).find() ? 2 : 1);
            }
        }
    }

    /** Letters of western Europe are no candidates, and not of ASCII all the same. */
    @Test
    void asksAboutNothingBeyondAsciiAsPlain() {
        String alphabet = "0123456789/.- ABCxyz:=";
        boolean[] plain = new boolean[1];
        scanner.mark(new StringFilter() {
            @Override
            public boolean isMarkedName(byte[] bytes, int from, int to) {
                return false;
            }

            @Override
            public int classes(byte[] bytes, int from, int to, boolean isPlain) {
                plain[0] = isPlain;
                return 1;
            }
        });
        int asked = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder out = new StringBuilder(random.nextInt(4) == 0 ? HTTPS : "");
            for (int length = random.nextInt(30); length > 0; length--) {
                out.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            boolean ascii = i % 2 == 0;
            if (!ascii) {
                out.insert(random.nextInt(out.length() + 1), (char) (0xc0 + random.nextInt(0x40)));
            }
            plain[0] = false;
            if (asks(out.toString())) {
                asked++;
                assertThat(plain[0]).as("%s, seed %d", out, seed).isEqualTo(ascii);
            }
        }
        assertThat(asked).isPositive();
    }

    private String content(int i, int longest) {
        String alphabet = ALPHABETS[i % ALPHABETS.length];
        StringBuilder out = new StringBuilder(random.nextInt(4) == 0 ? HTTPS : "");
        for (int length = random.nextInt(longest + 1); length > 0; length--) {
            out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return out.toString();
    }

    private boolean asks(String content) {
        byte[] text = ('"' + content + '"').getBytes(StandardCharsets.UTF_8);
        scanner.reset(
                ScannerTest.padded(text, ScannerTest.PADDINGS.get(random.nextInt(ScannerTest.PADDINGS.size()))),
                text.length);
        assertThat(scanner.document(0)).isEqualTo(text.length);
        return scanner.marks() > 0;
    }

    private static boolean isSuspected(String content) {
        boolean url = content.startsWith(HTTPS);
        String rest = url ? content.substring(HTTPS.length()) : content;
        return CANDIDATE.matcher(rest).find()
                || PART.matcher(rest).find()
                || ROW.matcher(rest).find()
                || TWO_ROWS.matcher(rest).find()
                || rest.length() >= 16 && TAX_CODE.matcher(rest).find()
                || rest.length() >= 16 && UPPER.matcher(rest).find()
                || rest.length() > 16 && !url && SHORT_ROW.matcher(rest).find()
                || rest.length() > 16 && DASHES.matcher(rest).find();
    }
}
