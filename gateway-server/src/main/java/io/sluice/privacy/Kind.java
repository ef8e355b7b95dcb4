package io.sluice.privacy;

import io.sluice.metrics.Counter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The kinds of personal data that are looked for, in the order in which one wins over another at the same place. */
enum Kind {
    EMAIL("email", Counter.SCRUBBED_EMAILS),
    SECRET("secret", Counter.SCRUBBED_SECRETS),
    IBAN("iban", Counter.SCRUBBED_IBANS),
    CARD("card", Counter.SCRUBBED_CARDS),
    IP("ip", Counter.SCRUBBED_IPS),
    MAC("mac", Counter.SCRUBBED_MACS),
    /** A number that a state gives to a person; {@link NationalId} says which. */
    ID("id", Counter.SCRUBBED_IDS),
    PHONE("phone", Counter.SCRUBBED_PHONES),
    COORDINATES("coordinates", Counter.SCRUBBED_COORDINATES),
    /** The value of a member or a parameter whose name says that it is personal. */
    FIELD("field", Counter.SCRUBBED_FIELDS);

    /** Most bytes of what {@link #replacement} answers. */
    static final int LONGEST = 16;

    private static final Kind[] ALL = values();

    private final String key;
    private final Counter counter;
    private final byte[] replacement;

    Kind(String key, Counter counter) {
        this.counter = counter;
        this.key = key;
        this.replacement = ("[" + key + "]").getBytes(StandardCharsets.US_ASCII);
    }

    /** As policies and counters name it. */
    String key() {
        return key;
    }

    /** What counts the pieces. */
    Counter counter() {
        return counter;
    }

    /** What stands in its place: valid within JSON strings and within URLs, and nothing to any detector. */
    byte[] replacement() {
        return replacement;
    }

    /** Whether something that was found before has been replaced at {@code at}, by the kind or by a pseudonym. */
    static boolean isReplacement(byte[] b, int at, int to) {
        for (Kind kind : ALL) {
            byte[] word = kind.replacement;
            int last = word.length - 1;
            if (to - at >= word.length
                    && Arrays.equals(b, at, at + last, word, 0, last)
                    && (b[at + last] == ']' || b[at + last] == ':')) {
                return true;
            }
        }
        return false;
    }
}
