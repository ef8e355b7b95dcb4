package io.sluice.privacy;

/**
 * How much work detectors may do for one request: so many steps for each byte of its events, and some to begin with. A
 * step is what it takes to look at one digit or separator once, some five nanoseconds.
 *
 * <p>Confined to its scrubber. Digits in groups cost the most, since a number may begin with each of them: where each
 * is looked at as the first of all that follow, a body of 256 KiB held a loop for 50 ms. What is left of a text when
 * the steps are used up is removed, never kept unread.
 */
final class Allowance {

    /** Enough for texts that are nothing but numbers, such as sizes, up to a few hundred bytes. */
    static final int FIRST = 16 * 1024;

    /** 256 KiB of nothing but groups of digits take 2 million steps; dense text about sizes half of that. */
    static final int STEPS_A_BYTE = 8;

    /** What a run costs besides its digits and groups: the words before it, the detectors that are asked. */
    private static final int RUN = 8;

    private static final int GROUP = 4;

    private long bytes;
    private long spent;
    /** {@code null} where nobody waits. */
    private Turn turn;

    /** From now on, work is done in this turn. */
    void within(Turn turn) {
        this.turn = turn;
    }

    /** Work that is linear in the text and needs no allowance, but takes its time. */
    void pass(int steps) {
        if (turn != null) {
            turn.spend(steps);
        }
    }

    /** Begins with another request. */
    void begin() {
        bytes = 0;
        spent = 0;
    }

    /** So many bytes of events have gone through. */
    void passed(int bytes) {
        this.bytes += bytes;
    }

    /** A number has been looked for in this run. */
    void spend(NumberRun run) {
        int steps = RUN + GROUP * run.groups + run.count(run.groups);
        spent += steps;
        pass(steps);
    }

    /** Whether nothing more may be looked at, {@code within} bytes behind what has gone through. */
    boolean isUsedUp(int within) {
        return spent > FIRST + STEPS_A_BYTE * (bytes + within);
    }

    /** Goes back to what was spent at some time, for a text that is looked at again. */
    void back(long spent) {
        this.spent = spent;
    }

    /** Steps of this request. */
    long spent() {
        return spent;
    }
}
