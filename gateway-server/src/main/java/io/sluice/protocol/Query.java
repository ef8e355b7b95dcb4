package io.sluice.protocol;

import io.sluice.common.Hex;

/**
 * A cursor over the parameters of a query string, as bytes and still percent-encoded.
 *
 * <p>Reads {@code application/x-www-form-urlencoded} as the URL standard of WHATWG does: {@code +} is a space, an
 * escape that is none stands for itself, and so nothing is ever refused. One per loop, confined to it; allocates
 * nothing.
 */
public final class Query {

    private byte[] bytes = {};
    private int next;
    private int end;
    private int nameFrom;
    private int nameTo;
    private int valueFrom;
    private int valueTo;

    /** Goes before the first parameter of the query that is the first {@code length} bytes. */
    public void reset(byte[] bytes, int length) {
        this.bytes = bytes;
        next = 0;
        end = length;
    }

    /** Goes to the next parameter that is not empty, and answers whether there is one. */
    public boolean next() {
        int at = next;
        while (at < end && bytes[at] == '&') {
            at++;
        }
        if (at >= end) {
            next = end;
            return false;
        }
        nameFrom = at;
        while (at < end && bytes[at] != '=' && bytes[at] != '&') {
            at++;
        }
        nameTo = at;
        if (at < end && bytes[at] == '=') {
            at++;
        }
        valueFrom = at;
        while (at < end && bytes[at] != '&') {
            at++;
        }
        valueTo = at;
        next = at;
        return true;
    }

    /** Goes to the first parameter of this name, and answers whether there is one. */
    public boolean find(String asciiName) {
        next = 0;
        while (next()) {
            if (nameIs(asciiName)) {
                return true;
            }
        }
        return false;
    }

    /** Whether the name is this one, beneath its percent-encoding. */
    public boolean nameIs(String asciiName) {
        int at = nameFrom;
        for (int i = 0; i < asciiName.length(); i++) {
            if (at >= nameTo) {
                return false;
            }
            int escaped = escaped(bytes, at, nameTo);
            if (decoded(bytes[at], escaped) != asciiName.charAt(i)) {
                return false;
            }
            at += encodedLength(escaped);
        }
        return at == nameTo;
    }

    public int nameFrom() {
        return nameFrom;
    }

    public int nameTo() {
        return nameTo;
    }

    public int valueFrom() {
        return valueFrom;
    }

    public int valueTo() {
        return valueTo;
    }

    /**
     * Decodes {@code [from, to)} to {@code at} and answers the offset behind it. Never longer than the source; the
     * bytes need not be UTF-8.
     */
    public static int decode(byte[] src, int from, int to, byte[] dst, int at) {
        while (from < to) {
            int escaped = escaped(src, from, to);
            dst[at++] = (byte) decoded(src[from], escaped);
            from += encodedLength(escaped);
        }
        return at;
    }

    /** What the escape at {@code at} stands for, 0 to 255; or -1 where there is none. */
    public static int escaped(byte[] src, int at, int to) {
        // Of a digit that is none the value is -1, and so is what comes of it, or less.
        return src[at] == '%' && at + 2 < to ? Math.max(-1, Hex.value(src[at + 1]) << 4 | Hex.value(src[at + 2])) : -1;
    }

    /** What a byte stands for of which {@link #escaped} says this. */
    public static int decoded(byte encoded, int escaped) {
        if (escaped >= 0) {
            return escaped;
        }
        return encoded == '+' ? ' ' : encoded & 0xff;
    }

    /** Bytes that it takes, together with its digits if it has them. */
    public static int encodedLength(int escaped) {
        return escaped >= 0 ? 3 : 1;
    }
}
