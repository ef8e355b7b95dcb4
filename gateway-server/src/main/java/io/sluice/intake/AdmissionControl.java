package io.sluice.intake;

import io.sluice.shop.Shop;
import java.util.Arrays;

/**
 * Decides which requests are refused while a loop has had more to do than it can for longer than a moment.
 *
 * <p>Threads: its loop's. Cost: a look at a table a request, and a pass over it ten times a second; no allocation, no
 * lock.
 *
 * <p>What counts is delay: how long a request waits that comes now, which is the longer of the loop's last iteration
 * and the age of the oldest ticket that has not returned. A burst is no reason to refuse anything, the kernel holds it;
 * a queue that does not go away is. So the least delay of each tick is looked at, as CoDel does (RFC 8289): when it has
 * been above the target for an interval, a share of the work is refused, which grows with each tick for which it stays
 * there and shrinks with each for which it does not.
 *
 * <p>What is left is dealt out to the shops evenly (max-min): each gets what it asks for up to one level, which is such
 * that all together get what may be had. Who asks for less than that level is not refused at all, and those far above
 * it make room first. Shops are told apart by a hash; two that share a place share its part.
 */
final class AdmissionControl {

    static final long TICK_NANOS = 100_000_000;

    /** For so many ticks on end the delay must be above the target before anything is refused: half a second. */
    static final int TICKS_BEFORE = 5;

    /** Some go through however bad it is: they are how we learn that it is over. */
    private static final double MOST_REFUSED = 7.0 / 8;

    /** Of what still goes through, what each further tick above the target refuses; and the share that ends it. */
    private static final double STEP = 1.0 / 8;

    private static final double LEAST_REFUSED = 1.0 / 64;

    /** What each request costs beside its bytes, as so many bytes. */
    static final int REQUEST_WORK = 256;

    private static final int PLACES = 1024;
    private static final int HASH_SHIFT = Integer.SIZE - Integer.numberOfTrailingZeros(PLACES);
    private static final int GOLDEN = 0x9E3779B9;

    /** After so many ticks with nothing to do, nothing that was before matters. */
    private static final long TICKS_REMEMBERED = 50;

    static final long REMEMBERED_NANOS = TICKS_REMEMBERED * TICK_NANOS;

    private final long targetNanos;

    /** Work that each shop has asked for in this tick, and in one tick on the average of the last few. */
    private final long[] asked = new long[PLACES];

    private final long[] usual = new long[PLACES];
    /** Work of each shop that was let through in this tick. */
    private final long[] admitted = new long[PLACES];

    private boolean started;
    private long tickNanos;
    private long leastDelayNanos = Long.MAX_VALUE;
    private int ticksAbove;
    private double refused;
    /** Work that each shop may have in this tick; only while something is refused. */
    private long level;

    private boolean inIteration;
    private long iterationNanos;
    private long lastIterationNanos;

    AdmissionControl(long targetNanos) {
        this.targetNanos = targetNanos;
    }

    /**
     * A request has come.
     *
     * @param ticketNanos age of the oldest ticket in flight, or 0
     */
    void offered(long now, long ticketNanos) {
        turn(now);
        if (!inIteration) {
            inIteration = true;
            iterationNanos = now;
        }
        long delay = Math.max(ticketNanos, Math.max(lastIterationNanos, now - iterationNanos));
        leastDelayNanos = Math.min(leastDelayNanos, delay);
    }

    /** The iteration in which requests have come is over. */
    void iterationEnded(long now) {
        turn(now);
        inIteration = false;
        lastIterationNanos = now - iterationNanos;
    }

    /** Whether the request is to be refused; if not, it counts as let through. */
    boolean refuses(Shop shop, int bytes) {
        int place = shop.hash() * GOLDEN >>> HASH_SHIFT;
        int work = bytes + REQUEST_WORK;
        asked[place] += work;
        if (refused > 0 && admitted[place] >= level) {
            return true;
        }
        admitted[place] += work;
        return false;
    }

    /** The share of all work that is refused now, from 0 to 1. */
    double refused() {
        return refused;
    }

    private void turn(long now) {
        if (!started) {
            started = true;
            tickNanos = now;
        }
        long ticks = (now - tickNanos) / TICK_NANOS;
        if (ticks == 0) {
            return;
        }
        tickNanos += ticks * TICK_NANOS;
        if (ticks > TICKS_REMEMBERED && !inIteration) {
            forget();
            return;
        }
        // Without a request in it, a tick was idle, or within one long iteration.
        long since = inIteration ? now - iterationNanos : 0;
        tick(leastDelayNanos == Long.MAX_VALUE ? since : leastDelayNanos);
        for (long i = 1; i < Math.min(ticks, TICKS_REMEMBERED); i++) {
            tick(since);
        }
        leastDelayNanos = Long.MAX_VALUE;
    }

    private void forget() {
        Arrays.fill(asked, 0);
        Arrays.fill(usual, 0);
        Arrays.fill(admitted, 0);
        leastDelayNanos = Long.MAX_VALUE;
        lastIterationNanos = 0;
        ticksAbove = 0;
        refused = 0;
    }

    private void tick(long leastNanos) {
        boolean above = leastNanos > targetNanos;
        ticksAbove = above ? ticksAbove + 1 : 0;
        if (ticksAbove > TICKS_BEFORE || above && refused > 0) {
            refused = Math.min(MOST_REFUSED, refused + (1 - refused) * STEP);
        } else if (!above && refused > 0) {
            refused *= 1 - 2 * STEP;
            refused = refused < LEAST_REFUSED ? 0 : refused;
        }
        for (int i = 0; i < PLACES; i++) {
            usual[i] += (asked[i] - usual[i]) / 4;
            asked[i] = 0;
            admitted[i] = 0;
        }
        if (refused > 0) {
            level = level();
        }
    }

    /** The level up to which all shops can have what they usually ask for, and together no more than may be had. */
    private long level() {
        double all = 0;
        long high = 0;
        for (long work : usual) {
            all += work;
            high = Math.max(high, work);
        }
        double available = all * (1 - refused);
        long low = 0;
        while (high - low > REQUEST_WORK / 2) {
            long middle = (low + high) >>> 1;
            double used = 0;
            for (long work : usual) {
                used += Math.min(work, middle);
            }
            if (used > available) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return Math.max(1, low);
    }
}
