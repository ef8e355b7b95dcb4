package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.JsonWriter;
import io.sluice.json.Scanner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The way that strings go (suspected by the scanner, classed by the sieve, looked at by the detectors that it names)
 * against the long way: each string decoded, and all detectors over all of it. Both must leave the same bytes, or the
 * short way less.
 */
class SieveTest {

    private static final int ALL =
            Sieve.AT | Sieve.NUMBER | Sieve.COLONS | Sieve.TOKEN | Sieve.PARAMETER | Sieve.MEMBER;

    /** Random texts of each kind; a few seconds in all. */
    private static final int TEXTS = Integer.getInteger("sluice.sieve.texts", 150_000);

    private static final List<String> CORPORA =
            List.of("presidio", "validator", "faker", "isemail", "phone", "carriers", "negatives");

    private final Rules rules = new Rules(Policy.strict());
    private final Scrubber scrubber = new Scrubber(rules, null);
    private final MarkedCopy copy = new MarkedCopy(scrubber);
    private final Scanner scanner = new Scanner();
    private final DecodedText decoded = new DecodedText();
    private final Replacement replacement = new Replacement(null);
    private final Allowance allowance = new Allowance();
    private final Finder finder = new Finder(allowance);
    private final Text text = new Text();

    private final long seed = Long.getLong("sluice.sieve.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    /** What stands before the quote of the text. */
    private String head = "";

    private byte[] src = new byte[1 << 16];
    private final byte[] dst = new byte[1 << 18];

    @ParameterizedTest
    @EnumSource(Carrier.class)
    void leavesOutNothingOfTheCorpora(Carrier carrier) {
        // The last only as it stands: a secret that a blank cuts in two is none that the short way knows.
        List<String> corpora = new ArrayList<>(CORPORA);
        corpora.add("handmade");
        for (String corpus : corpora) {
            for (Corpora.Sample sample : Corpora.load(corpus)) {
                compare(carrier.encode(sample.text()));
                for (String value : sample.values()) {
                    compare(carrier.encode(value));
                    compare("https://shop.example/p?x=1&y=" + carrier.encode(value) + "&z=3");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Carrier.class)
    void leavesOutNothingOfWhatIsMadeOfTheCorpora(Carrier carrier) {
        List<String> values = new ArrayList<>();
        for (String corpus : CORPORA) {
            for (Corpora.Sample sample : Corpora.load(corpus)) {
                values.addAll(sample.values().isEmpty() ? List.of(sample.text()) : sample.values());
            }
        }
        for (int i = 0; i < TEXTS / 10; i++) {
            compare(carrier.encode(mutated(values.get(random.nextInt(values.size())))));
        }
    }

    @Test
    void leavesOutNothingOfRandomTexts() {
        String[] alphabets = {
            "0123456789 -./()+",
            "0123456789abcdefABCDEF",
            "0123456789abcdef-",
            "0123456789.:abcdef%",
            "0123456789ABCDEFGHXYZ -",
            "01aZ@.%45=&;#\\u\\\\n \u00e9\uff10",
            "0123456789&#;x%40\\\\+ ",
            "0000111122223333444455556666777788889999abcXTZ.-_",
            "0123456789/-. \u00c0\u00df\u00ef\u00f7\u00ff"
        };
        for (int i = 0; i < TEXTS; i++) {
            String words = random.nextInt(4) == 0 ? words() : "";
            int length = 1 + random.nextInt(i % 8 == 0 ? 150 : 40);
            compare(words + Carrier.json(random(alphabets[i % alphabets.length], length)));
        }
    }

    /** Digits and letters in the shapes of numbers, within other text, at each distance from the end of a block. */
    @Test
    void leavesOutNothingOfRandomShapes() {
        String[] around = {"", " ", "-", "x", "7", "/", "_", ".", "id ", "tel ", "\u00e9"};
        for (int i = 0; i < TEXTS; i++) {
            StringBuilder out = new StringBuilder();
            out.append("abc def ".repeat(random.nextInt(12)), 0, 0);
            out.append("word/".repeat(random.nextInt(16)));
            out.append(around[random.nextInt(around.length)]);
            for (int part = 0, parts = 1 + random.nextInt(4); part < parts; part++) {
                int length = 1 + random.nextInt(part == 0 ? 9 : 5);
                out.append(random(random.nextInt(3) == 0 ? "ABCTWXYZabctwxyzDE" : "0123456789", length));
                out.append(random.nextInt(3) == 0 ? random(" -./", 1) : "");
            }
            compare(out.append(around[random.nextInt(around.length)]).toString());
        }
    }

    /** With nothing beside it that the scanner would suspect, and at each place of a word and of a block. */
    @Test
    void leavesOutNothingThatStandsAlone() {
        String[] values = {
            "?email=maxmuster",
            "00-1a-2b-3c-4d-5e",
            "030 123456",
            "+4930123456",
            "203.0.113.77",
            "4111-1111-1111-1111",
            "{\\\"password\\\":\\\"x\\\"}",
            "%22password%22%3a%22x%22",
            "&quot;password&quot;&colon;&quot;x&quot;",
            "11.e81:%3a",
            " %3a:9",
            "e81:%3a/",
            // Devices have colons between their digits, not twos.
            " Ruf:42273270284264218/",
            "4f%20845fe67de660383e7%2Fae2bd67cff2ce62%20x010594-9032",
            "x010594-903T",
            "word word word word word word word word word word %25378282246310005",
            "N52.12345 E13.43211",
            "5.6037 N, 0.1870 W",
            "lat: 5.6037, lng: 0.1870",
            "map O5.123/O1.123",
            "... \u0663\u0665\u2011\u0661e/fd\u0661b \u2011\u0667d/db\u0660a/b\u0660/  \u0661\u0661\u0662\u0662\u0661"
                    + "\u0662\u0663\u0664\u0665\u0666\u0661\u0662"
        };
        for (String value : values) {
            for (int before = 0; before <= 140; before++) {
                String words = "xy ".repeat(before / 3 + 1).substring(0, before);
                compare(words + ' ' + value);
                compare("https://shop.example/" + words.replace(' ', '/') + value);
            }
        }
        assertThat(shortWay(put("https://shop.example/?email=maxmuster"))).doesNotContain("max");
        assertThat(shortWay(put("{\\\"pin\\\":\\\"x\\\",\\\"password\\\":\\\"max\\\"}")))
                .doesNotContain("max");
        assertThat(shortWay(put("wlan 00-1a-2b-3c-4d-5e"))).doesNotContain("5e");
    }

    /** One letter, a dash, digits: told by two words; and changed a little, by all bits. */
    @Test
    void takesTheNumberOfAThingForWhatItsBitsAre() {
        int things = 0;
        int cards = 0;
        for (int i = 0; i < TEXTS; i++) {
            StringBuilder out = new StringBuilder(random("aeS", 1)).append('-');
            out.append(random("0123456789", random.nextInt(22)));
            if (random.nextInt(3) == 0) {
                out.setCharAt(
                        random.nextInt(out.length()), random("0aZ-_ ./", 1).charAt(0));
            }
            int from = random.nextInt(8) + 1;
            byte[] bytes = Arrays.copyOf(
                    ("\"n\":1234".substring(0, from - 1) + '"' + out + '"').getBytes(StandardCharsets.US_ASCII), 64);
            int to = from + out.length();
            int classes = Sieve.classes(bytes, from, to);
            assertThat(Sieve.plain(bytes, from, to))
                    .as("%s at %d, seed %d", out, from, seed)
                    .isEqualTo(classes);
            things += classes == 0 ? 1 : 0;
            cards += classes != 0 ? 1 : 0;
        }
        assertThat(things).isPositive();
        assertThat(cards).isPositive();
    }

    /** Western letters before digits, with and without what may separate them, as they are most often written. */
    @Test
    void takesLettersBeyondAsciiBeforeDigitsForWhatTheyAre() {
        for (char letter = '\u00c0'; letter <= '\u00ff'; letter++) {
            for (String separator : new String[] {"", "/", " ", "-", ".", ":", "=", "(", "+", "0", "a"}) {
                for (int digits = 5; digits <= 20; digits++) {
                    String number = random("123456789", 1) + random("0123456789", digits - 1);
                    compare(letter + separator + number);
                    compare("Stra\u00dfe " + letter + separator + number + letter);
                }
            }
        }
    }

    /** Cards behind a percent sign, whose first digits seem to be its escape; however the sign is encoded in turn. */
    @Test
    void leavesOutNothingBehindPercentSigns() {
        String[] signs = {"%", "%25", "%2525", "\\u0025", "&#37;", "&#x25;", "&percnt;", "\uff05", "%3"};
        String[] firsts = {"4", "B4", "B5", "22", "30", "34", "36", "37", "51", "60", "62", "65", "67", "81", "86", "97"
        };
        String[] behind = {"", "", " ", ".", "x", "^", "%20", " 1"};
        int found = 0;
        for (int i = 0; i < TEXTS / 4; i++) {
            String first = firsts[random.nextInt(firsts.length)];
            int letters = first.charAt(0) == 'B' ? 1 : 0;
            StringBuilder number = new StringBuilder(first);
            number.append(random("0123456789", 11 + random.nextInt(8) - number.length() + letters));
            number.append(checkDigit(number, letters));
            for (int cuts = random.nextInt(3); cuts > 0; cuts--) {
                number.insert(letters + 1 + random.nextInt(number.length() - letters - 1), random(" -./", 1));
            }
            String content =
                    words() + signs[random.nextInt(signs.length)] + number + behind[random.nextInt(behind.length)];
            content = i % 4 == 0 ? Carrier.FULL_WIDTH.encode(content) : content;
            compare(content);
            found += longWay(put(content)).contains("[card]") ? 1 : 0;
        }
        assertThat(found).isPositive();
    }

    /** Places with few digits, and with letters right before and behind them. */
    @Test
    void leavesOutNothingOfPlaces() {
        String[] before = {"", "", "N", "N ", "s", "E", "O", "(", "[-", "lat: ", "map ", "x", "-"};
        String[] behind = {"", "", "N", " N", "s", " W", "\u00b0", "\u00b0 N", " \u00b0 N"};
        String[] between = {",", ", ", " ", "/", ";", "+", ", lng: ", " lon:", ",%20", " E", ",longitude: -", ", - "};
        int found = 0;
        for (int i = 0; i < TEXTS / 4; i++) {
            String content = (random.nextInt(2) == 0 ? words() : "")
                    + before[random.nextInt(before.length)]
                    + coordinate()
                    + behind[random.nextInt(behind.length)]
                    + between[random.nextInt(between.length)]
                    + coordinate()
                    + behind[random.nextInt(behind.length)];
            compare(content);
            found += longWay(put(content)).equals('"' + content + '"') ? 0 : 1;
        }
        assertThat(found).isPositive();
    }

    private String coordinate() {
        return random("0123456789", 1 + random.nextInt(3)) + '.' + random("0123456789", 2 + random.nextInt(5));
    }

    /** The check digit (ISO/IEC 7812-1) of the digits from {@code from} on. */
    private static char checkDigit(CharSequence digits, int from) {
        int sum = 0;
        for (int i = digits.length() - 1, odd = 1; i >= from; i--, odd ^= 1) {
            int d = (digits.charAt(i) - '0') << odd;
            sum += d > 9 ? d - 9 : d;
        }
        return (char) ('0' + (10 - sum % 10) % 10);
    }

    /** Of one block of ASCII, the short tests see all that those of any text do, and little besides. */
    @Test
    void seesInPlainTextWhatIsInAnyText() {
        String[] alphabets = {
            "0123456789 -./()+", "0123456789abcXYZ-_ /", "0123456789abcdef:-", "a=b:c\\\"0123456789", "0123456789T:-.Z"
        };
        int alike = 0;
        for (int i = 0; i < TEXTS; i++) {
            String content = random(alphabets[i % alphabets.length], random.nextInt(Sieve.LONGEST_PLAIN / 2 + 1));
            // Quotes and backslashes only as they may stand in a string.
            content = content.replace("\\", "\\\\").replace("\"", "\\\"");
            int to = put(content) - 1;
            int plain = Sieve.plain(src, 1, to);
            int any = Sieve.classes(src, 1, to) & ~Sieve.ENCODED;
            if (DateTimes.is(src, 1, to)) {
                any &= ~(Sieve.NUMBER | Sieve.COLONS);
            }
            assertThat(any & ~plain).as("%s, seed %d", content, seed).isZero();
            alike += any == plain ? 1 : 0;
        }
        assertThat(alike).isGreaterThan(TEXTS / 2);
    }

    /** Digits in one group, numbers of articles and moments, alone, in a word, in a URL, and under names. */
    @Test
    void leavesOutNothingOfWhatIsAnnounced() {
        String[] names = {"", "id", "contact", "fon", "wa", "nas", "tinNo", "orderId", "call_us", "myIdnr", "v"};
        String[] before = {
            "",
            "",
            "e-abcdefgh-",
            "tel",
            "fon ",
            "no. ",
            "+",
            "(",
            "x/",
            "me/",
            "wa.me/",
            "a_",
            "9-",
            "Ruf:",
            "TEL-",
            "abcdefghijk-",
            "callMe",
            "https://shop.example/p/",
            "https://shop.example/products/a-vase?variant=",
            "AB "
        };
        String[] behind = {"", "", "", ".html", "-X", "-1", "/", "_1", " A", "A", ".5", " x12", "?a=b", ")", "&b=1"};
        for (int i = 0; i < TEXTS; i++) {
            StringBuilder out = new StringBuilder(random.nextInt(4) == 0 ? words() : "");
            out.append(before[random.nextInt(before.length)]);
            int at = out.length();
            if (random.nextInt(4) == 0) {
                out.append("20").append(random("0123456789", 2)).append('-').append(random("01", 1));
                out.append(random("0123456789", 1))
                        .append('-')
                        .append(random("0123", 1))
                        .append(random("0123456789", 1));
                out.append(random.nextInt(4) == 0 ? "" : "T12:34");
                out.append(random.nextInt(4) == 0 ? "" : ":56");
                out.append(random.nextInt(2) == 0 ? "" : "." + random("0123456789", 1 + random.nextInt(6)));
                out.append(new String[] {"", "Z", "+02:00", "-0500", "+02"}[random.nextInt(5)]);
            } else {
                out.append(new String[] {"", "0", "00", "000", "4", "17", "18", "756"}[random.nextInt(8)]);
                out.append(random("0123456789", 4 + random.nextInt(14)));
            }
            if (random.nextInt(8) == 0) {
                out.setCharAt(
                        at + random.nextInt(out.length() - at),
                        random("0 -./aZx:T", 1).charAt(0));
            }
            out.append(behind[random.nextInt(behind.length)]);
            compare(names[random.nextInt(names.length)], Carrier.json(out.toString()));
        }
    }

    /** Words that say nothing, at times so many that the name of the member does not count behind them. */
    private String words() {
        return "word ".repeat(random.nextInt(16));
    }

    private String random(String alphabet, int length) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            out.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return out.toString();
    }

    /** A value with a few of its characters changed, dropped, doubled; words before it and behind. */
    private String mutated(String value) {
        StringBuilder out = new StringBuilder(value);
        for (int changes = random.nextInt(3); changes > 0 && !out.isEmpty(); changes--) {
            int at = random.nextInt(out.length());
            if (Character.isSurrogate(out.charAt(at))) {
                continue;
            }
            switch (random.nextInt(4)) {
                case 0 -> out.setCharAt(at, random("0123456789 -.@aXé", 1).charAt(0));
                case 1 -> out.deleteCharAt(at);
                case 2 -> out.insert(at, out.charAt(at));
                default -> out.insert(at, random(" -.+/x0", 1));
            }
        }
        String before = random("abcdef0123456789 -/", random.nextInt(70));
        return random.nextInt(3) == 0 ? out.toString() : before + ' ' + out + random(" .,x0-", random.nextInt(2));
    }

    private void compare(String content) {
        compare("", content);
    }

    /** @param name of the member that the text is the value of; empty if it is none */
    private void compare(String name, String content) {
        head = name.isEmpty() ? "" : "{\"" + name + "\":";
        int end = put(content);
        String expected = longWay(end);
        String actual = shortWay(end);
        if (!actual.equals(expected)) {
            // An entity that is not undone may make a number of what is none: more may go, but nothing may stay.
            byte[] left = actual.getBytes(StandardCharsets.UTF_8);
            System.arraycopy(left, 0, src, 0, left.length);
            if (!longWay(left.length).equals(actual)) {
                assertThat(actual).as("%s %s, seed %d", name, content, seed).isEqualTo(expected);
            }
        }
        head = "";
    }

    /** Makes it the text to be scrubbed, in quotes, and answers where that ends. */
    private int put(String content) {
        byte[] utf8 = (head + '"' + content + '"' + (head.isEmpty() ? "" : "}")).getBytes(StandardCharsets.UTF_8);
        int end = utf8.length;
        if (src.length < end + Scanner.PADDING) {
            src = new byte[2 * end + Scanner.PADDING];
        }
        Arrays.fill(src, end, end + Scanner.PADDING, (byte) 0);
        System.arraycopy(utf8, 0, src, 0, end);
        return end;
    }

    private String shortWay(int end) {
        scrubber.begin();
        copy.prepare(scanner);
        scanner.reset(src, end);
        assertThat(scanner.document(0)).as("seed %d", seed).isEqualTo(end);
        return text(copy.copy(scanner, 0, end, 0, scanner.marks(), new byte[0], dst, 0));
    }

    private String longWay(int end) {
        int from = head.length() + 1;
        int to = head.isEmpty() ? end - 1 : end - 2;
        allowance.begin();
        decoded.decode(src, from, to);
        text.set(decoded, rules.parameters());
        text.name(src, 0, from - 1);
        finder.begin(text, ALL, rules);
        int at = JsonWriter.copy(src, 0, from, dst, 0);
        int copied = from;
        for (int looked = 0; finder.next(looked); ) {
            int begin = finder.begin();
            looked = finder.end();
            if (finder.action() != Action.KEEP) {
                int first = Scrubber.characterBegin(src, decoded.from(begin), from);
                at = JsonWriter.copy(src, copied, Math.max(copied, first), dst, at);
                at = replacement.write(finder.kind(), finder.action(), text.bytes, begin, looked, dst, at);
                copied = Scrubber.characterEnd(src, decoded.to(looked - 1), to);
            }
        }
        return text(JsonWriter.copy(src, copied, end, dst, at));
    }

    private String text(int length) {
        return new String(dst, 0, length, StandardCharsets.UTF_8);
    }
}
