package io.sluice.http;

import io.netty.util.AsciiString;
import io.sluice.common.AddressReader;
import io.sluice.common.Networks;

/**
 * Finds out whom the proxies before us name as the client: {@code X-Forwarded-For}, or {@code Forwarded} (RFC 7239).
 *
 * <p>Each proxy adds at the end the address that it was connected to from. So the list is walked from the right, and
 * the first address that is no trusted proxy's is the client: it was written by one that is trusted, and what stands
 * before it may have been written by the client itself. Where a trusted proxy does not name an address ({@code
 * unknown}, {@code _hidden}, or nothing that can be read), the client is unknown.
 *
 * <p>Confined to its loop. One for all its connections, used while one head is read. Allocates nothing, but for a
 * quoted string with a backslash.
 */
final class ForwardedClient {

    /** Nobody was named. */
    static final int NONE = -1;

    private static final String FOR = "for";

    private final Networks trusted;
    private final ProxyConfig.Field syntax;
    private final AsciiString field;
    private final byte[] node = new byte[AddressReader.IPV6_BYTES];
    private final byte[] address = new byte[AddressReader.IPV6_BYTES];
    private int length;
    /** Whether somebody was named who is not a trusted proxy. */
    private boolean found;

    ForwardedClient(ProxyConfig config) {
        trusted = config.trusted();
        syntax = config.field();
        field = switch (syntax) {
            case X_FORWARDED_FOR -> AsciiString.cached("x-forwarded-for");
            case FORWARDED -> AsciiString.cached("forwarded");
        };
        clear();
    }

    /** Name of the field, in lower case. */
    AsciiString field() {
        return field;
    }

    ForwardedClient clear() {
        length = NONE;
        found = false;
        return this;
    }

    /** Bytes of the client's address, from index 0 of {@link #address}: 4, 16, 0 if unknown, or {@link #NONE}. */
    int length() {
        return length;
    }

    byte[] address() {
        return address;
    }

    /** Takes one line of the field; the lines of a head in their order. */
    void add(CharSequence line) {
        boolean first = length == NONE;
        boolean any = false;
        int nodeLength = 0;
        for (int end = line.length(); end >= 0; ) {
            int start = elementStart(line, end);
            if (!blank(line, start, end)) {
                any = true;
                nodeLength = node(line, start, end);
                if (nodeLength == 0 || !trusted.contains(node, nodeLength)) {
                    found = true;
                    take(nodeLength);
                    return;
                }
            }
            end = start - 1;
        }
        if (any && first && !found) {
            // All are proxies of ours: the farthest has made the request.
            take(nodeLength);
        }
    }

    private void take(int nodeLength) {
        System.arraycopy(node, 0, address, 0, nodeLength);
        length = nodeLength;
    }

    /**
     * Index of the element that ends before {@code end}: behind a comma that stands in no quoted string. From the
     * right, since what is left of it was not written by who wrote it, and may hold half a pair of quotes.
     */
    private int elementStart(CharSequence line, int end) {
        boolean quoted = false;
        for (int i = end - 1; i >= 0; i--) {
            char c = line.charAt(i);
            if (c == '"' && syntax == ProxyConfig.Field.FORWARDED && !(quoted && escaped(line, i))) {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                return i + 1;
            }
        }
        return 0;
    }

    private static boolean escaped(CharSequence line, int index) {
        int backslashes = 0;
        while (index - backslashes > 0 && line.charAt(index - backslashes - 1) == '\\') {
            backslashes++;
        }
        return (backslashes & 1) == 1;
    }

    /** Reads the address that an element names into {@link #node}. Returns its length, 0 if it names none. */
    private int node(CharSequence line, int from, int to) {
        return switch (syntax) {
            case X_FORWARDED_FOR -> node(line, skipSpace(line, from, to), to, node);
            case FORWARDED -> forwarded(line, from, to);
        };
    }

