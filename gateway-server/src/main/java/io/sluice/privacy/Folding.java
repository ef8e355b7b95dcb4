package io.sluice.privacy;

import java.nio.charset.StandardCharsets;

/**
 * Which ASCII character one beyond ASCII stands for in the eyes of a reader: full-width and small forms, digits of
 * other scripts, spaces and dashes of other widths. Stateless.
 */
final class Folding {

    /** It stands for itself. */
    static final int KEEP = -1;
    /** It cannot be seen: what is before and what is behind it are neighbours. */
    static final int DROP = -2;

    private Folding() {}

    /** The ASCII character that {@code c} stands for, {@link #KEEP} or {@link #DROP}. */
    static int fold(int c) {
        if (c < 0x660) {
            return switch (c) {
                case 0xa0 -> ' ';
                case 0xad -> DROP;
                case 0xb2, 0xb3 -> '0' + c - 0xb0;
                case 0xb9 -> '1';
                default -> KEEP;
            };
        }
        if (c >= 0xff01 && c <= 0xff5e) {
            return c - 0xff01 + '!';
        }
        if (c >= 0x2000 && c <= 0x2fff) {
            return symbol(c);
        }
        if (c >= 0xfe50 && c <= 0xfe6b) {
            return switch (c) {
                case 0xfe52 -> '.';
                case 0xfe58, 0xfe63 -> '-';
                case 0xfe59 -> '(';
                case 0xfe5a -> ')';
                case 0xfe62 -> '+';
                case 0xfe6b -> '@';
                default -> KEEP;
            };
        }
        if (c == 0x3000) {
            return ' ';
        }
        if (c == 0xfeff) {
            return DROP;
        }
        int digit = Character.digit(c, 10);
        return digit >= 0 ? '0' + digit : KEEP;
    }

    private static int symbol(int c) {
        if (c <= 0x200a || c == 0x202f || c == 0x205f) {
            return ' ';
        }
        if (c <= 0x200f || c >= 0x202a && c <= 0x202e || c >= 0x2060 && c <= 0x206f) {
            return DROP;
        }
        if (c <= 0x2015 || c == 0x2043 || c == 0x2212) {
            return '-';
        }
        if (c == 0x2024) {
            return '.';
        }
        if (c == 0x2044 || c == 0x2215) {
            return '/';
        }
        if (c == 0x2070 || c >= 0x2074 && c <= 0x2079) {
            return '0' + c - 0x2070;
        }
        if (c >= 0x2080 && c <= 0x2089) {
            return '0' + c - 0x2080;
        }
        if (c >= 0x2460 && c <= 0x2468) {
            return '1' + c - 0x2460;
        }
        if (c == 0x24ea) {
            return '0';
        }
        if (c >= 0x2776 && c <= 0x277e) {
            return '1' + c - 0x2776;
        }
        return KEEP;
    }

    /** Whether the character that begins at {@code at}, in valid UTF-8, may be one that {@link #fold} does not keep. */
    static boolean mayFold(byte[] b, int at) {
        int second = b[at + 1] & 0xff;
        int third = b[at + 2] & 0xff;
        return switch (b[at] & 0xff) {
            // The sign of a degree is kept, but numbers with one are looked at beneath the encodings only.
            case 0xc2 ->
                second == 0xa0
                        || second == 0xad
                        || second == 0xb0
                        || second == 0xb2
                        || second == 0xb3
                        || second == 0xb9;
            case 0xd9 -> second >= 0xa0 && second <= 0xa9;
            case 0xdb -> second >= 0xb0 && second <= 0xb9;
            case 0xdf -> second <= 0x89;
            // The digits of each Indic script stand in the same half of its block.
            case 0xe0 -> (second & 1) != 0 && third >= 0x90 && third <= 0xaf;
            case 0xe1, 0xea, 0xf0 -> true;
            case 0xe2 ->
                second == 0x80
                        ? third < 0x96 || third >= 0xa4 && third != 0xa6 && third < 0xb0
                        : second == 0x81
                                || second == 0x82 && third < 0x8a
                                || second == 0x88
                                || second == 0x91
                                || second == 0x93
                                || second == 0x9d;
            case 0xe3 -> second == 0x80 && third == 0x80;
            case 0xef -> second >= 0xb9;
            default -> false;
        };
    }

