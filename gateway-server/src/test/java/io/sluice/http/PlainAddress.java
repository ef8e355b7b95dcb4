package io.sluice.http;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Reads addresses as plainly as can be: what the fuzzer holds the reader of the gateway against. */
final class PlainAddress {

    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
    private static final Pattern GROUP = Pattern.compile("[0-9a-fA-F]{1,4}");

    private PlainAddress() {}

    /** 4 or 16 bytes, or {@code null}; one of IPv4 within IPv6 is one of IPv4. */
    static byte[] read(String text) {
        return text.contains(":") ? normalized(ipv6(text)) : ipv4(text);
    }

    static byte[] normalized(byte[] address) {
        byte[] mapped = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};
        return address != null && address.length == 16 && Arrays.equals(address, 0, 12, mapped, 0, 12)
                ? Arrays.copyOfRange(address, 12, 16)
                : address;
    }

    private static byte[] ipv4(String text) {
        if (!IPV4.matcher(text).matches()) {
            return null;
        }
        byte[] address = new byte[4];
        String[] numbers = text.split("\\.");
        for (int i = 0; i < 4; i++) {
            address[i] = (byte) Integer.parseInt(numbers[i]);
        }
        return address;
    }

    private static byte[] ipv6(String text) {
        String groups = text;
        int last = text.lastIndexOf(':') + 1;
        if (text.indexOf('.') >= 0) {
            byte[] v4 = ipv4(text.substring(last));
            if (v4 == null) {
                return null;
            }
            int high = (v4[0] & 0xff) << 8 | v4[1] & 0xff;
            int low = (v4[2] & 0xff) << 8 | v4[3] & 0xff;
            groups = text.substring(0, last) + Integer.toHexString(high) + ":" + Integer.toHexString(low);
        }
        int zeros = groups.indexOf("::");
        if (zeros < 0) {
            List<Integer> all = groups(groups);
            return all != null && all.size() == 8 ? bytes(all) : null;
        }
        List<Integer> before = groups(groups.substring(0, zeros));
        List<Integer> behind = groups(groups.substring(zeros + 2));
        if (before == null || behind == null || before.size() + behind.size() > 7) {
            return null;
        }
        List<Integer> all = new ArrayList<>(before);
        while (all.size() + behind.size() < 8) {
            all.add(0);
        }
        all.addAll(behind);
        return bytes(all);
    }

    private static List<Integer> groups(String text) {
        List<Integer> groups = new ArrayList<>();
        if (text.isEmpty()) {
            return groups;
        }
        for (String group : text.split(":", -1)) {
            if (!GROUP.matcher(group).matches()) {
                return null;
            }
            groups.add(Integer.parseInt(group, 16));
        }
        return groups;
    }

    private static byte[] bytes(List<Integer> groups) {
        byte[] address = new byte[16];
        for (int i = 0; i < 8; i++) {
            address[2 * i] = (byte) (groups.get(i) >> 8);
            address[2 * i + 1] = (byte) (int) groups.get(i);
        }
        return address;
    }
}
