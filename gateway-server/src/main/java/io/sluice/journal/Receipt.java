package io.sluice.journal;

/**
 * What became of a block that delivery is done with, as its mark keeps it.
 *
 * @param kind whether it lies where it should
 * @param text what names it there, or why it does not: ASCII without control characters
 * @param millis when, in milliseconds since the epoch
 */
public record Receipt(Kind kind, String text, long millis) {

    /** In the order of their codes in a mark. */
    public enum Kind {
        /** Durable at the destination; the text is Firehose's record id, or the key of the object. */
        DELIVERED,
        /** Refused for ever by the destination and durable where such blocks are kept; the text is the reason. */
        PARKED
    }
}
