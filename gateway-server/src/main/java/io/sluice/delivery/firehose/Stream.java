package io.sluice.delivery.firehose;

import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One delivery stream: whether it takes blocks, how fast, and when it is asked again after it did not. Delivery thread
 * only.
 *
 * <p>After a call that failed as a whole it is paused, then probed with a single block; one success opens it again.
 */
final class Stream {

    /** By Little's law two calls of half a second's quota would fill the quota even if each took a second. */
    static final int MAX_CALLS = 4;

    /** So many failures in a row are told to the operator; a single reset is not worth a line. */
    private static final int FAILURES_TO_TELL = 3;

    /** So many blocks parked without one taken in between: it is the stream that is wrong, not they. */
    private static final int PARKED_TO_PAUSE = 8;

    private static final long LEAST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long MOST_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long LEAST_CLOSED_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long MOST_CLOSED_NANOS = TimeUnit.SECONDS.toNanos(30);

    private static final Logger LOG = LoggerFactory.getLogger(Stream.class);

    final String name;
    final Pacer pacer;
    private final Jitter afterFailure;
    private final Jitter whileClosed;

    /** Whether its settings allow it to be used; null until they are known. */
    private Boolean allowed;

    private boolean blind;
    private String refusal;
    private String problem;
    private long checkNanos;
    private long checkPauseNanos;

    private int calls;
    private int failures;
    private int parkedInARow;
    private boolean told;
    private long pauseNanos;
    private long pausedUntilNanos;

    Stream(String name, Pacer pacer, RandomGenerator random, long nowNanos) {
        this.name = name;
        this.pacer = pacer;
        this.afterFailure = new Jitter(random, LEAST_PAUSE_NANOS, MOST_PAUSE_NANOS);
        this.whileClosed = new Jitter(random, LEAST_CLOSED_NANOS, MOST_CLOSED_NANOS);
        this.checkNanos = nowNanos;
        this.pausedUntilNanos = nowNanos;
    }

    // What its settings say.

    boolean isRefused() {
        return Boolean.FALSE.equals(allowed);
    }

    void allow() {
        if (isRefused()) {
            LOG.info("stream {} is used from now on", name);
        }
        allowed = true;
        blind = false;
        refusal = null;
        checkNanos = Long.MAX_VALUE;
    }

    /** It is used although nothing says what its settings are. */
    void allowUnchecked() {
        allow();
        blind = true;
    }

    /** Whether it is used although its settings could not be read. */
    boolean isUnchecked() {
        return blind && Boolean.TRUE.equals(allowed);
    }

    /** Why it takes nothing, or {@code null} if it does. */
    String problem() {
        if (isRefused()) {
            return refusal;
        }
        return allowed == null || failures > 0 ? problem : null;
    }

    /** @param why as it is told; the same again is not told again */
    void refuse(String why, long nowNanos) {
        allowed = false;
        if (!why.equals(refusal)) {
            refusal = why;
            LOG.error("stream {} is not used: {}; nothing is lost, its blocks wait or go to others", name, why);
        }
        checkAgain(nowNanos);
    }

    /** Its settings cannot be read now. */
    void checkFailed(String why, long nowNanos) {
        problem = "its settings cannot be read: " + why;
        checkAgain(nowNanos);
    }

    private void checkAgain(long nowNanos) {
        checkPauseNanos = whileClosed.next(checkPauseNanos);
        checkNanos = nowNanos + checkPauseNanos;
    }

    /** Nanoseconds until its settings are to be asked for; {@link Long#MAX_VALUE} if they are known and right. */
    long nanosUntilCheck(long nowNanos) {
        return checkNanos == Long.MAX_VALUE ? Long.MAX_VALUE : Math.max(0, checkNanos - nowNanos);
    }

    // What its answers say.

    boolean isOpen() {
        return Boolean.TRUE.equals(allowed) && failures == 0;
    }

    boolean isPaused() {
        return Boolean.TRUE.equals(allowed) && failures > 0;
    }

    /** Whether the next call is to find out if the stream works again. */
    boolean isProbed() {
        return failures > 0;
    }

    /** Nanoseconds until a call may be made; {@link Long#MAX_VALUE} if something else has to happen first. */
    long nanosUntilReady(long nowNanos) {
        if (!Boolean.TRUE.equals(allowed) || calls >= (failures > 0 ? 1 : MAX_CALLS)) {
            return Long.MAX_VALUE;
        }
        return Math.max(failures > 0 ? Math.max(0, pausedUntilNanos - nowNanos) : 0, pacer.nanosUntilReady(nowNanos));
    }

    void sent(int bytes, long nowNanos) {
        calls++;
        pacer.sent(bytes, nowNanos);
    }

    void returned() {
        calls--;
    }

    void took() {
        if (told) {
            LOG.info("stream {} takes blocks again", name);
        }
        failures = 0;
        parkedInARow = 0;
        told = false;
        pauseNanos = 0;
    }

    /** A call found no answer, or one that proves nothing. */
    void failed(String why, long nowNanos) {
        problem = why;
        pause(afterFailure, nowNanos);
        if (failures >= FAILURES_TO_TELL) {
            tell(why);
        }
    }

    /** The stream takes nothing at all. */
    void closed(String why, long nowNanos) {
        problem = why;
        pause(whileClosed, nowNanos);
        tell(why);
    }

    /** There is no such stream: should it come again, it is another one, whose settings are not known. */
    void gone(String why, boolean checked, long nowNanos) {
        closed(why, nowNanos);
        if (checked && Boolean.TRUE.equals(allowed)) {
            allowed = null;
            checkPauseNanos = 0;
            checkNanos = nowNanos;
        }
    }

    /** A block that it refused is set aside for ever. */
    void parked(String why, long nowNanos) {
        parkedInARow++;
        if (parkedInARow >= PARKED_TO_PAUSE) {
            closed(PARKED_TO_PAUSE + " blocks in a row were refused as " + why, nowNanos);
        }
    }

    /** Ends every pause, since the time for a drain is short. */
    void hurry(long nowNanos) {
        pausedUntilNanos = nowNanos;
        pauseNanos = 0;
        if (checkNanos != Long.MAX_VALUE) {
            checkNanos = nowNanos;
            checkPauseNanos = 0;
        }
    }

    private void pause(Jitter jitter, long nowNanos) {
        // Calls that were under way together fail together: that is one failure.
        if (failures > 0 && pausedUntilNanos - nowNanos > 0) {
            return;
        }
        failures++;
        pauseNanos = jitter.next(pauseNanos);
        pausedUntilNanos = nowNanos + pauseNanos;
    }

    private void tell(String why) {
        if (!told) {
            told = true;
            LOG.warn(
                    "stream {} takes nothing: {}; nothing is lost, its blocks wait or go to others, and it is asked again",
                    name,
                    why);
        }
    }
}
