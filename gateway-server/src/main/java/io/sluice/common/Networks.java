package io.sluice.common;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A set of addresses, given as networks: {@code 10.0.0.0/8}, {@code 2001:db8::/32}, or single addresses.
 *
 * <p>Immutable; any thread; looking up costs a comparison with each network and allocates nothing.
 */
public final class Networks {

    public static final Networks NONE = new Networks(List.of());
    public static final Networks ALL = of("0.0.0.0/0", "::/0");

    private final List<String> texts;
    private final byte[][] addresses;
    private final int[] bits;

    private Networks(List<String> texts) {
        this.texts = List.copyOf(texts);
        this.addresses = new byte[texts.size()][];
        this.bits = new int[texts.size()];
        for (int i = 0; i < bits.length; i++) {
            parse(i, texts.get(i));
        }
    }

    public static Networks of(String... networks) {
        return of(List.of(networks));
    }

    /** @throws IllegalArgumentException if one of them is no network, or has bits behind its prefix */
    public static Networks of(List<String> networks) {
        List<String> stripped = new ArrayList<>();
        for (String network : networks) {
            stripped.add(network.strip());
        }
        return new Networks(stripped);
    }

    private void parse(int index, String text) {
        int slash = text.indexOf('/');
        byte[] address = new byte[AddressReader.IPV6_BYTES];
        int length = AddressReader.read(text, 0, slash < 0 ? text.length() : slash, address);
        int prefix = slash < 0 ? length * 8 : prefix(text.substring(slash + 1));
        if (length == 0 || prefix < 0 || prefix > length * 8) {
            throw new IllegalArgumentException("no network: " + text);
        }
        addresses[index] = Arrays.copyOf(address, length);
        bits[index] = prefix;
        for (int bit = prefix; bit < length * 8; bit++) {
            if ((address[bit >> 3] & 0x80 >> (bit & 7)) != 0) {
                throw new IllegalArgumentException("bits behind the prefix: " + text);
            }
        }
    }

    private static int prefix(String digits) {
        return digits.matches("[0-9]{1,3}") ? Integer.parseInt(digits) : -1;
    }

    public boolean isEmpty() {
        return bits.length == 0;
    }

    /** Whether an address of 4 or 16 bytes is one of these; one of any other length is not. */
    public boolean contains(byte[] address, int length) {
        for (int i = 0; i < bits.length; i++) {
            if (addresses[i].length == length && begins(address, addresses[i], bits[i])) {
                return true;
            }
        }
        return false;
    }

    private static boolean begins(byte[] address, byte[] network, int bits) {
        int whole = bits >> 3;
        for (int i = 0; i < whole; i++) {
            if (address[i] != network[i]) {
                return false;
            }
        }
        int mask = 0xFF00 >> (bits & 7) & 0xFF;
        return mask == 0 || (address[whole] & mask) == (network[whole] & mask);
    }

    /** As they were given. */
    public List<String> texts() {
        return texts;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Networks that && texts.equals(that.texts);
    }

    @Override
    public int hashCode() {
        return texts.hashCode();
    }

    @Override
    public String toString() {
        return String.join(", ", texts);
    }
}