    /** Bytes of the longest name of an entity that is known, with its ampersand. */
    static final int LONGEST_ENTITY = 20;

    /** Names of HTML, and behind each what it stands for; of what cannot be seen, one for all. */
    private static final String[] NAMES = {
        "commat@",
        "period.",
        "amp&",
        "plus+",
        "num#",
        "percnt%",
        "lowbar_",
        "hyphen-",
        "dash-",
        "nbsp ",
        "sol/",
        "colon:",
        "lpar(",
        "rpar)",
        "Tab\t",
        "quot\"",
        "lt<",
        "gt>",
        "equals=",
        "apos'",
        "semi;",
        "comma,",
        "bsol\\",
        "NonBreakingSpace ",
        "ensp ",
        "emsp ",
        "emsp13 ",
        "emsp14 ",
        "numsp ",
        "puncsp ",
        "thinsp ",
        "ThinSpace ",
        "hairsp ",
        "VeryThinSpace ",
        "MediumSpace ",
        "ThickSpace ",
        "NewLine\n",
        "ndash-",
        "mdash-",
        "horbar-",
        "minus-",
        "hybull-",
        "UnderBar_",
        "shy\u00ad",
        "zwnj\u00ad",
        "zwj\u00ad",
        "lrm\u00ad",
        "rlm\u00ad",
        "NoBreak\u00ad",
        "ZeroWidthSpace\u00ad",
        "NegativeThinSpace\u00ad",
        "NegativeMediumSpace\u00ad",
        "NegativeThickSpace\u00ad",
        "ApplyFunction\u00ad",
        "af\u00ad",
        "InvisibleTimes\u00ad",
        "it\u00ad",
        "InvisibleComma\u00ad",
        "ic\u00ad"
    };

    private static final byte[][] ENTITIES = new byte[NAMES.length][];

    static {
        for (int i = 0; i < NAMES.length; i++) {
            ENTITIES[i] = NAMES[i].getBytes(StandardCharsets.ISO_8859_1);
        }
    }

    /** Whether the name of an entity that is known begins at {@code from}; the semicolon behind it may be encoded. */
    static boolean isEntity(byte[] b, int from, int to) {
        int last = Math.min(to, from + LONGEST_ENTITY);
        int end = from;
        while (end < last && Ascii.isAlphanumeric(b[end])) {
            end++;
        }
        return end > from + 1
                && end < to
                && (b[end] == ';' || b[end] == '%' || b[end] == '\\' || b[end] == '&')
                && entity(b, from, end) >= 0;
    }

    /** The character of the HTML entity whose name stands in {@code [from, to)}, or -1. */
    static int entity(byte[] text, int from, int to) {
        if (from < to && text[from] == '#') {
            return numeric(text, from + 1, to);
        }
        for (byte[] entity : ENTITIES) {
            int length = entity.length - 1;
            if (length == to - from && equal(entity, text, from, length)) {
                return entity[length] & 0xff;
            }
        }
        return -1;
    }

    private static boolean equal(byte[] entity, byte[] text, int from, int length) {
        for (int i = 0; i < length; i++) {
            if (entity[i] != text[from + i]) {
                return false;
            }
        }
        return true;
    }

    private static int numeric(byte[] text, int from, int to) {
        boolean hex = from < to && (text[from] | 0x20) == 'x';
        int at = hex ? from + 1 : from;
        if (at >= to || to - at > 7) {
            return -1;
        }
        int value = 0;
        for (; at < to; at++) {
            int digit = Character.digit(text[at], hex ? 16 : 10);
            if (digit < 0) {
                return -1;
            }
            value = value * (hex ? 16 : 10) + digit;
        }
        return value > 0 && value <= Character.MAX_CODE_POINT ? value : -1;
    }
}
