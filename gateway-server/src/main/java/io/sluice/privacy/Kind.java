package io.sluice.privacy;

import io.sluice.metrics.Counter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The kinds of personal data that are looked for, in the order in which one wins over another at the same place. */
enum Kind {
    /** What was not looked at, since the request had used up its {@link Allowance}. */
    UNREAD("unread", Counter.SCRUBBED_UNREAD),
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

    /** Most characters that a bucket leaves: the six of a card. */
    private static final int LONGEST_BUCKET = 6;

    private static final Kind[] ALL = values();

    private final String key;
    private final Counter counter;
    private final byte[] replacement;

    Kind(String key, Counter counter) {
        this.counter = counter;
        this.key = key;
        this.replacement = ("[" + key + "]").getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether it is something that is looked for, so that a policy may say what becomes of it. */
    boolean isDetected() {
        return this != UNREAD && this != FIELD;
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

    /**
     * Whether something that was found before has been replaced at {@code at}: by the kind, or by the kind and a
     * pseudonym or a bucket.
     */
    static boolean isReplacement(byte[] b, int at, int to) {
        for (Kind kind : ALL) {
            if (kind.begins(b, at, to)) {
                int last = at + kind.replacement.length - 1;
                return b[last] == ']' || isDetail(b, last + 1, to);
            }
        }
        return false;
    }

    /** Whether {@code [from, to)} is {@link #replacement}. */
    boolean isWord(byte[] b, int from, int to) {
        return Arrays.equals(b, from, to, replacement, 0, replacement.length);
    }

    /** Whether {@code [email} stands at {@code at}, and a bracket or a colon behind it. */
    private boolean begins(byte[] b, int at, int to) {
        int last = replacement.length - 1;
        return to - at > last
                && Arrays.equals(b, at, at + last, replacement, 0, last)
                && (b[at + last] == ']' || b[at + last] == ':');
    }

    /** Whether a pseudonym stands at {@code from}, or what a bucket has, and then a bracket. */
    private static boolean isDetail(byte[] b, int from, int to) {
        int at = from;
        boolean pseudonym = true;
        while (at < to && at - from < Pseudonyms.LENGTH && Ascii.isAlphanumeric(b[at])) {
            pseudonym &= b[at] >= 'a' && b[at] <= 'p';
            at++;
        }
        boolean whole = at - from == Pseudonyms.LENGTH && pseudonym || at - from <= LONGEST_BUCKET;
        return whole && at > from && at < to && b[at] == ']';
    }

    /** Whether {@code [from, to)} is the word of a kind with a pseudonym in it. */
    static boolean isPseudonym(byte[] b, int from, int to) {
        for (Kind kind : ALL) {
            int behind = from + kind.replacement.length;
            if (to - behind == Pseudonyms.LENGTH + 1 && kind.begins(b, from, to)) {
                return isDetail(b, behind, to);
            }
        }
        return false;
    }
}
