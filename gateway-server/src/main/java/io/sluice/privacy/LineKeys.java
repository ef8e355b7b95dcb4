package io.sluice.privacy;

import io.sluice.json.Swar;
import io.sluice.record.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What stands before the values of a line's fields. Stateless, allocates nothing. */
final class LineKeys {

    /** The names themselves. */
    static final byte[][] KEYS;

    private static final int LONGEST = 16;

    /** Comma or brace, name in quotes and colon, as two words. */
    private static final long[] NAMES;

    private static final int[] LENGTHS;

    static {
        Field[] fields = Field.values();
        KEYS = new byte[fields.length][];
        NAMES = new long[2 * fields.length];
        LENGTHS = new int[fields.length];
        for (Field field : fields) {
            int i = field.ordinal();
            String name = (field == Field.ID ? "{\"" : ",\"") + field.key() + "\":";
            byte[] bytes = Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), LONGEST);
            NAMES[2 * i] = Swar.word(bytes, 0);
            NAMES[2 * i + 1] = Swar.word(bytes, 8);
            LENGTHS[i] = name.length();
            KEYS[i] = field.key().getBytes(StandardCharsets.US_ASCII);
        }
    }

    private LineKeys() {}

    /** Writes what stands before the value of a field; may overwrite 16 bytes. */
    static int write(Field field, byte[] dst, int at) {
        return write(field.ordinal(), dst, at);
    }

    static int write(int field, byte[] dst, int at) {
        Swar.put(dst, at, NAMES[2 * field]);
        Swar.put(dst, at + 8, NAMES[2 * field + 1]);
        return at + LENGTHS[field];
    }

    /** Bytes of the field's name with its quotes and colon. */
    static int length(int field) {
        return LENGTHS[field] - 1;
    }
}