    /** {@code for=192.0.2.43;proto=http} (RFC 7239, section 4). */
    private int forwarded(CharSequence line, int from, int to) {
        int length = 0;
        boolean seen = false;
        for (int i = from; i < to; ) {
            int end = pairEnd(line, i, to);
            int start = skipSpace(line, i, end);
            if (isFor(line, start, end)) {
                if (seen) {
                    return 0;
                }
                seen = true;
                length = value(line, start + FOR.length() + 1, end);
            }
            i = end + 1;
        }
        return length;
    }

    private static int pairEnd(CharSequence line, int from, int to) {
        boolean quoted = false;
        for (int i = from; i < to; i++) {
            char c = line.charAt(i);
            if (c == '\\' && quoted) {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ';' && !quoted) {
                return i;
            }
        }
        return to;
    }

    private static boolean isFor(CharSequence line, int from, int to) {
        return to - from > FOR.length()
                && line.charAt(from + FOR.length()) == '='
                && AsciiString.regionMatches(line, true, from, FOR, 0, FOR.length());
    }

    /** A token or a quoted string. */
    private int value(CharSequence line, int from, int to) {
        int end = to;
        while (end > from && isSpace(line.charAt(end - 1))) {
            end--;
        }
        if (end - from < 2 || line.charAt(from) != '"' || line.charAt(end - 1) != '"') {
            // A token cannot hold what an address of IPv6 or a port needs, but some write them so: no harm.
            return node(line, from, end, node);
        }
        for (int i = from + 1; i < end - 1; i++) {
            if (line.charAt(i) == '\\') {
                CharSequence text = unescaped(line, from + 1, end - 1);
                return node(text, 0, text.length(), node);
            }
        }
        return node(line, from + 1, end - 1, node);
    }

    private static CharSequence unescaped(CharSequence line, int from, int to) {
        StringBuilder text = new StringBuilder();
        for (int i = from; i < to; i++) {
            if (line.charAt(i) == '\\' && i + 1 < to) {
                i++;
            }
            text.append(line.charAt(i));
        }
        return text;
    }

    /**
     * An address, with a port or without (RFC 7239, section 6): {@code 192.0.2.43:47011}, {@code [2001:db8::17]:_gp},
     * and what proxies write into X-Forwarded-For, {@code 2001:db8::17}.
     */
    private static int node(CharSequence text, int from, int to, byte[] into) {
        int end = to;
        while (end > from && isSpace(text.charAt(end - 1))) {
            end--;
        }
        if (end > from && text.charAt(from) == '[') {
            int close = from + 1;
            while (close < end && text.charAt(close) != ']') {
                close++;
            }
            boolean whole = close + 1 == end || close < end && isPort(text, close + 1, end);
            boolean colon = false;
            for (int i = from; i < close; i++) {
                colon |= text.charAt(i) == ':';
            }
            return whole && colon ? AddressReader.read(text, from + 1, close, into) : 0;
        }
        int colon = -1;
        int colons = 0;
        for (int i = from; i < end; i++) {
            if (text.charAt(i) == ':') {
                colon = i;
                colons++;
            }
        }
        if (colons == 1) {
            return isPort(text, colon, end) ? AddressReader.read(text, from, colon, into) : 0;
        }
        return AddressReader.read(text, from, end, into);
    }

    /** A colon and one to five digits, or a name that hides them. */
    private static boolean isPort(CharSequence text, int from, int to) {
        if (to - from < 2 || text.charAt(from) != ':') {
            return false;
        }
        if (text.charAt(from + 1) == '_') {
            return to - from > 2;
        }
        for (int i = from + 1; i < to; i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return to - from <= 6;
    }

    private static int skipSpace(CharSequence line, int from, int to) {
        int i = from;
        while (i < to && isSpace(line.charAt(i))) {
            i++;
        }
        return i;
    }

    private static boolean blank(CharSequence line, int from, int to) {
        return skipSpace(line, from, to) == to;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }
}
