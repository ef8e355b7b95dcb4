package io.sluice.common;

/**
 * Reads addresses of the Internet Protocol where they stand as text: IPv4 as four decimal numbers, IPv6 as RFC 4291,
 * section 2.2, has it, without a zone. What other notations there are (octal, one number, leading zeros) is refused:
 * two readers of them may see two addresses.
 *
 * <p>Stateless; any thread; allocates nothing.
 */
public final class AddressReader {

    public static final int IPV4_BYTES = 4;
    public static final int IPV6_BYTES = 16;

    private static final int GROUPS = 8;

    private AddressReader() {}

    /**
     * Reads what stands in {@code from} to {@code to}, which must be an address and nothing else.
     *
     * @param into gets 4 or 16 bytes; room for 16
     * @return how many, 0 if it is no address. One of IPv4 within IPv6 (::ffff:0:0/96) is one of IPv4
     */
    public static int read(CharSequence text, int from, int to, byte[] into) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) == ':') {
                return readIpv6(text, from, to, into) ? normalize(into, IPV6_BYTES) : 0;
            }
        }
        return readIpv4(text, from, to, into, 0) ? IPV4_BYTES : 0;
    }

    /** The length of an address after one of IPv4 within IPv6 has become one of IPv4. */
    public static int normalize(byte[] address, int length) {
        if (length != IPV6_BYTES || address[10] != -1 || address[11] != -1) {
            return length;
        }
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return length;
            }
        }
        System.arraycopy(address, 12, address, 0, IPV4_BYTES);
        return IPV4_BYTES;
    }

    private static boolean readIpv4(CharSequence text, int from, int to, byte[] into, int at) {
        int number = -1;
        int numbers = 0;
        for (int i = from; i <= to; i++) {
            char c = i < to ? text.charAt(i) : '.';
            if (c == '.') {
                if (number < 0 || numbers == IPV4_BYTES) {
                    return false;
                }
                into[at + numbers++] = (byte) number;
                number = -1;
            } else {
                if (c < '0' || c > '9' || number == 0) {
                    return false;
                }
                number = Math.max(number, 0) * 10 + c - '0';
                if (number > 255) {
                    return false;
                }
            }
        }
        return numbers == IPV4_BYTES;
    }

    private static boolean readIpv6(CharSequence text, int from, int to, byte[] into) {
        int groups = 0;
        // Groups before the two colons that stand for zeros, or -1.
        int before = -1;
        int i = from;
        if (to - from >= 2 && text.charAt(i) == ':') {
            if (text.charAt(i + 1) != ':') {
                return false;
            }
            before = 0;
            i += 2;
        }
        while (i < to) {
            int end = i;
            boolean dots = false;
            while (end < to && text.charAt(end) != ':') {
                dots |= text.charAt(end++) == '.';
            }
            if (dots) {
                // The last four bytes may be written as IPv4.
                if (end != to || groups > GROUPS - 2 || !readIpv4(text, i, to, into, 2 * groups)) {
                    return false;
                }
                groups += 2;
                break;
            }
            int group = hex(text, i, end);
            if (group < 0 || groups == GROUPS) {
                return false;
            }
            into[2 * groups] = (byte) (group >>> 8);
            into[2 * groups++ + 1] = (byte) group;
            i = end;
            if (i < to) {
                i++;
                if (i == to) {
                    return false;
                }
                if (text.charAt(i) == ':') {
                    if (before >= 0) {
                        return false;
                    }
                    before = groups;
                    i++;
                }
            }
        }
        return spread(into, groups, before);
    }

    /** Moves the groups behind the two colons to the end, and puts zeros between. */
    private static boolean spread(byte[] into, int groups, int before) {
        if (before < 0) {
            return groups == GROUPS;
        }
        if (groups == GROUPS) {
            return false;
        }
        int zeros = 2 * (GROUPS - groups);
        System.arraycopy(into, 2 * before, into, 2 * before + zeros, 2 * (groups - before));
        for (int i = 2 * before; i < 2 * before + zeros; i++) {
            into[i] = 0;
        }
        return true;
    }

    /** One to four digits, or -1. */
    private static int hex(CharSequence text, int from, int to) {
        if (from == to || to - from > 4) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            int digit = c < 0x80 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}
