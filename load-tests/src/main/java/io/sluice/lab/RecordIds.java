package io.sluice.lab;

import java.util.concurrent.ThreadLocalRandom;

/** Names for stored records, unique over all runs as far as chance allows. Guarded by the lock of {@link Firehose}. */
final class RecordIds {

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    private static final int RUN_LENGTH = 44;
    private static final int NUMBER_LENGTH = 11;

    private final byte[] id = new byte[RUN_LENGTH + NUMBER_LENGTH];
    private long next;

    RecordIds() {
        for (int i = 0; i < RUN_LENGTH; i++) {
            id[i] = (byte) LETTERS.charAt(ThreadLocalRandom.current().nextInt(64));
        }
    }

    /** The next id; the array is reused. */
    byte[] next() {
        long number = next++;
        for (int i = id.length - 1; i >= RUN_LENGTH; i--) {
            id[i] = (byte) LETTERS.charAt((int) (number & 63));
            number >>>= 6;
        }
        return id;
    }
}
