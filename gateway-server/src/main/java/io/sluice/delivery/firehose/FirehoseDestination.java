package io.sluice.delivery.firehose;

import io.sluice.aws.FirehoseApi;
import io.sluice.aws.PutResult;
import io.sluice.aws.RecordResult;
import io.sluice.common.Clock;
import io.sluice.delivery.Destination;
import io.sluice.delivery.Outcomes;
import io.sluice.delivery.parked.Parking;
import io.sluice.journal.SealedBlock;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import io.sluice.metrics.Probe;
import io.sluice.record.Encoding;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.jctools.queues.MpscArrayQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts blocks to delivery streams of Amazon Data Firehose, one block a record, a group's blocks over the group's
 * streams; repeats what was not taken for as long as the journal holds it.
 *
 * <p>Delivery thread only. Calls end on threads of the SDK, which do nothing but offer what ended to a bounded queue
 * and unpark the delivery thread. Holds at most {@value #MAX_BLOCKS} blocks, of at most
 * {@link FirehoseConfig#windowBytes} and one more for each group; {@link Shares} keeps a part of both, and of the
 * calls, for each group. Blocks are read while a call is made and not later, so that a call that timed out holds
 * nothing of them.
 *
 * <p>A call is made by the thread that flushes: marshalling and signing take some millisecond a megabyte, which
 * bounds one gateway to some gigabyte of encoded bytes a second.
 */
public final class FirehoseDestination implements Destination {

    /** Calls under way: fewer than the client has connections. */
    public static final int MAX_CALLS = 48;

    /** Blocks in the window, however small they are. */
    static final int MAX_BLOCKS = 4096;

    /** A block that was refused alone so often will be refused for ever. */
    static final int MAX_REFUSALS = 3;

    /** What Firehose bills in steps of, for each record. */
    static final int BILLED_STEP = 5120;

    static final String INVALID = "invalid-argument";
    static final String ENCODING_CHANGED = "encoding-changed";

    /** One end for each call, check and parking under way. */
    private static final int MAX_ENDED = 64;

    /** How soon an end is seen although the thread waits for a block of the journal. */
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

    private static final long QUOTA_BYTES = 1 << 20;
    private static final int QUOTA_REQUESTS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(FirehoseDestination.class);

    private final FirehoseApi api;
    private final FirehoseConfig config;
    private final Clock clock;
    private final RandomGenerator random;
    private final Cells cells;
    private final Jitter jitter;
    private final StreamChecks checks;
    private final ParkingQueue parking;
    private final StreamGauges gauges;
    private final MpscArrayQueue<Ended> ended = new MpscArrayQueue<>(MAX_ENDED);
    private final Map<String, Lane> lanes = new LinkedHashMap<>();
    private int calls;
    private boolean hurried;

    /** Streams that are to be used instead; {@code null} if nothing changed. */
    private final AtomicReference<List<FirehoseConfig.Group>> changed = new AtomicReference<>();

    /** Who flushes, to be unparked. */
    private volatile Thread flusher;

    /** Written by the delivery thread, read by who scrapes. */
    private volatile long windowBytes;

    /** @param api closed with this, as is {@code parking} */
    public FirehoseDestination(
            FirehoseApi api,
            Parking parking,
            FirehoseConfig config,
            Clock clock,
            RandomGenerator random,
            Metrics metrics) {
        this.api = api;
        this.config = config;
        this.clock = clock;
        this.random = random;
        this.cells = metrics.newCells();
        this.jitter = new Jitter(random, TimeUnit.MILLISECONDS.toNanos(50), TimeUnit.SECONDS.toNanos(5));
        this.checks = new StreamChecks(api, config.check(), this::ended, clock.nanoTime());
        this.parking = new ParkingQueue(parking, this::ended, random);
        for (FirehoseConfig.Group group : config.groups()) {
            lanes.put(group.name(), lane(group));
        }
        metrics.gauge(Gauge.FIREHOSE_WINDOW_BYTES, () -> windowBytes);
        this.gauges = new StreamGauges(metrics);
    }

    private Lane lane(FirehoseConfig.Group group) {
        long now = clock.nanoTime();
        List<Stream> streams = new ArrayList<>();
        for (String name : group.streams()) {
            streams.add(stream(name, group, now));
        }
        return new Lane(group.encoding(), streams);
    }

    private Stream stream(String name, FirehoseConfig.Group group, long now) {
        Pacer pacer = new Pacer(group.quotaBytes(), group.quotaRequests(), now);
        Stream stream = new Stream(name, pacer, random, now);
        if (checks.isOff()) {
            stream.allow();
        }
        return stream;
    }

    /**
     * A stream that stays keeps its pace and its pauses; of one that goes, calls under way are settled, and blocks that
     * it did not take go to the others.
     *
     * @param groups as at the start but for their streams
     */
    @Override
    public void streams(List<FirehoseConfig.Group> groups) {
        changed.set(List.copyOf(groups));
        LockSupport.unpark(flusher);
    }

    private void changeStreams(long now) {
        List<FirehoseConfig.Group> groups = changed.getAndSet(null);
        if (groups == null) {
            return;
        }
        for (FirehoseConfig.Group group : groups) {
            Lane lane = lanes.get(group.name());
            if (lane == null) {
                continue;
            }
            for (String name : group.streams()) {
                if (lane.stream(name) == null) {
                    lane.streams.add(stream(name, group, now));
                    LOG.info("stream {} takes part in the group {} from now on", name, group.name());
                }
            }
            for (Stream stream : List.copyOf(lane.streams)) {
                if (!group.streams().contains(stream.name)) {
                    lane.streams.remove(stream);
                    LOG.info("stream {} takes no more part in the group {}", stream.name, group.name());
                }
            }
        }
    }

    @Override
    public String problem() {
        return gauges.problem();
    }

    /** Of a group that was configured when an earlier start wrote the block, and is not now. */
    private Lane laneOfThePast(String group, Encoding encoding) {
        return lane(new FirehoseConfig.Group(group, encoding, List.of("sluice-" + group), QUOTA_BYTES, QUOTA_REQUESTS));
    }

    @Override
    public boolean hasRoom(String group) {
        Lane lane = lanes.get(group);
        // One that is not known yet is small at least once.
        return lane == null || hasRoom(lane);
    }

    private boolean hasRoom(Lane lane) {
        return Shares.hasRoom(lanes.values(), lanes.size(), lane, config.windowBytes(), l -> l.windowBytes)
                && Shares.hasRoom(lanes.values(), lanes.size(), lane, MAX_BLOCKS, l -> l.windowBlocks);
    }

    private boolean mayCall(Lane lane) {
        return calls < MAX_CALLS && Shares.hasRoom(lanes.values(), lanes.size(), lane, MAX_CALLS, l -> l.calls);
    }

    @Override
    public void accept(SealedBlock block, long nowNanos) {
        Lane lane = lanes.computeIfAbsent(block.group(), group -> laneOfThePast(group, block.encoding()));
        Outgoing outgoing = new Outgoing(block, lane, nowNanos);
        lane.windowBlocks++;
        lane.windowBytes += outgoing.bytes;
        windowBytes = windowBytes + outgoing.bytes;
        if (lane.encoding == block.encoding()) {
            lane.add(outgoing);
        } else {
            // Firehose would put it into one object with blocks that are packed otherwise, and nobody could read it.
            parking.add(outgoing, ENCODING_CHANGED, nowNanos);
        }
    }

    @Override
    public void flush(long nowNanos, boolean all, Outcomes outcomes) {
        flusher = Thread.currentThread();
        changeStreams(nowNanos);
        if (all && !hurried) {
            hurried = true;
            parking.hurry(nowNanos);
            for (Lane lane : lanes.values()) {
                lane.hurry(nowNanos);
            }
        }
        settleEnded(nowNanos, outcomes);
        checks.start(lanes.values(), nowNanos);
        parking.start(nowNanos);
        for (Lane lane : lanes.values()) {
            send(lane, nowNanos);
        }
        // A call may have ended before it returned.
        settleEnded(nowNanos, outcomes);
        gauges.observe(lanes.values(), nowNanos);
    }

    private void send(Lane lane, long nowNanos) {
        while (mayCall(lane) && lane.hasDue(nowNanos)) {
            Stream stream = lane.nextStream(nowNanos);
            if (stream == null) {
                return;
            }
            send(lane, stream, lane.nextBatch(stream, nowNanos));
        }
    }

    private void send(Lane lane, Stream stream, List<Outgoing> batch) {
        List<ByteBuffer> records = new ArrayList<>(batch.size());
        int bytes = 0;
        for (Outgoing block : batch) {
            if (block.attempts > 0) {
                cells.increment(Counter.FIREHOSE_RETRIED);
            }
            block.attempts++;
            bytes += block.bytes;
            records.add(block.block.bytes());
        }
        // Read again: the calls before this one were marshalled meanwhile.
        long sent = clock.nanoTime();
        calls++;
        lane.calls++;
        stream.sent(bytes, sent);
        cells.increment(Counter.FIREHOSE_CALLS);
        api.put(stream.name, records, result -> ended(new Ended.Put(lane, stream, batch, sent, result)));
    }

    /** Any thread. */
    private void ended(Ended end) {
        if (!ended.offer(end)) {
            LOG.error("a bug: more calls ended than were under way; their blocks wait for the next start");
        }
        LockSupport.unpark(flusher);
    }

    private void settleEnded(long nowNanos, Outcomes outcomes) {
        for (Ended end = ended.poll(); end != null; end = ended.poll()) {
            switch (end) {
                case Ended.Put put -> putEnded(put, nowNanos, outcomes);
                case Ended.Described described -> {
                    checks.ended(described, nowNanos);
                    cells.increment(Counter.FIREHOSE_CHECKS);
                }
                case Ended.Parked parked -> {
                    if (parking.ended(parked, nowNanos)) {
                        leaveWindow(parked.block());
                        outcomes.parked(parked.block().block, parked.reason());
                    }
                }
            }
        }
    }

    private void putEnded(Ended.Put put, long nowNanos, Outcomes outcomes) {
        calls--;
        put.lane().calls--;
        put.stream().returned();
        cells.record(Probe.FIREHOSE_CALL, clock.nanoTime() - put.sentNanos());
        switch (put.result()) {
            case PutResult.Answered answered -> answered(put, answered.records(), nowNanos, outcomes);
            case PutResult.Failed failed -> {
                cells.increment(Counter.FIREHOSE_FAILED_CALLS);
                failed(put, failed, nowNanos);
            }
        }
    }

    private void answered(Ended.Put put, List<RecordResult> results, long nowNanos, Outcomes outcomes) {
        boolean works = false;
        boolean throttled = false;
        long taken = 0;
        for (int i = 0; i < results.size(); i++) {
            Outgoing block = put.batch().get(i);
            switch (results.get(i)) {
                case RecordResult.Taken(String id) -> {
                    works = true;
                    taken += block.bytes;
                    leaveWindow(block);
                    cells.add(Counter.FIREHOSE_BILLED_BYTES, billed(block.bytes));
                    outcomes.delivered(block.block, id);
                }
                case RecordResult.NotTaken.THROTTLED -> {
                    works = true;
                    throttled = true;
                    cells.increment(Counter.FIREHOSE_THROTTLED);
                    later(put.lane(), block, nowNanos);
                }
                case RecordResult.NotTaken.UNKNOWN -> {
                    cells.increment(Counter.FIREHOSE_UNKNOWN);
                    later(put.lane(), block, nowNanos);
                }
            }
        }
        put.stream().pacer.took(taken, nowNanos);
        if (throttled) {
            put.stream().pacer.throttled(nowNanos);
        }
        if (works) {
            put.stream().took();
        } else {
            put.stream().failed("no record of a call was taken", nowNanos);
        }
    }

    private void failed(Ended.Put put, PutResult.Failed failed, long nowNanos) {
        Stream stream = put.stream();
        switch (failed.problem()) {
            case THROTTLED -> {
                cells.add(Counter.FIREHOSE_THROTTLED, put.batch().size());
                stream.pacer.throttled(nowNanos);
                stream.failed(failed.code(), nowNanos);
                allLater(put, nowNanos);
            }
            case UNKNOWN -> {
                cells.add(Counter.FIREHOSE_UNKNOWN, put.batch().size());
                stream.failed(failed.code(), nowNanos);
                allLater(put, nowNanos);
            }
            case UNSENT -> {
                stream.failed(failed.code(), nowNanos);
                allNow(put, nowNanos);
            }
            case DENIED -> {
                stream.closed(failed.code(), nowNanos);
                allNow(put, nowNanos);
            }
            case GONE -> {
                stream.gone(failed.code(), !checks.isOff(), nowNanos);
                allNow(put, nowNanos);
            }
            case INVALID -> invalid(put, failed.code(), nowNanos);
        }
    }

    /** One of the blocks will never be taken: each is sent alone, until it is known which. */
    private void invalid(Ended.Put put, String code, long nowNanos) {
        Outgoing block = put.batch().getFirst();
        if (put.batch().size() > 1) {
            for (Outgoing each : put.batch()) {
                each.alone = true;
            }
            allNow(put, nowNanos);
            return;
        }
        block.alone = true;
        block.refusals++;
        if (block.refusals < MAX_REFUSALS) {
            later(put.lane(), block, nowNanos);
            return;
        }
        put.stream().parked(code, nowNanos);
        parking.add(block, INVALID, nowNanos);
        parking.start(nowNanos);
    }

    private void allLater(Ended.Put put, long nowNanos) {
        for (Outgoing block : put.batch()) {
            later(put.lane(), block, nowNanos);
        }
    }

    private void later(Lane lane, Outgoing block, long nowNanos) {
        block.pauseNanos = jitter.next(block.pauseNanos);
        lane.again(block, nowNanos + block.pauseNanos);
    }

    /** Nothing happened to the blocks: it is the stream that pauses, and another may take them at once. */
    private static void allNow(Ended.Put put, long nowNanos) {
        for (Outgoing block : put.batch()) {
            put.lane().again(block, nowNanos);
        }
    }

    static long billed(int bytes) {
        return (bytes + BILLED_STEP - 1L) / BILLED_STEP * BILLED_STEP;
    }

    private void leaveWindow(Outgoing block) {
        block.lane.windowBlocks--;
        block.lane.windowBytes -= block.bytes;
        windowBytes = windowBytes - block.bytes;
    }

    @Override
    public long nanosUntilDue(long nowNanos) {
        boolean underWay = calls > 0 || checks.isUnderWay() || parking.isUnderWay();
        long nanos = underWay ? LOOK_NANOS : Long.MAX_VALUE;
        if (!ended.isEmpty()) {
            return 0;
        }
        nanos = Math.min(nanos, checks.nanosUntilDue(lanes.values(), nowNanos));
        nanos = Math.min(nanos, parking.nanosUntilDue(nowNanos));
        for (Lane lane : lanes.values()) {
            if (mayCall(lane)) {
                nanos = Math.min(nanos, lane.nanosUntilCall(nowNanos));
            }
        }
        return nanos;
    }

    @Override
    public void close() {
        try {
            api.close();
        } finally {
            parking.close();
        }
    }
}
