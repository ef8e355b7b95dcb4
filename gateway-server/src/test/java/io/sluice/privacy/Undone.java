package io.sluice.privacy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Base64;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a text says beneath every encoding: written apart from the gateway's own decoder and in another way, whole
 * passes until nothing changes, so that neither shares the other's mistakes.
 */
public final class Undone {

    private static final int MOST_PASSES = 12;
    private static final Pattern UNICODE = Pattern.compile("(?:\\\\|%)u([0-9a-fA-F]{4})");
    private static final Pattern HEX = Pattern.compile("\\\\x([0-9a-fA-F]{2})");
    private static final Pattern ENTITY = Pattern.compile("&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));");
    private static final Pattern PERCENT = Pattern.compile("(?:%[0-9a-fA-F]{2})+");
    private static final Pattern BASE64 = Pattern.compile("(?:eyJ|W3si)[A-Za-z0-9+/_-]{12,}");
    private static final Pattern UNSEEN =
            Pattern.compile("[\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff]");

    private Undone() {}

    /** The text beneath its encodings, in one case, with a blank for each plus sign. */
    public static String of(String text) {
        String now = text;
        for (int pass = 0; pass < MOST_PASSES; pass++) {
            String next = pass(now);
            if (next.equals(now)) {
                break;
            }
            now = next;
        }
        return folded(now).replace('+', ' ').toLowerCase(java.util.Locale.ROOT);
    }

    /** Only the letters and digits of what {@link #of} answered. */
    public static String lettersAndDigits(String undone) {
        StringBuilder out = new StringBuilder(undone.length());
        undone.codePoints().filter(Character::isLetterOrDigit).forEach(out::appendCodePoint);
        return out.toString();
    }

    private static String pass(String text) {
        String s = BASE64.matcher(text).replaceAll(m -> Matcher.quoteReplacement(base64(m.group())));
        s = UNICODE.matcher(s)
                .replaceAll(m -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(m.group(1), 16))));
        s = HEX.matcher(s)
                .replaceAll(m -> Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(m.group(1), 16))));
        s = s.replace("\\\"", "\"").replace("\\\\", "\\").replace("\\/", "/");
        s = ENTITY.matcher(s).replaceAll(m -> Matcher.quoteReplacement(entity(m)));
        s = s.replace("&commat;", "@").replace("&amp;", "&").replace("&quot;", "\"");
        return PERCENT.matcher(folded(s)).replaceAll(m -> Matcher.quoteReplacement(percent(m.group())));
    }

    private static String folded(String text) {
        String visible = UNSEEN.matcher(text).replaceAll("");
        StringBuilder out = new StringBuilder(visible.length());
        Normalizer.normalize(visible, Normalizer.Form.NFKC).codePoints().forEach(c -> {
            int digit = Character.digit(c, 10);
            int type = Character.getType(c);
            out.appendCodePoint(
                    digit >= 0
                            ? '0' + digit
                            : type == Character.DASH_PUNCTUATION || c == 0x2212
                                    ? '-'
                                    : type == Character.SPACE_SEPARATOR ? ' ' : c);
        });
        return out.toString();
    }

    private static String base64(String token) {
        String standard = token.replace('-', '+').replace('_', '/');
        byte[] bytes = Base64.getDecoder()
                .decode(standard.substring(
                        0, standard.length() / 4 * 4 + (standard.length() % 4 == 1 ? 0 : standard.length() % 4)));
        String decoded = new String(bytes, StandardCharsets.UTF_8);
        return decoded.startsWith("{\"") || decoded.startsWith("[{\"") ? decoded : token;
    }

    private static String entity(MatchResult m) {
        int c = m.group(1) != null ? Integer.parseInt(m.group(1), 16) : Integer.parseInt(m.group(2));
        return Character.isValidCodePoint(c) ? Character.toString(c) : m.group();
    }

    private static String percent(String escapes) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < escapes.length(); i += 3) {
            bytes.write(Integer.parseInt(escapes.substring(i + 1, i + 3), 16));
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
