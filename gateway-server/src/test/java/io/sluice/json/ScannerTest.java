package io.sluice.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScannerTest {

    /** What would go on, close, or break each thing that a scanner can be in the middle of. */
    static final List<String> PADDINGS = List.of(
            "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"",
            "0000000000000000",
            "}}}}}}}}]]]]]]]]",
            "\"}]}]}]}]}]}]}]}",
            "e5e5e5e5e5e5e5e5",
            "alsenullrue     ",
            "\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000",
            ":1}:1}:1}:1}:1}:",
            "                ",
            "\\u0041\\u0041    ");

    /** The free cases that are accepted; docs/SCHEMA.md says why. */
    private static final Set<String> FREE_BUT_ACCEPTED = Set.of(
            "i_number_double_huge_neg_exp.json",
            "i_number_huge_exp.json",
            "i_number_neg_int_huge_exp.json",
            "i_number_pos_double_huge_exp.json",
            "i_number_real_neg_overflow.json",
            "i_number_real_pos_overflow.json",
            "i_number_real_underflow.json",
            "i_number_too_big_neg_int.json",
            "i_number_too_big_pos_int.json",
            "i_number_very_big_negative_int.json",
            "i_object_key_lone_2nd_surrogate.json",
            "i_string_1st_surrogate_but_2nd_missing.json",
            "i_string_1st_valid_surrogate_2nd_invalid.json",
            "i_string_incomplete_surrogate_and_escape_valid.json",
            "i_string_incomplete_surrogate_pair.json",
            "i_string_incomplete_surrogates_escape_valid.json",
            "i_string_invalid_lonely_surrogate.json",
            "i_string_invalid_surrogate.json",
            "i_string_inverted_surrogates_U+1D11E.json",
            "i_string_lone_second_surrogate.json");

    private static final String DAMAGE = "\"\\{}[],:0-.eu@%\u0001\u00c3\u00ed\u00f4\u0080";

    private final Scanner scanner = new Scanner();

    static Stream<Path> suite() throws IOException, URISyntaxException {
        return Files.list(Path.of(ScannerTest.class.getResource("/json/suite").toURI()))
                .sorted();
    }

    @ParameterizedTest
    @MethodSource("suite")
    void judgesEachCaseOfTheSuiteWhateverStandsBehindIt(Path file) throws IOException {
        String name = file.getFileName().toString();
        byte[] bytes = Files.readAllBytes(file);
        boolean expected = name.startsWith("y_") || FREE_BUT_ACCEPTED.contains(name);
        for (String padding : PADDINGS) {
            assertThat(accepts(bytes, padding)).as(padding).isEqualTo(expected);
        }
    }

    @Test
    void theSuiteIsThere() throws Exception {
        assertThat(suite().count()).isEqualTo(318);
    }

    @Test
    void judgesEveryPrefixOfASampleAsTheReferenceDoes() {
        String sample =
                " {\"id\" : \"a\\u00e9\\n\",\"é日😀\":[ -1.5e+10 , 0, 120, true,false,null,{},[],\"\" ],\"x\":{\"y\":\"%40@\"}} ";
        byte[] whole = sample.getBytes(StandardCharsets.UTF_8);
        for (int length = 0; length <= whole.length; length++) {
            byte[] prefix = Arrays.copyOf(whole, length);
            boolean expected = ReferenceJson.parse(prefix) != null;
            for (String padding : PADDINGS) {
                assertThat(accepts(prefix, padding))
                        .as("%d bytes, then %s", length, padding)
                        .isEqualTo(expected);
                if (!expected) {
                    assertThat(scanner.faultOffset()).isBetween(0, length);
                }
            }
            // And whatever would really have come.
            byte[] rest = Arrays.copyOf(whole, Math.max(whole.length, length + Scanner.PADDING));
            scanner.reset(rest.length < length + Scanner.PADDING ? Arrays.copyOf(rest, length + 16) : rest, length);
            assertThat(scanner.document(0) == length)
                    .as("%d bytes of the whole", length)
                    .isEqualTo(expected);
        }
    }

    @Test
    void judgesDamagedTextsAsTheReferenceDoes() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        RandomJson texts = new RandomJson(random, 4);
        int accepted = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = texts.value(5).getBytes(StandardCharsets.UTF_8);
            for (int damage = random.nextInt(3); damage > 0; damage--) {
                int at = random.nextInt(bytes.length);
                if (random.nextBoolean()) {
                    bytes[at] = (byte) DAMAGE.charAt(random.nextInt(DAMAGE.length()));
                } else {
                    bytes = Arrays.copyOf(bytes, Math.max(1, at));
                }
            }
            boolean expected = ReferenceJson.parse(bytes) != null;
            accepted += expected ? 1 : 0;
            assertThat(accepts(bytes, PADDINGS.get(i % PADDINGS.size())))
                    .as("seed %d, text %d: %s", seed, i, new String(bytes, StandardCharsets.UTF_8))
                    .isEqualTo(expected);
        }
        assertThat(accepted).isBetween(5_000, 19_000);
    }

    @Test
    void copiesAllButItsMarksAndMissesNoCandidate() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        RandomJson texts = new RandomJson(random, 3);
        for (int i = 0; i < 5_000; i++) {
            String text = texts.value(5);
            byte[] bytes = padded(text.getBytes(StandardCharsets.UTF_8), PADDINGS.get(i % PADDINGS.size()));
            int end = bytes.length - Scanner.PADDING;
            scanner.reset(bytes, end);
            assertThat(scanner.document(0)).as("seed %d: %s", seed, text).isEqualTo(end);
            StringBuilder copy = new StringBuilder();
            StringBuilder unmarked = new StringBuilder();
            int at = 0;
            for (int m = 0; m < scanner.marks(); m++) {
                int from = scanner.markFrom(m);
                int to = scanner.markTo(m);
                assertThat(from).isGreaterThanOrEqualTo(at);
                String between = new String(bytes, at, from - at, StandardCharsets.UTF_8);
                String marked = new String(bytes, from, to - from, StandardCharsets.UTF_8);
                copy.append(between);
                unmarked.append(between);
                if (bytes[from] == '"') {
                    copy.append(marked);
                    unmarked.append("\"\"");
                    assertThat(ReferenceJson.parse(marked)).isInstanceOf(ReferenceJson.Text.class);
                } else {
                    assertThat(marked).isBlank();
                }
                at = to;
            }
            String rest = new String(bytes, at, end - at, StandardCharsets.UTF_8);
            copy.append(rest);
            unmarked.append(rest);
            assertThat(ReferenceJson.parse(copy.toString()))
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(ReferenceJson.parse(text));
            assertThat(unmarked.toString()).as("seed %d: %s", seed, text).doesNotContain("@", "%", "\\u0041");
        }
    }

    @Test
    void seesAnyByteAtAnyPlaceOfAStringOfAnyLength() {
        for (int length = 0; length <= 40; length++) {
            for (int place = 0; place < length; place++) {
                for (int special = 0; special < 256; special++) {
                    byte[] bytes = new byte[length + 2];
                    Arrays.fill(bytes, (byte) 'x');
                    bytes[0] = '"';
                    bytes[length + 1] = '"';
                    bytes[place + 1] = (byte) special;
                    byte[] padded = padded(bytes, PADDINGS.get((length + place) % PADDINGS.size()));
                    scanner.reset(padded, bytes.length);
                    int behind = scanner.string(0);
                    int expected = special < ' ' || special >= 0x80 || special == '\\'
                            ? Scanner.FAILED
                            : special == '"' ? place + 2 : length + 2;
                    assertThat(behind)
                            .as("byte %d at %d of %d", special, place, length)
                            .isEqualTo(expected);
                    if (behind != Scanner.FAILED) {
                        // Upper case, and what stands beside it, in a string as long as a secret.
                        boolean suspected = special == '@'
                                || special == ':'
                                || special == '='
                                || special >= '$' && special <= '\''
                                || length >= 16 && special >= '@' && special <= '_';
                        assertThat(scanner.marks()).isEqualTo(suspected ? 1 : 0);
                    } else {
                        // A backslash before the last quote escapes it.
                        int fault = special != '\\' ? place + 1 : place + 1 == length ? length + 2 : place + 2;
                        assertThat(scanner.faultOffset()).isEqualTo(fault);
                    }
                }
            }
        }
    }

    @Test
    void takesNoNameForTheOneThatStoodInItsPlaceBefore() {
        List<String> names = new ArrayList<>();
        for (int length = 0; length <= 20; length++) {
            names.add("x".repeat(length));
            names.add("x".repeat(length) + "y");
            names.add("y" + "x".repeat(length));
            names.add("x".repeat(length) + "\\n");
            names.add("x".repeat(length) + "@");
        }
        Random random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            String name = names.get(random.nextInt(names.size()));
            String text = "{\"" + name + "\"" + (random.nextInt(4) == 0 ? " " : "") + ":1}";
            byte[] bytes = padded(text.getBytes(StandardCharsets.UTF_8), ":1}\":1}\":1}\":1}\"");
            scanner.reset(bytes, text.length());
            assertThat(scanner.name(1)).isEqualTo(text.length() - 2);
            assertThat(scanner.nameLength()).isEqualTo(name.length());
            if (scanner.tag() == Scanner.UNTAGGED) {
                scanner.tag(name.hashCode());
            } else {
                assertThat(scanner.tag()).isEqualTo(name.hashCode());
            }
            // Cut within the name, it is none.
            scanner.reset(bytes, 1 + random.nextInt(name.length() + 2));
            assertThat(scanner.name(1)).isEqualTo(Scanner.FAILED);
        }
    }

    @Test
    void takesNothingForANameBeforeItHasSeenAny() {
        byte[] noise = new byte[32];
        new Random(1).nextBytes(noise);
        for (byte[] bytes : new byte[][] {new byte[32], noise}) {
            for (int end = 0; end <= 16; end++) {
                Scanner fresh = new Scanner();
                fresh.reset(bytes, end);
                assertThat(fresh.name(0)).isEqualTo(Scanner.FAILED);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64})
    void takesNestingUpToTheLimit(int depth) {
        assertThat(accepts(
                        ("[".repeat(depth) + "]".repeat(depth)).getBytes(StandardCharsets.US_ASCII), PADDINGS.get(2)))
                .isTrue();
        String objects = "{\"a\":".repeat(depth) + "1" + "}".repeat(depth);
        assertThat(accepts(objects.getBytes(StandardCharsets.US_ASCII), PADDINGS.get(2)))
                .isTrue();
    }

    @Test
    void refusesNestingBeyondTheLimitAndFindsItsEndByBrackets() {
        String deep = "[".repeat(65) + "\"]\\\"]\"" + "]".repeat(65);
        byte[] bytes = padded((deep + ",1").getBytes(StandardCharsets.US_ASCII), PADDINGS.get(2));
        scanner.reset(bytes, deep.length() + 2);
        assertThat(scanner.value(0, 0)).isEqualTo(Scanner.FAILED);
        assertThat(scanner.fault()).isEqualTo(Fault.TOO_DEEP);
        assertThat(scanner.faultOffset()).isEqualTo(64);
        assertThat(scanner.skipLoosely(0)).isEqualTo(deep.length());
        scanner.reset(bytes, deep.length() - 1);
        assertThat(scanner.skipLoosely(0)).isEqualTo(Scanner.FAILED);
    }

    @Test
    void tellsBadUtf8FromBadGrammar() {
        byte[] bytes = padded(new byte[] {'"', 'a', (byte) 0xc3, '"'}, PADDINGS.getFirst());
        scanner.reset(bytes, 4);
        assertThat(scanner.document(0)).isEqualTo(Scanner.FAILED);
        assertThat(scanner.fault()).isEqualTo(Fault.INVALID_UTF8);
        assertThat(scanner.faultOffset()).isEqualTo(2);
    }

    private boolean accepts(byte[] content, String padding) {
        scanner.reset(padded(content, padding), content.length);
        int behind = scanner.document(0);
        assertThat(behind).isIn(content.length, Scanner.FAILED);
        return behind != Scanner.FAILED;
    }

    static byte[] padded(byte[] content, String padding) {
        byte[] bytes = Arrays.copyOf(content, content.length + Scanner.PADDING);
        for (int i = 0; i < Scanner.PADDING; i++) {
            bytes[content.length + i] = (byte) padding.charAt(i);
        }
        return bytes;
    }
}
