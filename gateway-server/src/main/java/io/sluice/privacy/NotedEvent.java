package io.sluice.privacy;

import io.sluice.json.Scanner;
import io.sluice.record.Field;
import java.util.Arrays;

/**
 * What is known of the event that is being scanned: where the values of its fields stand, and the pieces of its props.
 *
 * <p>Confined to its sink; holds offsets, no bytes. Allocates nothing once it has had room for the most members.
 */
final class NotedEvent {

    private static final int FIELDS = Field.values().length;

    // What is known of a value, in a row for each field.
    private static final int ROW = 8;
    private static final int FROM = 0;
    private static final int TO = 1;
    private static final int FIRST_MARK = 2;
    private static final int LAST_MARK = 3;
    /** Where the name before it begins that is just as it stands in a line, or -1. */
    private static final int NAME = 4;

    private final int[] values = new int[ROW * FIELDS];

    Scanner scanner;
    /** A bit for each field that it has. */
    int present;

    long sentMillis;
    /** Where the digits of {@link #sentMillis} stand, and no others, or -1. */
    int sentDigits;

    /** Bytes of all that is noted. */
    int bytes;

    /** Begin, end, first and last mark of each piece of props. */
    int[] members = new int[4 * 64];

    int membersLength;

    void begin(Scanner scanner) {
        this.scanner = scanner;
        present = 0;
        bytes = 0;
        membersLength = 0;
    }

    boolean has(Field field) {
        return (present & bit(field)) != 0;
    }

    void set(Field field, int name, int from, int to, int firstMark, int lastMark) {
        int i = field.ordinal();
        present |= 1 << i;
        int row = ROW * i;
        values[row + FROM] = from;
        values[row + TO] = to;
        values[row + FIRST_MARK] = firstMark;
        values[row + LAST_MARK] = lastMark;
        values[row + NAME] = name;
        bytes += to - from;
    }

    void sent(long epochMillis, int digits) {
        present |= bit(Field.SENT);
        sentMillis = epochMillis;
        sentDigits = digits;
    }

    void member(int from, int to, int firstMark, int lastMark) {
        int at = membersLength;
        if (at == members.length) {
            members = Arrays.copyOf(members, 2 * at);
        }
        members[at] = from;
        members[at + 1] = to;
        members[at + 2] = firstMark;
        members[at + 3] = lastMark;
        membersLength = at + 4;
        bytes += to - from + 1;
    }

    // Of a field that it has, by its ordinal.

    int from(int field) {
        return values[ROW * field + FROM];
    }

    int to(int field) {
        return values[ROW * field + TO];
    }

    int firstMark(int field) {
        return values[ROW * field + FIRST_MARK];
    }

    int lastMark(int field) {
        return values[ROW * field + LAST_MARK];
    }

    /** Where its name begins if it and the value can stand in a line just as they do here, or -1. */
    int asItStands(int field) {
        int row = ROW * field;
        return values[row + FIRST_MARK] == values[row + LAST_MARK] ? values[row + NAME] : -1;
    }

    static int bit(Field field) {
        return 1 << field.ordinal();
    }
}
