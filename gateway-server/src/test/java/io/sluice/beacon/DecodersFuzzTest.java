package io.sluice.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.ReferenceJson;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Random requests by every entry: what comes out is JSON in UTF-8, bounded, and without the address put in. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DecodersFuzzTest {

    private static final int ROUNDS = Integer.getInteger("sluice.fuzz.rounds", 5_000);

    private static final Pattern PERCENT = Pattern.compile("%([0-9a-fA-F]{2})");
    private static final Pattern UNICODE = Pattern.compile("[\\\\%]u([0-9a-fA-F]{4})");

    /** What may stand beside an address, as content of a JSON string. None of it continues one. */
    private static final String[] AROUND = {
        " ",
        "",
        "x=",
        "&",
        "é ",
        "😀 ",
        "\\n",
        "https://a.b/?q=",
        "<",
        ">",
        "%20",
        "%",
        "%2",
        "%c3%a9 ",
        "\\ud83d\\ude00 ",
        "(",
        "日本 ",
        "\\\\ ",
        "100%25 ",
        "&amp;",
        ", ",
        "\\\"",
        "\\\\\\\"",
        "%22",
        "%5C",
        "„",
        "　",
        "%u2028",
        "\\\\u000a"
    };

    /** Bytes and runs of them that decide something somewhere. */
    private static final String[] PIECES = {
        "@",
        "a",
        "b.de",
        ".",
        "%",
        "%40",
        "%c2",
        "%e2%80",
        "%f0%9f",
        "\\",
        "\\u0040",
        "\\\\u0040",
        "%u0040",
        "\"",
        "{",
        "}",
        "[",
        "]",
        ":",
        ",",
        "\n",
        "e=v&",
        "{\"e\":\"v\"",
        "\"a\":\"",
        "k=demo",
        "&",
        "=",
        "+",
        " ",
        "\u0000",
        "\u0080",
        "é",
        "。",
        "\ufeff",
        "1",
        "true",
        "null",
        "[{\"e\":\"x\"},",
        "{\"e\":\"x\"}\n"
    };

    private final Fixture gateway = new Fixture();

    @Test
    void removesAnAddressHoweverItIsEncodedAndWhereverItStands() {
        long seed = new Random().nextLong();
        for (int i = 0; i < ROUNDS; i++) {
            Random random = new Random(seed + i);
            String text = around(random) + address(random) + AROUND[random.nextInt(AROUND.length)];
            String pad = "a".repeat(random.nextInt(20));
            String body = switch (random.nextInt(4)) {
                case 0 -> "{\"event\":\"x\",\"p" + pad + "\":\"" + text + "\"}";
                case 1 -> "{\"event\":\"x\",\"" + pad + " " + text + "\":1}";
                case 2 -> "[{\"event\":\"x\",\"props\":{\"a\":[{ \"" + text + "\" : \"" + text + "\"}]}}]";
                default -> "{\"event\":\"x\",\"url\":\"" + text + "\",\"consent\":{\"k\":\"" + text + "\"}}";
            };
            String plain = ((ReferenceJson.Text) ReferenceJson.parse("\"" + text + "\"")).value();
            gateway.userAgent = random.nextBoolean() ? plain : (pad + plain + " ").repeat(40);
            clear();
            if (random.nextInt(4) == 0) {
                gateway.pixel("e=x&p=" + plain.replace("&", "%26") + "&" + percent(plain, random) + "=1");
            } else {
                gateway.post(body);
            }
            check(seed + i, body, 1);
            String line = bare(gateway.event());
            assertThat(line).as("seed %d: %s", seed + i, body).doesNotContain("secretjane", "@shop");
        }
    }

    @Test
    void writesOneObjectToALineWhateverBytesArrive() {
        long seed = new Random().nextLong();
        for (int i = 0; i < ROUNDS; i++) {
            Random random = new Random(seed + i);
            gateway.userAgent = new String(bytes(random), StandardCharsets.ISO_8859_1);
            byte[] input = bytes(random);
            clear();
            if (random.nextBoolean()) {
                gateway.post(input);
            } else {
                String query = "e=v&" + new String(input, StandardCharsets.ISO_8859_1);
                gateway.pixel(
                        random.nextBoolean()
                                ? query.getBytes(StandardCharsets.ISO_8859_1)
                                : ("e=v&a=" + percent(query, random)).getBytes(StandardCharsets.ISO_8859_1));
            }
            check(seed + i, "", gateway.outcome.refusal() == null ? gateway.outcome.accepted() : 0);
        }
    }

    private void clear() {
        gateway.events.clear();
        gateway.rejected.clear();
    }

    private void check(long seed, String what, int accepted) {
        List<String> lines = new ArrayList<>(gateway.events());
        assertThat(lines).as("seed %d: %s", seed, what).hasSize(accepted);
        lines.addAll(gateway.rejected());
        for (String line : lines) {
            assertThat(line.indexOf('\n')).as("seed %d", seed).isEqualTo(line.length() - 1);
            assertThat(ReferenceJson.object(line)).as("seed %d", seed).isNotNull();
        }
        int length = gateway.request.body().length() + gateway.request.query().length();
        assertThat(gateway.events.size() + gateway.rejected.size())
                .as("seed %d", seed)
                .isLessThanOrEqualTo(Decoders.stagedBound(length));
    }

    private static byte[] bytes(Random random) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int n = random.nextInt(random.nextInt(20) == 0 ? 400 : 30); n > 0; n--) {
            if (random.nextInt(3) == 0) {
                bytes.write(random.nextInt(256));
            } else {
                bytes.writeBytes(PIECES[random.nextInt(PIECES.length)].getBytes(
                        random.nextBoolean() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1));
            }
        }
        return bytes.toByteArray();
    }

    private static String around(Random random) {
        StringBuilder text = new StringBuilder();
        for (int n = random.nextInt(6); n > 0; n--) {
            text.append(AROUND[random.nextInt(AROUND.length)]);
        }
        return text.toString();
    }

    private static String address(Random random) {
        StringBuilder text = new StringBuilder();
        String plain = "secretjane@shop" + (char) ('a' + random.nextInt(26)) + ".example";
        for (char c : plain.toCharArray()) {
            text.append(encoded(c, random, 3));
        }
        return text.toString();
    }

    /** One character as content of a JSON string, encoded up to {@code depth} times. */
    private static String encoded(char c, Random random, int depth) {
        return switch (depth == 0 ? 9 : random.nextInt(14)) {
            case 0, 1 -> each("%" + hexadecimal(c, 2, random), random, depth - 1);
            case 2 -> each("%u" + hexadecimal(c, 4, random), random, depth - 1);
            case 3 -> "\\\\u" + each(hexadecimal(c, 4, random), random, depth - 1);
            case 4 -> "\\u" + hexadecimal(c, 4, random);
            default -> String.valueOf(c);
        };
    }

    private static String each(String text, Random random, int depth) {
        StringBuilder all = new StringBuilder();
        for (char c : text.toCharArray()) {
            all.append(encoded(c, random, depth));
        }
        return all.toString();
    }

    private static String hexadecimal(int value, int digits, Random random) {
        String text = "0".repeat(digits) + Integer.toHexString(value);
        text = text.substring(text.length() - digits);
        return random.nextBoolean() ? text.toUpperCase(Locale.ROOT) : text;
    }

    private static String percent(String text, Random random) {
        StringBuilder all = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            all.append('%').append(hexadecimal(b & 0xff, 2, random));
        }
        return all.toString();
    }

    /** Beneath all layers of encoding, undone one by one. */
    private static String bare(String line) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            boolean escape = line.charAt(i) == '\\';
            text.append(escape && line.charAt(i + 1) != 'u' ? line.charAt(++i) : line.charAt(i));
        }
        String undone = text.toString();
        for (String before = ""; !before.equals(undone); ) {
            before = undone;
            undone = replace(UNICODE, replace(PERCENT, undone));
        }
        return undone;
    }

    private static String replace(Pattern pattern, String text) {
        return pattern.matcher(text)
                .replaceAll(escape ->
                        Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
    }
}
