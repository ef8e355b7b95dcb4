package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.JsonWriter;
import io.sluice.json.ReferenceJson;
import io.sluice.json.Scanner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScrubberTest {

    private static final Pattern PLAIN =
            Pattern.compile("[a-z0-9]@b\\.de(?![\\w.%-])", Pattern.UNICODE_CHARACTER_CLASS);

    private static final Pattern ESCAPE = Pattern.compile("%([0-9a-fA-F]{2})");

    private final Scrubber scrubber = new Scrubber(new Rules(Policy.strict()), null);

    static Stream<ReferenceJson.Object> found() throws IOException {
        return cases("found");
    }

    static Stream<ReferenceJson.Object> carriers() throws IOException {
        return cases("carriers");
    }

    static Stream<ReferenceJson.Object> untouched() throws IOException {
        return cases("untouched");
    }

    private static Stream<ReferenceJson.Object> cases(String kind) throws IOException {
        try (var in = ScrubberTest.class.getResourceAsStream("/privacy/emails.json")) {
            ReferenceJson.Object all = (ReferenceJson.Object) ReferenceJson.parse(in.readAllBytes());
            return ((ReferenceJson.Array) all.get(kind)).elements().stream().map(ReferenceJson.Object.class::cast);
        }
    }

    @ParameterizedTest
    @MethodSource("found")
    void removesJustTheAddressesOfEachCase(ReferenceJson.Object sample) {
        String text = sample.text("text");
        StringBuilder expected = new StringBuilder();
        int[] points = text.codePoints().toArray();
        int at = 0;
        for (ReferenceJson.Node node : ((ReferenceJson.Array) sample.get("spans")).elements()) {
            var span = ((ReferenceJson.Array) node).elements();
            int from = Integer.parseInt(((ReferenceJson.Word) span.get(0)).value());
            int to = Integer.parseInt(((ReferenceJson.Word) span.get(1)).value());
            expected.append(new String(points, at, from - at)).append("[email]");
            at = to;
        }
        expected.append(new String(points, at, points.length - at));
        for (Encoding encoding : Encoding.values()) {
            assertThat(scrub(text, encoding)).as(encoding.name()).isEqualTo(expected.toString());
        }
    }

    @ParameterizedTest
    @MethodSource("carriers")
    void removesTheAddressesOfEachCarrier(ReferenceJson.Object sample) {
        String value = sample.text("value");
        for (Encoding encoding : Encoding.values()) {
            assertThat(scrub(sample.text("text"), encoding))
                    .contains("[email]")
                    .doesNotContain(value, value.replace("@", "%40"), value.replace("@", "%2540"))
                    .doesNotContain(value.substring(value.indexOf('@') + 1));
        }
    }

    @ParameterizedTest
    @MethodSource("untouched")
    void leavesWhatOnlyLooksAlike(ReferenceJson.Object sample) {
        for (Encoding encoding : Encoding.values()) {
            assertThat(scrub(sample.text("text"), encoding)).isEqualTo(sample.text("text"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@",
                "@@",
                "a@",
                "@b.de",
                "me @ home.de",
                "5 @ 1.50",
                "@media print",
                "follow @shop.de",
                "user@localhost",
                "lodash@4.17.21",
                "vue@3.2.1/dist/vue.min.js",
                "logo@2x.png",
                "logo@3x.min.css",
                "/@user/profile",
                "100%40",
                "50%4",
                "%",
                "%4",
                "%2540",
                "a%40b",
                "caf%C3%A9@",
                "x@y",
                "a@.de",
                "a@-",
                "[@]",
                "\"@b.de",
                "https://maps.example/@52.52,13.40,15z",
                "@scope/pkg@1.2.3-beta.1",
                "%40media",
                "%E2%80%9Ex%40y"
            })
    void leavesOrdinaryTextWithAnAt(String text) {
        for (Encoding encoding : Encoding.values()) {
            assertThat(scrub(text, encoding)).isEqualTo(text);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jane@x.de | [email]",
                "mailto:jane@x.de?subject=1 | mailto:[email]?subject=1",
                "https://a.example/jane@x.de/orders | https://a.example/[email]/orders",
                "https://a.example/u/jane@x.de.html | https://a.example/u/[email].html",
                "https://a.example/?m=jane%40x.de&n=1 | https://a.example/?m=[email]&n=1",
                "https://a.example/?m=jane%2540x%252Ede&n=1 | https://a.example/?m=[email]&n=1",
                "u=https%3A%2F%2Fa.example%2F%3Fm%3Djane%2540x.de%26n%3D1 | u=https%3A%2F%2Fa.example%2F%3Fm%3D[email]%26n%3D1",
                "m=%6Aane%252525252540x.de | m=[email]",
                "m=jane%25%34%30x.de | m=[email]",
                "m=jane%4%30x.de | m=[email]",
                "a.b+c@sub.x.co.uk, d@y.org; e | [email], [email]; e",
                "Jane <jane@x.de>. | Jane <[email]>.",
                "'jane@x.de' | '[email]'",
                "jane@x.de. Next | [email]. Next",
                "jane@x.de@y.de | [email]@y.de",
                "„jane@x.de“ | „[email]“",
                "邮箱：jane@x.cn。 | 邮箱：[email]。",
                "jörg@müller.de | [email]",
                "j%C3%B6rg@m%C3%BCller.de | [email]",
                "https://user:secret@x.de/ | https://[secret]@x.de/",
                "a@b.c | [email]",
                "😀jane@x.de😀2 | [email]",
                "id=jane@example.com5&x | id=[email]&x",
                "jane@example.com123 | [email]",
                "jane@example.com%31. | [email].",
                "jane\\@example.com | [email]",
                "jane%5C%40example.com | [email]",
                "C:\\jane@example.com | C:[email]",
                "jane\u200b@example.com | [email]",
                "jane@\u200bexample.c\u00adom | [email]",
                "jane@example。com | [email]",
                "jane@example．com。| [email]。",
                "jane@x.cn。后面 | [email]。后面",
                "mª@x.es | [email]",
                "佐々木@x.jp | [email]",
                "jane@foo\u2011bar.de | [email]",
                "m=jane%u0040x.de%u002F | m=[email]%u002F",
                "m=jane%5Cu0040x.de | m=[email]",
                "m=jane%5c%75%30%30%34%30x.de | m=[email]",
                "{\"e\":\"jane\\u0040x.de\"} | {\"e\":\"[email]\"}",
                "{\\\"e\\\":\\\"jane\\\\u0040x.de\\\"} | {\\\"e\\\":\\\"[email]\\\"}",
                "{\"e\":\"to\\njane@x.de\\n\"} | {\"e\":\"to[email]\\n\"}",
                "{\"e\":\"\\\"jane doe\\\"@x.de\"} | {\"e\":\"[email]\"}",
            })
    void removesAddressesWhereTheyStand(String text, String expected) {
        for (Encoding encoding : Encoding.values()) {
            assertThat(scrub(text, encoding)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\u006aane\\u0040x.de",
                "jane\\u0040x\\u002ede",
                "jane\\u002540x.de",
                "jane%\\u0034\\u0030x.de",
                "jane%4\\u0030x.de",
                "jane%\\u00340x.de",
                "jane%2\\u00354\\u0030x.de",
                "\\\"jane\\\"@x.de",
                "jane\\\\u0040x.de",
                "jane\\\\\\\\u0040x.de",
                "jane\\\\u002540x.de",
                "jane\\\\\\u00750040x.de",
                "jane\\u005cu0040x.de",
                "jane\\\\u\\u0030040x.de",
                "jane\\\\u%30040x.de",
                "jane@x.d\\u0065",
            })
    void removesAddressesThatAreEscapedInJson(String literal) {
        assertThat(scrubLiteral("to:" + literal + "\\n")).isEqualTo("to:[email]\\n");
        assertThat(scrubLiteral("\\/" + literal)).isEqualTo("\\/[email]");
    }

    @Test
    void removesWhatIsTooLongToBeDelivered() {
        String local = "a".repeat(70_000);
        assertThat(scrub("<" + local + "@" + "b.".repeat(500) + "de>", Encoding.PLAIN))
                .isEqualTo("<[email]>");
    }

    @Test
    void removesQuotedLocalPartsOfAnyLength() {
        assertThat(scrub("to \"" + "x y ".repeat(1000) + "\"@x.de", Encoding.PLAIN))
                .isEqualTo("to [email]");
    }

    @Test
    void leavesWholeCharactersWhereEncodedBytesMeetRawOnes() {
        for (String text : new String[] {"%c2é@x.com", "%e2%80é@x.com", "a@x.com%c2é", "é%a9@x.com %e2%80é@x.com"}) {
            assertThat(scrub(text, Encoding.PLAIN)).contains("[email]").doesNotContain("@");
        }
    }

    @Test
    @Timeout(value = 10, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void cutsAUserAgentAtAWholeCharacterWhateverItHolds() {
        for (String start : new String[] {"%c2é@x.com ", "%e2%80é", "\"@x.com \\ \1"}) {
            byte[] header = (start + "aé ".repeat(300)).getBytes(StandardCharsets.ISO_8859_1);
            Piece piece = new Piece(64);
            AgentText.write(header, header.length, scrubber, piece);
            String agent = strict(piece.bytes, piece.length);
            assertThat(agent.length()).isGreaterThan(300);
            assertThat(ReferenceJson.parse("{" + agent.substring(1) + "}")).isNotNull();
        }
    }

    /** More digits in a row than are read at once, and where the text before had a number, an end of a word. */
    @Test
    void takesNothingOfTheTextBeforeForNumbers() {
        String words = "at " + "word ".repeat(11);
        String digits = "030123456789".repeat(4);
        String next = digits + " word word word word ";
        assertThat(next.charAt((words + "0301234567").length())).isEqualTo(' ');
        assertThat(scrub(words + "0301234567", Encoding.PLAIN)).isEqualTo(words + "[phone]");
        assertThat(scrub(next + "0301234567", Encoding.PLAIN)).isEqualTo(next + "[phone]");
    }

    /** Its first digits seem to be the escape of a character, in which the sign is one that looks like another. */
    @Test
    void removesCardsBehindFullWidthPercentSigns() {
        for (String card : new String[] {
            "\uff054111111111111111",
            "\uff05\uff14\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11\uff11"
        }) {
            assertThat(scrub("100" + card, Encoding.PLAIN)).contains("[card]");
        }
    }

    @Test
    void takesTimeInProportionToTheLength() {
        for (String unit : new String[] {
            "@", "a@", "%25", "%40", "\\u0025", "a.", "a@b.", "\"@", "%2", "a\"@", "\\\\", "\\\\@", "@[1", "\\\\u00",
            "é@", "%c2@"
        }) {
            String text = unit.repeat(400_000 / unit.length());
            assertThat(scrubLiteral(text.replace("\"", "\\\""))).isNotEmpty();
        }
    }

    @Test
    void countsWhatItFindsUntilThatIsForgotten() {
        scrub("a@x.de and b@x.de", Encoding.PLAIN);
        scrubber.found().clear();
        assertThat(scrubber.found().isEmpty()).isTrue();
        scrub("a@x.de and b%40x.de", Encoding.PLAIN);
        assertThat(scrubber.found().count(Kind.EMAIL)).isEqualTo(2);
        assertThat(scrubber.found().count(Kind.IP)).isZero();
    }

    @Test
    void writesValidJsonWithinItsBoundWhateverItIsGiven() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String[] pieces = {
            "a", "@", "b.de", ".", "%", "40", "25", "%40", "\\u0040", "\\u0025", "\\u00e9", "é", "\\\"", "\\\\", "„",
            "%C3", "%A9", "😀", "\\ud83d", "@[1]", " ", "-", "png", "0", "u", "\\n", "%c2", "%e2%80", "　", "%5C", "%u",
            "\\u005c", "\\u0075", "%75", "。", "\u200b"
        };
        for (int i = 0; i < 50_000; i++) {
            StringBuilder literal = new StringBuilder();
            for (int n = random.nextInt(12); n > 0; n--) {
                literal.append(pieces[random.nextInt(pieces.length)]);
            }
            String scrubbed = scrubLiteral(literal.toString());
            assertThat(ReferenceJson.parse("\"" + scrubbed + "\""))
                    .as("seed %d: %s", seed, literal)
                    .isNotNull();
            String text = ((ReferenceJson.Text) ReferenceJson.parse("\"" + scrubbed + "\"")).value();
            assertThat(PLAIN.matcher(decoded(text)).find())
                    .as("seed %d: %s", seed, literal)
                    .isFalse();
        }
    }

    /** Beneath all layers of percent-encoding, undone one by one. */
    private static String decoded(String text) {
        for (; ; ) {
            String next = ESCAPE.matcher(text)
                    .replaceAll(escape ->
                            Matcher.quoteReplacement(Character.toString(Integer.parseInt(escape.group(1), 16))));
            if (next.equals(text)) {
                return text;
            }
            text = next;
        }
    }

    private enum Encoding {
        PLAIN,
        /** Every character escaped. */
        ESCAPED
    }

    private String scrub(String text, Encoding encoding) {
        StringBuilder literal = new StringBuilder();
        for (char c : text.toCharArray()) {
            if (encoding == Encoding.ESCAPED || c < ' ') {
                literal.append("\\u%04x".formatted((int) c));
            } else {
                literal.append(c == '"' || c == '\\' ? "\\" : "").append(c);
            }
        }
        ReferenceJson.Node node = ReferenceJson.parse("\"" + scrubLiteral(literal.toString()) + "\"");
        return ((ReferenceJson.Text) node).value();
    }

    private String scrubLiteral(String literal) {
        byte[] content = literal.getBytes(StandardCharsets.UTF_8);
        byte[] src = Arrays.copyOf(content, content.length + Scanner.PADDING);
        Arrays.fill(src, content.length, src.length, (byte) '@');
        byte[] dst = new byte[scrubber.bound(content.length) + JsonWriter.SLACK];
        int end = scrubber.copy(src, 0, 0, content.length, dst, 0);
        assertThat(end).isLessThanOrEqualTo(scrubber.bound(content.length));
        return strict(dst, end);
    }

    private static String strict(byte[] utf8, int length) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(utf8, 0, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new AssertionError(new String(utf8, 0, length, StandardCharsets.ISO_8859_1), e);
        }
    }
}
