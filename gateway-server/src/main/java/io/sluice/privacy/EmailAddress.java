package io.sluice.privacy;

import io.sluice.json.Utf8;

/**
 * Finds e-mail addresses (RFC 5321, section 4.1.2, and RFC 6531) in running text and in URLs.
 *
 * <p>From each {@code @} it looks back for a local part and ahead for a domain. Without either the {@code @} is
 * ordinary text: {@code @media}, {@code user@localhost}, {@code pkg@1.2.3}, {@code icon@2x.png}. Length limits are not
 * applied, since what is too long to be delivered may be personal all the same.
 *
 * <p>The name and password in a URL, as in {@code https://jane:pw@host/}, are found as such: the host stays.
 *
 * <p>Narrower than the RFC in one thing: {@code / = ? & # | { }} delimit a local part, for so they do in URLs.
 *
 * <p>Time is linear in the text: what is looked at for one {@code @} ends at its neighbours.
 */
final class EmailAddress {

    private static final byte LOCAL = 1;
    private static final byte DOMAIN = 2;
    private static final byte LETTER = 4;
    private static final byte DIGIT = 8;
    /** A full stop of East Asian scripts, which may stand for the dot in a domain (UTS 46, section 2.3). */
    private static final byte STOP = 16;

    private static final byte WORD = LOCAL | DOMAIN | LETTER;

    private static final byte[] CLASSES = new byte[128];

    static {
        for (int c = 0; c < 128; c++) {
            boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
            boolean digit = c >= '0' && c <= '9';
            boolean local = letter || digit || "!$%'*+-._^`~".indexOf(c) >= 0;
            boolean domain = letter || digit || c == '-' || c == '_';
            CLASSES[c] =
                    (byte) ((local ? LOCAL : 0) | (domain ? DOMAIN : 0) | (letter ? LETTER : 0) | (digit ? DIGIT : 0));
        }
    }

    /** Endings of file names that are not top-level domains, in lower case, first byte lowest. */
    private static final long[] FILE_ENDINGS = endings(
            "png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "ico", "bmp", "tiff", "js", "mjs", "min", "css", "map",
            "html", "htm", "php", "aspx", "jsp", "json", "xml", "csv", "txt", "pdf", "woff", "woff2", "ttf", "mp4",
            "webm", "mp3");

    private static final long[] TOP_LEVEL = endings("com", "org", "net", "edu", "gov", "info", "io");

    int begin;
    int end;
    /** An address, or a secret: the name and password in a URL. */
    Kind kind;

