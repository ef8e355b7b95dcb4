package io.sluice.cli.audit;

import io.sluice.cli.objects.LineFields;
import io.sluice.common.Position;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Blots out of a copy of a line what the gateway has put there itself, so that no detector takes it for something else:
 * the position, an id that it made, and the network of an address. An address that was not cut stays. Stateless.
 */
final class OwnFields {

    private static final byte[] ID = "{\"id\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ADDRESS = ",\"ip\":\"".getBytes(StandardCharsets.US_ASCII);

    /** RFC 9562, version 7. */
    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");

    private static final Pattern NETWORK = Pattern.compile("(\\d{1,3}\\.){3}0|[0-9a-f]{0,4}(:[0-9a-f]{1,4}){0,2}::");

    private OwnFields() {}

    /** @param to behind the line, newline included */
    static void blot(byte[] line, int to) {
        if (starts(ID, line, 0, to)) {
            blot(line, ID.length, to, UUID);
        }
        // Behind the shop, whose name the gateway knows, and in front of all that is the client's but id and event.
        int address = find(line, to);
        if (address >= 0) {
            blot(line, address, to, NETWORK);
        }
        int position = LineFields.positionAt(line, 0, to);
        if (position >= 0) {
            Arrays.fill(line, position, position + Position.TEXT_LENGTH, (byte) 'x');
        }
    }

    private static int find(byte[] line, int to) {
        for (int i = 0; i < to; i++) {
            if (line[i] == ',' && starts(ADDRESS, line, i, to)) {
                return i + ADDRESS.length;
            }
        }
        return -1;
    }

    private static boolean starts(byte[] begin, byte[] line, int at, int to) {
        return to - at >= begin.length && Arrays.equals(begin, 0, begin.length, line, at, at + begin.length);
    }

    private static void blot(byte[] line, int from, int to, Pattern form) {
        int end = from;
        while (end < to && line[end] != '"') {
            end++;
        }
        if (form.matcher(new String(line, from, end - from, StandardCharsets.ISO_8859_1))
                .matches()) {
            Arrays.fill(line, from, end, (byte) 'x');
        }
    }
}
