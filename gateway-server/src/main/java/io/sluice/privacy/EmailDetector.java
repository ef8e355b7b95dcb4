package io.sluice.privacy;

import io.sluice.metrics.Counter;
import java.nio.charset.StandardCharsets;

/**
 * Finds e-mail addresses (RFC 5321, section 4.1.2, and RFC 6531) in running text and in URLs.
 *
 * <p>From each {@code @} it looks back for a local part and ahead for a domain. Without either the {@code @} is
 * ordinary text: {@code @media}, {@code user@localhost}, {@code pkg@1.2.3}, {@code icon@2x.png}. Length limits are not
 * applied, since what is too long to be delivered may be personal all the same.
 *
 * <p>Narrower than the RFC in one thing: {@code / = ? & # | { }} delimit a local part, for so they do in URLs.
 */
final class EmailDetector implements Detector {

    private static final byte[] REPLACEMENT = "[email]".getBytes(StandardCharsets.US_ASCII);

    /** How far a quoted local part or an address in brackets may reach. */
    private static final int MAX_QUOTED = 128;

    private static final byte LOCAL = 1;
    private static final byte DOMAIN = 2;
    private static final byte LETTER = 4;
    private static final byte DIGIT = 8;
    private static final byte[] CLASSES = new byte[256];

    static {
        for (int c = 0; c < 128; c++) {
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            boolean digit = c >= '0' && c <= '9';
            boolean local = letter || digit || "!$%'*+-._^`~".indexOf(c) >= 0;
            boolean domain = letter || digit || c == '-' || c == '_';
            CLASSES[c] =
                    (byte) ((local ? LOCAL : 0) | (domain ? DOMAIN : 0) | (letter ? LETTER : 0) | (digit ? DIGIT : 0));
        }
        for (int c = 128; c < 256; c++) {
            CLASSES[c] = LOCAL | DOMAIN | LETTER;
        }
    }

    /** Endings of file names that are not top-level domains, in lower case, first byte lowest. */
    private static final long[] FILE_ENDINGS = endings(
            "png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "ico", "bmp", "tiff", "js", "mjs", "min", "css", "map",
            "html", "htm", "php", "aspx", "jsp", "json", "xml", "csv", "txt", "pdf", "woff", "woff2", "ttf", "mp4",
            "webm", "mp3");

    private int begin;
    private int end;

    @Override
    public boolean find(byte[] text, int from, int length) {
        for (int at = from; at < length; at++) {
            if (text[at] == '@') {
                int first = localPart(text, from, at);
                if (first < at) {
                    int behind = domain(text, at + 1, length);
                    if (behind > 0) {
                        begin = first;
                        end = behind;
                        return true;
                    }
                }
            }
        }
        return false;
    }

    @Override
    public int begin() {
        return begin;
    }

    @Override
    public int end() {
        return end;
    }

    @Override
    public byte[] replacement() {
        return REPLACEMENT;
    }

    @Override
    public Counter counter() {
        return Counter.SCRUBBED_EMAILS;
    }

    /** Where the local part before the {@code @} at {@code at} begins; {@code at} itself if there is none. */
    private static int localPart(byte[] text, int limit, int at) {
        if (at > limit && text[at - 1] == '"') {
            for (int i = at - 2; i >= limit && i >= at - MAX_QUOTED; i--) {
                if (text[i] == '"') {
                    return i;
                }
            }
            return at;
        }
        int first = at;
        while (first > limit) {
            int c = text[first - 1];
            if ((CLASSES[c & 0xff] & LOCAL) == 0 || c < 0 && endsPunctuation(text, limit, first)) {
                break;
            }
            first--;
        }
        // A quotation mark or a dot before a word is not part of it.
        while (first < at && (text[first] == '.' || text[first] == '\'' || text[first] == '`')) {
            first++;
        }
        return first;
    }

    /**
     * Whether the bytes before {@code behind} are a space or punctuation of U+0080 to U+00BF, U+2000 to U+206F, U+3000
     * to U+303F or the full-width forms that are neither digits nor letters.
     */
    private static boolean endsPunctuation(byte[] text, int limit, int behind) {
        if (behind - 2 >= limit && text[behind - 2] == (byte) 0xc2) {
            return true;
        }
        return behind - 3 >= limit && isPunctuation(text[behind - 3], text[behind - 2], text[behind - 1]);
    }

