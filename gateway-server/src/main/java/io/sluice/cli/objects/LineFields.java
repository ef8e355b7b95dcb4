package io.sluice.cli.objects;

import io.sluice.common.Position;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * Finds in a line what the gateway itself put there, without reading the rest of it. Stateless.
 *
 * <p>The keys are found as plain bytes: a quotation mark within a string is escaped, and the schema has them before
 * anything that a client nests, or at the very end. The policy stands behind what may be an object of the client's, so
 * it is looked for among the line's own members only.
 */
public final class LineFields {

    private static final byte[] POSITION = ",\"pos\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SHOP = "\"shop\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] RECEIVED = "\"rt\":".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] POLICY = "\"pv\":\"".getBytes(StandardCharsets.US_ASCII);
    /** Quotation mark, brace and newline: the position is the last member of a line. */
    private static final int BEHIND_POSITION = 3;

    private static final long MINUTE_MILLIS = TimeUnit.MINUTES.toMillis(1);

    private LineFields() {}

    /** The position that ends the line, or {@code null} if it is of another make. */
    public static Position position(byte[] bytes, int from, int to) {
        int at = positionAt(bytes, from, to);
        try {
            return at < 0 ? null : Position.parse(ascii(bytes, at));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Where the text of the position begins that ends the line, or -1. */
    public static int positionAt(byte[] bytes, int from, int to) {
        int at = to - BEHIND_POSITION - Position.TEXT_LENGTH;
        int name = at - POSITION.length;
        return name >= from && Arrays.equals(bytes, name, at, POSITION, 0, POSITION.length) ? at : -1;
    }

    /** The text of a position that begins there. */
    public static String ascii(byte[] bytes, int at) {
        return new String(bytes, at, Position.TEXT_LENGTH, StandardCharsets.ISO_8859_1);
    }

    /** Counts the line for its shop and the minute of its receipt, if it has both. */
    public static void count(byte[] bytes, int from, int to, ShopCounts shops) {
        int shop = find(SHOP, bytes, from, to);
        int shopEnd = stringEnd(bytes, shop, to);
        long millis = shop < 0 ? -1 : receivedMillis(bytes, shopEnd, to);
        if (millis >= 0) {
            shops.add(bytes, shop, shopEnd, millis / MINUTE_MILLIS, 1);
        }
    }

    /** The name of the line's shop, or nothing if it has none. */
    public static String shop(byte[] bytes, int from, int to) {
        int shop = find(SHOP, bytes, from, to);
        return shop < 0 ? "" : new String(bytes, shop, stringEnd(bytes, shop, to) - shop, StandardCharsets.UTF_8);
    }

    /** When the line was received, in milliseconds since the epoch, or -1. */
    public static long receivedMillis(byte[] bytes, int from, int to) {
        int received = find(RECEIVED, bytes, from, to);
        if (received < 0) {
            return -1;
        }
        long millis = 0;
        for (int i = received; i < to && bytes[i] >= '0' && bytes[i] <= '9'; i++) {
            millis = 10 * millis + (bytes[i] - '0');
        }
        return millis;
    }

    /** Name and version of the policy that the line was scrubbed by, or nothing if it does not say. */
    public static String policy(byte[] bytes, int from, int to) {
        int policy = own(POLICY, bytes, from, to);
        return policy < 0
                ? ""
                : new String(bytes, policy, stringEnd(bytes, policy, to) - policy, StandardCharsets.UTF_8);
    }

    private static int stringEnd(byte[] bytes, int shop, int to) {
        int end = shop;
        while (shop >= 0 && end < to && bytes[end] != '"') {
            end++;
        }
        return end;
    }

    /** Behind the key where it is one of the line's own members and not of one that is nested, or -1. */
    private static int own(byte[] key, byte[] bytes, int from, int to) {
        int depth = 0;
        for (int i = from; i < to; i++) {
            int c = bytes[i];
            if (c == '"') {
                if (depth == 1 && i <= to - key.length && Arrays.equals(bytes, i, i + key.length, key, 0, key.length)) {
                    return i + key.length;
                }
                i++;
                while (i < to && bytes[i] != '"') {
                    i += bytes[i] == '\\' ? 2 : 1;
                }
            } else if (c == '{' || c == '[') {
                depth++;
            } else if (c == '}' || c == ']') {
                depth--;
            }
        }
        return -1;
    }

    /** Behind the first place where the key stands, or -1. */
    private static int find(byte[] key, byte[] bytes, int from, int to) {
        for (int i = from; i <= to - key.length; i++) {
            if (bytes[i] == key[0]
                    && bytes[i + 1] == key[1]
                    && Arrays.equals(bytes, i, i + key.length, key, 0, key.length)) {
                return i + key.length;
            }
        }
        return -1;
    }
}
