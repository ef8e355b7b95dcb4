package io.sluice.privacy;

import io.sluice.common.Decimal;
import io.sluice.json.JsonWriter;

/** Writes a client's address without what tells the client from its neighbours. */
final class AddressText {

    /** Most bytes that are written: {@code ffff:…:ffff}, eight groups. */
    static final int MAX_LENGTH = 40;

    private AddressText() {}

    /**
     * Writes the network of an address: the first 24 bits of IPv4, the first 48 of IPv6, in the text of RFC 5952. An
     * IPv4 address mapped into IPv6 (RFC 4291, section 2.5.5.2) is written as IPv4.
     */
    static int write(byte[] address, int length, byte[] dst, int at) {
        assert length == 4 || length == 16;
        if (length == 4) {
            return ipv4(address, 0, dst, at);
        }
        if (isMapped(address)) {
            return ipv4(address, 12, dst, at);
        }
        // The last five groups are zero now: no run of zeros is longer than the one that they are part of.
        int groups = 3;
        while (groups > 0 && group(address, groups - 1) == 0) {
            groups--;
        }
        for (int i = 0; i < groups; i++) {
            at = JsonWriter.hexadecimal(group(address, i), dst, at);
            dst[at++] = ':';
        }
        if (groups == 0) {
            dst[at++] = ':';
        }
        dst[at] = ':';
        return at + 1;
    }

    /**
     * Writes the whole of an address, for a pseudonym of it and nothing else: IPv4 as it is usually written, IPv6 as
     * eight groups.
     */
    static int writeWhole(byte[] address, int length, byte[] dst, int at) {
        if (length == 4 || isMapped(address)) {
            int last = length - 1;
            at = ipv4(address, length - 4, dst, at) - 1;
            return Decimal.write(address[last] & 0xff, dst, at);
        }
        for (int i = 0; i < 8; i++) {
            at = JsonWriter.hexadecimal(group(address, i), dst, at);
            dst[at++] = ':';
        }
        return at - 1;
    }

    private static int ipv4(byte[] address, int from, byte[] dst, int at) {
        for (int i = from; i < from + 3; i++) {
            at = Decimal.write(address[i] & 0xff, dst, at);
            dst[at++] = '.';
        }
        dst[at] = '0';
        return at + 1;
    }

    private static int group(byte[] address, int i) {
        return (address[2 * i] & 0xff) << 8 | address[2 * i + 1] & 0xff;
    }

    private static boolean isMapped(byte[] address) {
        for (int i = 0; i < 10; i++) {
            if (address[i] != 0) {
                return false;
            }
        }
        return address[10] == -1 && address[11] == -1;
    }
}
