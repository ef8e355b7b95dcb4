package io.sluice.delivery.firehose;

import java.util.concurrent.TimeUnit;

/**
 * Keeps what one stream is sent below its quota. Delivery thread only.
 *
 * <p>A token bucket that may go into debt: a call is made when the one before is paid off, at {@link #SHARE} of the
 * quota. Throttling lowers the pace by a third, at most twice a second, since the answers of calls that were under way
 * together say it once; time raises it again by {@link #RECOVERY} of the quota a second. Several gateways on one stream
 * so find their shares.
 *
 * <p>It is never lowered near to what the stream takes all the same: where a fifth of the records fails at any pace, a
 * lower one would only take less.
 */
final class Pacer {

    /** The rest is for clocks and networks, which bring evenly sent calls unevenly. */
    static final double SHARE = 0.85;

    static final double LEAST_SHARE = 0.05;
    static final double LOWERING = 0.67;
    static final double RECOVERY = 0.02;

    /** A pace of up to this times what is taken is not lowered. */
    static final double SLACK = 1.5;

    /** It is lowered to this times what is taken at the lowest. */
    private static final double ABOVE_TAKEN = 1.05;

    /** How far back "what is taken" looks. */
    private static final double MEMORY_SECONDS = 4;

    /** Most of a call: {@value #MAX_BATCH_SECONDS} s of quota. */
    private static final double MAX_BATCH_SECONDS = 0.5;

    /** Four records of the largest size; 4 MiB is what a call takes (PutRecordBatch, API reference). */
    static final int MAX_BATCH_BYTES = 4_096_000;

    private static final long REACTION_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final double NANOS = 1e9;

    private final long quotaBytes;
    private final long quotaRequests;
    private double share = SHARE;
    /** Never above 0: nothing is saved up. */
    private double bytes;

    private double requests;
    private long refilledNanos;
    private long loweredNanos;
    private boolean lowered;

    /** Bytes taken and seconds passed, both fading: their quotient is the rate at which the stream takes. */
    private double takenBytes;

    private double takenSeconds;

    Pacer(long quotaBytes, long quotaRequests, long nowNanos) {
        this.quotaBytes = quotaBytes;
        this.quotaRequests = quotaRequests;
        this.refilledNanos = nowNanos;
    }

    /** Most bytes of the next call. A larger single block may still go, or it never would. */
    int batchBytes() {
        return (int) Math.min(MAX_BATCH_BYTES, quotaBytes * MAX_BATCH_SECONDS * share / SHARE);
    }

    /** Nanoseconds until a call may be made. */
    long nanosUntilReady(long nowNanos) {
        refill(nowNanos);
        double seconds = Math.max(-bytes / (quotaBytes * share), -requests / (quotaRequests * share));
        return (long) Math.ceil(seconds * NANOS);
    }

    void sent(int callBytes, long nowNanos) {
        refill(nowNanos);
        bytes -= callBytes;
        requests -= 1;
    }

    void throttled(long nowNanos) {
        refill(nowNanos);
        if (lowered && nowNanos - loweredNanos < REACTION_NANOS) {
            return;
        }
        lowered = true;
        loweredNanos = nowNanos;
        double taken = takenSeconds == 0 ? 0 : takenBytes / takenSeconds / quotaBytes;
        if (share > SLACK * taken) {
            share = Math.max(LEAST_SHARE, Math.max(share * LOWERING, ABOVE_TAKEN * taken));
        }
    }

    void took(long callBytes, long nowNanos) {
        refill(nowNanos);
        takenBytes += callBytes;
    }

    /** Bytes a second that are sent at most, now. */
    long pace(long nowNanos) {
        refill(nowNanos);
        return (long) (quotaBytes * share);
    }

    private void refill(long nowNanos) {
        double seconds = (nowNanos - refilledNanos) / NANOS;
        refilledNanos = nowNanos;
        bytes = Math.min(0, bytes + seconds * quotaBytes * share);
        requests = Math.min(0, requests + seconds * quotaRequests * share);
        share = Math.min(SHARE, share + seconds * RECOVERY);
        double fading = Math.exp(-seconds / MEMORY_SECONDS);
        takenBytes *= fading;
        takenSeconds = takenSeconds * fading + MEMORY_SECONDS * (1 - fading);
    }
}
