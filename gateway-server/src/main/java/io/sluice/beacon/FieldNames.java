package io.sluice.beacon;

import io.sluice.json.Swar;
import io.sluice.privacy.consent.Form;
import io.sluice.record.Field;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which field of the schema a client means by a name: a hash table of words, without allocation or a loop over bytes.
 *
 * <p>Names of consent in other forms than that of the schema are known too; their values are properties all the same.
 *
 * <p>Names are compared as the bytes that were sent, so an escaped one is nobody's. Of several names for one field in
 * one event the one that stands first here wins; the other becomes a property.
 */
public final class FieldNames {

    static final int NONE = -1;

    private static final String[][] NAMES = {
        {"ID", "id", "messageId", "eventId"},
        {"EVENT", "event", "name", "e"},
        {"SENT", "ts", "time", "timestamp", "st"},
        {"URL", "url", "page"},
        {"REFERRER", "ref", "referrer"},
        {"AGENT", "ua", "userAgent"},
        {"USER", "uid", "userId", "user"},
        {"ANONYMOUS", "aid", "anonymousId"},
        {"SESSION", "sid", "sessionId"},
        {"CONSENT", "consent"},
        {"PROPS", "props", "properties"},
    };

    private static final Object[][] CONSENT = {
        {"gdpr", Form.GDPR_APPLIES},
        {"gdpr_consent", Form.TCF},
        {"gpp", Form.GPP},
        {"gpp_sid", Form.GPP_SECTIONS},
        {"us_privacy", Form.US_PRIVACY},
        {"gcs", Form.GCS},
        {"gcd", Form.GCD},
        {"context", Form.CONTEXT},
    };

    /** In a code: that it is a {@link Form}. */
    private static final int FORM = 1 << 16;

    private static final Form[] FORMS = Form.values();

    private static final int SLOTS = 128;
    private static final Field[] FIELDS = Field.values();

    private static final long[] HEADS = new long[SLOTS];
    private static final long[] TAILS = new long[SLOTS];
    private static final int[] LENGTHS = new int[SLOTS];
    private static final int[] CODES = new int[SLOTS];

    static {
        for (String[] line : NAMES) {
            for (int rank = 0; rank + 1 < line.length; rank++) {
                put(line[rank + 1], rank << 8 | Field.valueOf(line[0]).ordinal());
            }
        }
        for (Object[] line : CONSENT) {
            put((String) line[0], FORM | ((Form) line[1]).ordinal());
        }
    }

    private FieldNames() {}

    /** All names that clients of the native protocols may use, each with its field. For tools. */
    public static Map<String, Field> all() {
        Map<String, Field> all = new LinkedHashMap<>();
        for (String[] line : NAMES) {
            for (int rank = 0; rank + 1 < line.length; rank++) {
                all.put(line[rank + 1], Field.valueOf(line[0]));
            }
        }
        return all;
    }

    /** Whether a code, not {@link #NONE}, is of a form of consent rather than of a field. */
    static boolean isForm(int code) {
        return code >= FORM;
    }

    static Form form(int code) {
        return FORMS[code & 0xff];
    }

    /** The code of the name of {@code length} bytes at {@code from}, or {@link #NONE}; 16 bytes must be readable. */
    static int lookup(byte[] bytes, int from, int length) {
        if (length - 1 > 15) {
            return NONE;
        }
        long head = length >= 8 ? Swar.word(bytes, from) : Swar.word(bytes, from) & ~(-1L << 8 * length);
        long tail = length > 8 ? Swar.word(bytes, from + length - 8) : 0;
        for (int slot = slot(head, tail); LENGTHS[slot] != 0; slot = slot + 1 & SLOTS - 1) {
            if (HEADS[slot] == head && TAILS[slot] == tail && LENGTHS[slot] == length) {
                return CODES[slot];
            }
        }
        return NONE;
    }

    static Field field(int code) {
        return FIELDS[code & 0xff];
    }

    /** Lower wins. */
    static int rank(int code) {
        return code >> 8;
    }

    private static int slot(long head, long tail) {
        return (int) ((head ^ tail) * 0x9E3779B97F4A7C15L >>> 57);
    }

    private static void put(String name, int code) {
        byte[] bytes = Arrays.copyOf(name.getBytes(StandardCharsets.US_ASCII), 32);
        int length = name.length();
        long head = length >= 8 ? Swar.word(bytes, 0) : Swar.word(bytes, 0) & ~(-1L << 8 * length);
        long tail = length > 8 ? Swar.word(bytes, length - 8) : 0;
        int slot = slot(head, tail);
        while (LENGTHS[slot] != 0) {
            slot = slot + 1 & SLOTS - 1;
        }
        HEADS[slot] = head;
        TAILS[slot] = tail;
        LENGTHS[slot] = length;
        CODES[slot] = code;
    }
}