    private static boolean isPunctuation(byte first, byte second, byte third) {
        int all = (first & 0xff) << 16 | (second & 0xff) << 8 | third & 0xff;
        return all >= 0xe28080 && all <= 0xe281af
                || all >= 0xe38080 && all <= 0xe380bf
                || all >= 0xefbc80 && all <= 0xefbc8f
                || all >= 0xefbc9a && all <= 0xefbca0;
    }

    /** Behind the domain that begins at {@code from}, or 0 if none does. */
    private static int domain(byte[] text, int from, int length) {
        if (from < length && text[from] == '[') {
            return literal(text, from, length);
        }
        int behind = 0;
        int labels = 0;
        int numbers = 0;
        boolean words = false;
        int at = from;
        for (; ; ) {
            int first = at;
            int classes = 0;
            boolean plain = true;
            while (at < length && isLabel(text, at, length)) {
                int c = CLASSES[text[at] & 0xff];
                classes |= c;
                plain &= (c & LETTER) != 0;
                at++;
            }
            if (at == first) {
                return behind;
            }
            labels++;
            boolean number = (classes & ~DIGIT) == (LOCAL | DOMAIN) && (classes & DIGIT) != 0;
            numbers += number ? 1 : 0;
            if (labels > 1 && !isFileEnding(text, first, at)) {
                // A country or a word; a number only behind words, or as the fourth of an IPv4 address.
                if (isTopLevel(text, first, at, plain) || number && (words || labels == 4 && numbers == 4)) {
                    behind = at;
                }
            }
            words |= plain && at - first > 1;
            if (at >= length || text[at] != '.') {
                return behind;
            }
            at++;
        }
    }

    private static boolean isLabel(byte[] text, int at, int length) {
        int c = text[at];
        if ((CLASSES[c & 0xff] & DOMAIN) == 0) {
            return false;
        }
        if (c >= 0) {
            return true;
        }
        return c != (byte) 0xc2 && !(at + 2 < length && isPunctuation(text[at], text[at + 1], text[at + 2]));
    }

    private static boolean isTopLevel(byte[] text, int from, int to, boolean plain) {
        if (plain) {
            return true;
        }
        if (to - from > 4 && text[from + 2] == '-' && text[from + 3] == '-') {
            return true;
        }
        // A word, then a hyphen or another script: text goes on behind the domain.
        int at = from;
        while (at < to && text[at] >= 0 && (CLASSES[text[at]] & LETTER) != 0) {
            at++;
        }
        return at - from > 1 && (text[at] == '-' || text[at] == '_' || text[at] < 0);
    }

    private static boolean isFileEnding(byte[] text, int from, int to) {
        if (to - from > 8) {
            return false;
        }
        long packed = 0;
        for (int i = to - 1; i >= from; i--) {
            packed = packed << 8 | text[i] & 0xff | (text[i] >= 'A' && text[i] <= 'Z' ? 0x20 : 0);
        }
        for (long ending : FILE_ENDINGS) {
            if (ending == packed) {
                return true;
            }
        }
        return false;
    }

    /** Behind an address in brackets (RFC 5321, section 4.1.3), or 0 if it is none. */
    private static int literal(byte[] text, int from, int length) {
        boolean digits = false;
        for (int i = from + 1; i < length && i < from + MAX_QUOTED; i++) {
            int c = text[i];
            if (c == ']') {
                return digits ? i + 1 : 0;
            }
            digits |= c >= '0' && c <= '9';
            if (c != '.' && c != ':' && (c < 0 || (CLASSES[c] & DOMAIN) == 0)) {
                return 0;
            }
        }
        return 0;
    }

    private static long[] endings(String... names) {
        long[] packed = new long[names.length];
        for (int i = 0; i < names.length; i++) {
            for (int k = names[i].length() - 1; k >= 0; k--) {
                packed[i] = packed[i] << 8 | names[i].charAt(k);
            }
        }
        return packed;
    }
}
