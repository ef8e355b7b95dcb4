package io.sluice.delivery.firehose;

/**
 * Divides what there is of something among the groups: a group may use all of it, but for a part that is kept for each
 * of the others. So one that gets nothing done holds up no other, and one that is alone loses little.
 *
 * <p>Stateless.
 */
final class Shares {

    /** Half of it is divided into parts that are kept. */
    private static final int KEPT = 2;

    /** What a lane uses. */
    interface Use {
        long of(Lane lane);
    }

    private Shares() {}

    /** Whether the lane, one of {@code lanes}, may use more of {@code total}. */
    static boolean hasRoom(Iterable<Lane> lanes, int count, Lane lane, long total, Use use) {
        long kept = Math.max(1, total / (KEPT * (long) count));
        if (use.of(lane) < kept) {
            return true;
        }
        long used = 0;
        for (Lane each : lanes) {
            used += each == lane ? use.of(each) : Math.max(kept, use.of(each));
        }
        return used < total;
    }
}
