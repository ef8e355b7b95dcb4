package io.sluice.delivery.firehose;

import io.sluice.aws.DescribeResult;
import io.sluice.aws.FirehoseApi;
import io.sluice.aws.StreamDescription;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for the settings of streams before they are used, one after another, and again while they are wrong. Delivery
 * thread only.
 */
final class StreamChecks {

    /** DescribeDeliveryStream may be called five times a second by the whole account (Quotas, developer guide). */
    private static final long APART_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    private static final String ACTIVE = "ACTIVE";

    private static final Logger LOG = LoggerFactory.getLogger(StreamChecks.class);

    private final FirehoseApi api;
    private final FirehoseConfig.Check check;
    private final Consumer<Ended> ended;

    private boolean underWay;
    private long nextNanos;

    StreamChecks(FirehoseApi api, FirehoseConfig.Check check, Consumer<Ended> ended, long nowNanos) {
        this.api = api;
        this.check = check;
        this.ended = ended;
        this.nextNanos = nowNanos;
    }

    /** Whether streams are used without a question. */
    boolean isOff() {
        return check == FirehoseConfig.Check.OFF;
    }

    void start(Iterable<Lane> lanes, long nowNanos) {
        if (underWay || nextNanos - nowNanos > 0) {
            return;
        }
        for (Lane lane : lanes) {
            for (Stream stream : lane.streams) {
                if (stream.nanosUntilCheck(nowNanos) == 0) {
                    underWay = true;
                    nextNanos = nowNanos + APART_NANOS;
                    api.describe(stream.name, result -> ended.accept(new Ended.Described(lane, stream, result)));
                    return;
                }
            }
        }
    }

    void ended(Ended.Described described, long nowNanos) {
        underWay = false;
        Stream stream = described.stream();
        switch (described.result()) {
            case DescribeResult.Found found -> found(described.lane(), stream, found.description(), nowNanos);
            case DescribeResult.Failed failed -> failed(stream, failed, nowNanos);
        }
    }

    private void found(Lane lane, Stream stream, StreamDescription description, long nowNanos) {
        if (!description.status().equals(ACTIVE)) {
            stream.refuse("it is " + description.status() + ", expected " + ACTIVE, nowNanos);
            return;
        }
        String mismatch = StreamCheck.mismatch(description, lane.encoding);
        if (mismatch == null) {
            stream.allow();
        } else if (check == FirehoseConfig.Check.WARN) {
            LOG.warn("stream {} is used, but {}", stream.name, mismatch);
            stream.allow();
        } else {
            stream.refuse(mismatch, nowNanos);
        }
    }

    private static void failed(Stream stream, DescribeResult.Failed failed, long nowNanos) {
        switch (failed.problem()) {
            case GONE -> stream.refuse("there is no stream of this name", nowNanos);
            case DENIED, INVALID -> {
                LOG.warn("stream {} is used unchecked: its settings cannot be read: {}", stream.name, failed.code());
                stream.allowUnchecked();
            }
            case THROTTLED, UNKNOWN, UNSENT -> {
                LOG.warn("stream {} is not used yet: its settings cannot be read: {}", stream.name, failed.code());
                stream.checkFailed(failed.code(), nowNanos);
            }
        }
    }

    boolean isUnderWay() {
        return underWay;
    }

    long nanosUntilDue(Iterable<Lane> lanes, long nowNanos) {
        if (underWay) {
            return Long.MAX_VALUE;
        }
        long nanos = Long.MAX_VALUE;
        for (Lane lane : lanes) {
            for (Stream stream : lane.streams) {
                nanos = Math.min(nanos, stream.nanosUntilCheck(nowNanos));
            }
        }
        return nanos == Long.MAX_VALUE ? nanos : Math.max(nanos, nextNanos - nowNanos);
    }
}