    /**
     * Looks for the first address at or behind {@code from}, and answers whether there is one.
     *
     * @param secrets whether the name and password in a URL are found as such; else, as what address they may be part of
     */
    boolean find(byte[] text, int from, int length, boolean secrets) {
        int quote = -1;
        int quoteBefore = -1;
        // Where the authority of a URL (RFC 3986, section 3.2) begins that goes on, and whether a colon stands in it.
        int authority = -1;
        boolean colon = false;
        kind = Kind.EMAIL;
        for (int at = from; at < length; at++) {
            int c = text[at];
            if (c == ':') {
                colon = authority >= 0;
                int behind = behindSlashes(text, at + 1, length);
                if (behind > 0) {
                    authority = behind;
                    colon = false;
                    at = behind - 1;
                }
            } else if (endsAuthority(c) || (c == ',' || c == ';') && !colon) {
                authority = -1;
            }
            if (c == '"') {
                quoteBefore = quote;
                quote = at;
            } else if (c == '@') {
                if (secrets && authority >= 0 && at > authority) {
                    begin = authority;
                    end = userInfoEnd(text, at, length);
                    kind = Kind.SECRET;
                    return true;
                }
                // In code and in JSON within JSON an @ may be escaped.
                int last = withoutBackslashes(text, from, at);
                boolean quoted = last > from && quote == last - 1 && !isPunctuation(text, quoteBefore + 1, quote);
                int first = quoted ? quoteBefore : localPart(text, from, last);
                if (first >= 0 && first < last) {
                    int behind = domain(text, at + 1, length);
                    if (behind > 0) {
                        // They begin an escape that would be cut in two.
                        begin = withoutBackslashes(text, from, first);
                        end = behind;
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Whether what stands between two quotes separates strings of JSON rather than is a local part. */
    private static boolean isPunctuation(byte[] text, int from, int to) {
        boolean separator = false;
        for (int i = from; i < to; i++) {
            separator |= text[i] == ':' || text[i] == ',';
            if (text[i] != ':' && text[i] != ',' && text[i] != ' ') {
                return false;
            }
        }
        return separator;
    }

    /** Behind two slashes, each maybe escaped, or 0. */
    private static int behindSlashes(byte[] text, int from, int length) {
        int at = from;
        for (int slashes = 0; slashes < 2; slashes++) {
            at += at < length && text[at] == '\\' ? 1 : 0;
            if (at >= length || text[at++] != '/') {
                return 0;
            }
        }
        return at;
    }

    /** The last {@code @} of the authority in which one stands at {@code at}: others are of the name or password. */
    private static int userInfoEnd(byte[] text, int at, int length) {
        int last = at;
        for (int i = at; i < length && !endsAuthority(text[i]) && text[i] != ',' && text[i] != ';'; i++) {
            last = text[i] == '@' ? i : last;
        }
        return last;
    }

    private static boolean endsAuthority(int c) {
        return c == '/'
                || c == '?'
                || c == '#'
                || c >= 0 && c <= ' '
                || c == '"'
                || c == '\\'
                || c == '['
                || c == '<'
                || c == '>';
    }

    private static int withoutBackslashes(byte[] text, int limit, int at) {
        while (at > limit && text[at - 1] == '\\') {
            at--;
        }
        return at;
    }

    /** Where the local part that ends at {@code last} begins; {@code last} itself if there is none. */
    private static int localPart(byte[] text, int limit, int last) {
        int first = last;
        while (first > limit) {
            int length = text[first - 1] >= 0 ? 1 : lengthBefore(text, limit, first);
            if ((classesOf(text, first - length, length) & LOCAL) == 0) {
                break;
            }
            first -= length;
        }
        // A quotation mark or a dot before a word is not part of it.
        while (first < last && (text[first] == '.' || text[first] == '\'' || text[first] == '`')) {
            first++;
        }
        return first;
    }

    /** Bytes of the character beyond ASCII that ends at {@code behind}; 1 if it is none. */
    private static int lengthBefore(byte[] text, int limit, int behind) {
        for (int length = 2; length <= 4 && behind - length >= limit; length++) {
            if (!Utf8.continues(text[behind - length])) {
                return Utf8.length(text, behind - length, behind) == length ? length : 1;
            }
        }
        return 1;
    }

    /** Bytes of the character at {@code at}; 1 if it is none. */
    private static int lengthAt(byte[] text, int at, int length) {
        return Math.max(1, Utf8.length(text, at, length));
    }

    /** What the character of {@code length} bytes is. Bytes that are no character count as letters. */
    private static int classesOf(byte[] text, int at, int length) {
        return switch (length) {
            case 1 -> text[at] >= 0 ? CLASSES[text[at]] : WORD;
            case 2 -> classesOf((text[at] & 31) << 6 | text[at + 1] & 63);
            case 3 -> classesOf((text[at] & 15) << 12 | (text[at + 1] & 63) << 6 | text[at + 2] & 63);
            default -> WORD;
        };
    }

    /** Beyond ASCII all is a letter but spaces and punctuation; what cannot be seen does not end a word either. */
    private static int classesOf(int c) {
        boolean word = true;
        if (c < 0xc0) {
            // Ordinals, micro, digits in superscript; the soft hyphen.
            word = c == 0xaa || c == 0xba || c == 0xb5 || c == 0xb2 || c == 0xb3 || c == 0xb9 || c == 0xad;
        } else if (c >= 0x2000 && c <= 0x206f) {
            // Joiners, marks of direction and the like; hyphens.
            word = c >= 0x200b && c <= 0x200f
                    || c >= 0x202a && c <= 0x202e
                    || c >= 0x2060
                    || c == 0x2010
                    || c == 0x2011;
        } else if (c == 0x3002 || c == 0xff0e || c == 0xff61) {
            return STOP;
        } else if (c >= 0x3000 && c <= 0x303f) {
            // The marks of iteration and closing, and zero, stand within names.
            word = c >= 0x3005 && c <= 0x3007;
        } else if (c >= 0xff00 && c <= 0xff20) {
            word = c >= 0xff10 && c <= 0xff19 || c == 0xff0d;
        }
        return word ? WORD : 0;
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
            int size = 0;
            int next = 0;
            while (at < length) {
                size = text[at] >= 0 ? 1 : lengthAt(text, at, length);
                next = classesOf(text, at, size);
                if ((next & DOMAIN) == 0) {
                    break;
                }
                classes |= next;
                plain &= (next & LETTER) != 0;
                at += size;
            }
            if (at == first) {
                return behind;
            }
            labels++;
            if (labels == 1 && plain && (at >= length || text[at] != '.') && isTopLevel(text, first, at)) {
                return at;
            }
            boolean number = (classes & ~DIGIT) == (LOCAL | DOMAIN) && (classes & DIGIT) != 0;
            numbers += number ? 1 : 0;
            if (labels > 1 && !isFileEnding(text, first, at)) {
                // A country or a word; a number only behind words, or as the fourth of an IPv4 address.
                if (plain || beginsWithWord(text, first, at) || number && (words || labels == 4 && numbers == 4)) {
                    behind = at;
                }
            }
            words |= plain && at - first > 1;
            // Behind a whole domain, the full stop of another script ends the sentence.
            if (at >= length || text[at] != '.' && (next != STOP || behind > 0)) {
                return behind;
            }
            at += size;
        }
    }

    /** Whether the label begins as a top-level domain does, whatever text goes on behind that. */
    private static boolean beginsWithWord(byte[] text, int from, int to) {
        return to - from > 1 && isLetter(text[from]) && isLetter(text[from + 1]);
    }

    private static boolean isLetter(byte b) {
        return b < 0 || (CLASSES[b] & LETTER) != 0;
    }

    /** Whether mail may go to a top-level domain itself. */
    private static boolean isTopLevel(byte[] text, int from, int to) {
        return isOneOf(TOP_LEVEL, text, from, to);
    }

    private static boolean isFileEnding(byte[] text, int from, int to) {
        return isOneOf(FILE_ENDINGS, text, from, to);
    }

    private static boolean isOneOf(long[] endings, byte[] text, int from, int to) {
        if (to - from > 8) {
            return false;
        }
        long packed = 0;
        for (int i = to - 1; i >= from; i--) {
            packed = packed << 8 | text[i] & 0xff | (text[i] >= 'A' && text[i] <= 'Z' ? 0x20 : 0);
        }
        for (long ending : endings) {
            if (ending == packed) {
                return true;
            }
        }
        return false;
    }

    /** Behind an address in brackets (RFC 5321, section 4.1.3), or 0 if it is none. */
    private static int literal(byte[] text, int from, int length) {
        boolean digits = false;
        for (int i = from + 1; i < length; i++) {
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
