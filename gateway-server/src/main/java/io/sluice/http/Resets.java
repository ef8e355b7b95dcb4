package io.sluice.http;

/**
 * The streams that were reset last while their client may still have been sending: what comes for these is late, not
 * wrong (RFC 9113, section 5.1).
 *
 * <p>Confined to its loop. Remembers {@value #LEAST} or more, and makes room for them at the first.
 */
final class Resets {

    /** Some times as many as a client may have open: it learns of each within a round trip. */
    private static final int LEAST = 512;

    private final int mask;
    private int[] ids;
    private int next;

    /** @param most that may end by reset at once */
    Resets(int most) {
        mask = Math.max(LEAST, Integer.highestOneBit(2 * most - 1)) - 1;
    }

    void add(int streamId) {
        if (ids == null) {
            ids = new int[mask + 1];
        }
        ids[next++ & mask] = streamId;
    }

    boolean contain(int streamId) {
        if (ids != null) {
            for (int id : ids) {
                if (id == streamId) {
                    return true;
                }
            }
        }
        return false;
    }
}
