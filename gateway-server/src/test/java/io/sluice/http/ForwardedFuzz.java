package io.sluice.http;

import io.sluice.common.Networks;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Any bytes as lines of the field in which proxies name clients. Where the field is well-formed, the client is the one
 * whom a reader finds that is as plain as can be; and whatever it is, once a proxy of ours has written behind it, the
 * client is the one whom that has named.
 *
 * <p>The lowest bit of the first byte is the syntax; lines end at LF.
 */
public final class ForwardedFuzz {

    private static final Networks OURS = Networks.of("10.0.0.0/8", "fd00::/8");
    private static final ForwardedClient[] CLIENTS = {
        client(ProxyConfig.Field.X_FORWARDED_FOR), client(ProxyConfig.Field.FORWARDED)
    };
    private static final byte[] UNKNOWN = {};
    private static final byte[] NAMED = {(byte) 192, 0, 2, 7};

    private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
    private static final String PAIR = "(" + TOKEN + ")=(?:(" + TOKEN + ")|\"([^\"\\\\,;]*)\")";
    private static final Pattern PAIRS = Pattern.compile(PAIR);
    /** As the RFC has it, but for commas, semicolons and backslashes within quotes, which are left to other checks. */
    private static final Pattern WELL_FORMED = Pattern.compile("(?:" + PAIR + "(?:;" + PAIR + ")*)?");

    private static final Pattern NODE =
            Pattern.compile("(?:([^:\\[\\]]+)|\\[([^\\]]*:[^\\]]*)\\])(?::([0-9]{1,5}|_[^:]+))?");

    private ForwardedFuzz() {}

    private static ForwardedClient client(ProxyConfig.Field field) {
        return new ForwardedClient(new ProxyConfig(Networks.NONE, OURS, field));
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        boolean rfc = (input[0] & 1) != 0;
        ForwardedClient client = CLIENTS[rfc ? 1 : 0];
        String[] lines = new String(input, 1, input.length - 1, StandardCharsets.ISO_8859_1).split("\n", -1);
        byte[] found = find(client, lines);
        if (found != null && found.length != 0 && found.length != 4 && found.length != 16) {
            throw new AssertionError("an address of " + found.length + " bytes");
        }
        if (!rfc) {
            expect(plain(String.join(",", lines).split(",", -1), ForwardedFuzz::node), found);
        } else {
            String[] elements = String.join(",", lines).split(",", -1);
            if (Arrays.stream(elements)
                    .allMatch(each -> WELL_FORMED.matcher(trimmed(each)).matches())) {
                expect(plain(elements, ForwardedFuzz::element), found);
            }
        }
        String name = rfc ? "for=192.0.2.7" : "192.0.2.7";
        String quoted = rfc ? "proto=https;For=\"192.0.2.7:80\";by=_x" : "192.0.2.7:80";
        String ours = rfc ? "for=\"[fd00::1]:1\"" : "fd00::1";
        String last = lines[lines.length - 1];
        expect(NAMED, find(client, with(lines, last + "," + name)));
        expect(NAMED, find(client, with(lines, last + ", " + quoted)));
        expect(NAMED, find(client, with(lines, last + ", " + quoted + ", " + ours)));
        String[] more = Arrays.copyOf(lines, lines.length + 1);
        more[lines.length] = name + " , " + ours;
        expect(NAMED, find(client, more));
    }

    private static String[] with(String[] lines, String last) {
        String[] copy = lines.clone();
        copy[lines.length - 1] = last;
        return copy;
    }

    private static void expect(byte[] expected, byte[] found) {
        if (!Arrays.equals(expected, found)) {
            throw new AssertionError(
                    "found " + Arrays.toString(found) + ", but it is plainly " + Arrays.toString(expected));
        }
    }

    /** {@code null} if nobody was named. */
    private static byte[] find(ForwardedClient client, String[] lines) {
        client.clear();
        for (String line : lines) {
            client.add(line);
        }
        return client.length() == ForwardedClient.NONE ? null : Arrays.copyOf(client.address(), client.length());
    }

    // As plainly as can be.

    private interface Reader {
        byte[] read(String element);
    }

    private static byte[] plain(String[] elements, Reader reader) {
        byte[] farthest = null;
        for (int i = elements.length - 1; i >= 0; i--) {
            String element = trimmed(elements[i]);
            if (element.isEmpty()) {
                continue;
            }
            farthest = reader.read(element);
            if (farthest.length == 0 || !OURS.contains(farthest, farthest.length)) {
                break;
            }
        }
        return farthest;
    }

    private static String trimmed(String text) {
        return text.replaceAll("^[ \t]+|[ \t]+$", "");
    }

    private static byte[] element(String element) {
        byte[] address = UNKNOWN;
        boolean seen = false;
        for (Matcher pair = PAIRS.matcher(element); pair.find(); ) {
            if (pair.group(1).equalsIgnoreCase("for")) {
                address = seen ? UNKNOWN : node(pair.group(2) != null ? pair.group(2) : pair.group(3));
                seen = true;
            }
        }
        return address;
    }

    private static byte[] node(String text) {
        String node = trimmed(text);
        byte[] address = PlainAddress.read(node);
        Matcher parts = NODE.matcher(node);
        if (address == null && parts.matches()) {
            address = PlainAddress.read(parts.group(1) != null ? parts.group(1) : parts.group(2));
        }
        return address == null ? UNKNOWN : address;
    }
}
