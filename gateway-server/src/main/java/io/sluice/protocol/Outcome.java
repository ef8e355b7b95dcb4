package io.sluice.protocol;

import io.sluice.metrics.Cells;
import io.sluice.metrics.Reason;
import java.util.Arrays;

/**
 * What became of the events of one request. Filled by a decoder, read by the intake and rendered into the answer.
 *
 * <p>One per loop, reused. Either the request was taken, with each event accepted or rejected, or it was refused as a
 * whole and has left nothing behind.
 */
public final class Outcome {

    /** Most rejected events that an answer lists one by one. */
    public static final int MAX_LISTED = 100;

    private static final Reason[] REASONS = Reason.values();

    private int accepted;
    private int rejected;
    private final int[] indexes = new int[MAX_LISTED];
    private final int[] offsets = new int[MAX_LISTED];
    private final Reason[] reasons = new Reason[MAX_LISTED];
    /** Rejected events by the ordinal of their reason. */
    private final int[] counts = new int[REASONS.length];

    private Reason refusal;
    private int refusalOffset;

    public void clear() {
        accepted = 0;
        if (rejected != 0) {
            rejected = 0;
            Arrays.fill(counts, 0);
        }
        refusal = null;
        refusalOffset = -1;
    }

    public void accept() {
        accepted++;
    }

    /** The event that is the {@code index}th of the request, counted from 0, is not taken. */
    public void reject(int index, Reason reason, int offset) {
        if (rejected < MAX_LISTED) {
            indexes[rejected] = index;
            reasons[rejected] = reason;
            offsets[rejected] = offset;
        }
        rejected++;
        counts[reason.ordinal()]++;
    }

    /** The whole request is not taken; {@code offset} is where in the body it went wrong, or -1. */
    public void refuse(Reason reason, int offset) {
        refusal = reason;
        refusalOffset = offset;
    }

    public int accepted() {
        return accepted;
    }

    public int rejected() {
        return rejected;
    }

    /** How many of the rejected events have index, offset and reason noted. */
    public int listed() {
        return Math.min(rejected, MAX_LISTED);
    }

    public int index(int i) {
        return indexes[i];
    }

    public int offset(int i) {
        return offsets[i];
    }

    public Reason reason(int i) {
        return reasons[i];
    }

    /** Adds all rejected events, listed or not, to the counters of their reasons. */
    public void countRejected(Cells cells) {
        if (rejected == 0) {
            return;
        }
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                cells.refuse(REASONS[i], counts[i]);
            }
        }
    }

    /** Why the whole request is refused, or {@code null} if it is taken. */
    public Reason refusal() {
        return refusal;
    }

    public int refusalOffset() {
        return refusalOffset;
    }
}
