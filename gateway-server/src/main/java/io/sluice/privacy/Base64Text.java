package io.sluice.privacy;

import java.util.Arrays;

/**
 * Looks into JSON that stands in base64 (RFC 4648, either alphabet, without line breaks).
 *
 * <p>Confined to its finder. Grows to the longest token, then allocates nothing. One layer deep.
 */
final class Base64Text {

    private static final byte[] VALUES = new byte[128];

    static {
        Arrays.fill(VALUES, (byte) -1);
        for (int i = 0; i < 26; i++) {
            VALUES['A' + i] = (byte) i;
            VALUES['a' + i] = (byte) (26 + i);
        }
        for (int i = 0; i < 10; i++) {
            VALUES['0' + i] = (byte) (52 + i);
        }
        VALUES['+'] = 62;
        VALUES['-'] = 62;
        VALUES['/'] = 63;
        VALUES['_'] = 63;
    }

    private final Finder finder;
    private final Text text = new Text();
    private final DecodedText decoded = new DecodedText();
    private byte[] bytes = new byte[256];

    Base64Text(Allowance allowance) {
        finder = Finder.nested(allowance);
    }

    /** The first kind of personal data in what {@code [from, to)} encodes, or {@code null} if there is none. */
    Kind find(byte[] b, int from, int to, Rules rules) {
        if (bytes.length < to - from + 32) {
            bytes = new byte[2 * (to - from) + 32];
        }
        int length = decode(b, from, to);
        int classes = Sieve.classes(bytes, 0, length);
        text.set(bytes, 0, length, rules.parameters());
        if ((classes & Sieve.ENCODED) != 0) {
            decoded.decode(bytes, 0, length);
            text.set(decoded, rules.parameters());
            classes = Sieve.classes(text.bytes, 0, text.to);
        }
        finder.begin(text, classes, rules);
        return finder.next(0) ? finder.kind() : null;
    }

    /** The six bits that a character stands for, or -1. */
    static int value(int c) {
        return c >= 0 && c < VALUES.length ? VALUES[c] : -1;
    }

    private int decode(byte[] b, int from, int to) {
        int bits = 0;
        int held = 0;
        int length = 0;
        for (int i = from; i < to; i++) {
            int value = b[i] >= 0 ? VALUES[b[i]] : -1;
            if (value < 0) {
                continue;
            }
            bits = bits << 6 | value;
            held += 6;
            if (held >= 8) {
                held -= 8;
                bytes[length++] = (byte) (bits >>> held);
            }
        }
        // Behind the end, nothing that a backslash there could escape.
        Arrays.fill(bytes, length, Math.min(bytes.length, length + 16), (byte) ' ');
        return length;
    }
}
