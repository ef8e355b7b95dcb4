package io.sluice.lab;

import io.sluice.common.Clock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.SplittableRandom;
import java.util.UUID;

/**
 * One delivery stream: its settings, what is left of its quota, its buffer and its counters. Guarded by the lock of
 * {@link Firehose}, except for what it was made with.
 */
final class DeliveryStream {

    /** Firehose calls it the version of the stream's configuration; nothing here changes one. */
    static final int VERSION = 1;

    private static final int STAGING_BYTES = 256 * 1024;

    private final StreamSettings settings;
    private final Clock clock;
    private final Path bufferDirectory;
    private final Counters counters;
    private final SplittableRandom random;
    private final long createdMillis;

    private final TokenBucket recordBucket;
    private final TokenBucket requestBucket;
    private final TokenBucket byteBucket;

    /** Null until the first record: there may be thousands of streams. */
    private ByteBuffer staging;

    private BufferFile open;
    private final ArrayDeque<BufferFile> closed = new ArrayDeque<>();

    DeliveryStream(
            StreamSettings settings,
            Quota quota,
            Clock clock,
            Path bufferDirectory,
            Counters counters,
            SplittableRandom random) {
        this.settings = settings;
        this.clock = clock;
        this.bufferDirectory = bufferDirectory;
        this.counters = counters;
        this.random = random;
        this.createdMillis = clock.epochMillis();
        long now = clock.nanoTime();
        this.recordBucket = new TokenBucket(quota.recordsPerSecond(), quota.burstSeconds(), now);
        this.requestBucket = new TokenBucket(quota.requestsPerSecond(), quota.burstSeconds(), now);
        this.byteBucket = new TokenBucket(quota.bytesPerSecond(), quota.burstSeconds(), now);
    }

    StreamSettings settings() {
        return settings;
    }

    String name() {
        return settings.name();
    }

    Counters counters() {
        return counters;
    }

    long createdMillis() {
        return createdMillis;
    }

    /** Of this stream alone, so that what happens to one does not depend on the traffic of others. */
    SplittableRandom random() {
        return random;
    }

    boolean admitsRequest() {
        boolean admits = requestBucket.admits(1, clock.nanoTime());
        if (admits) {
            requestBucket.take(1);
        }
        return admits;
    }

    /** Null if the quota lets the record in, which is charged then; else the name of the quota that does not. */
    String refusalOf(long recordBytes) {
        long now = clock.nanoTime();
        boolean records = recordBucket.admits(1, now);
        boolean bytes = byteBucket.admits(recordBytes, now);
        if (records && bytes) {
            recordBucket.take(1);
            byteBucket.take(recordBytes);
            return null;
        }
        return records ? "quota:bytes" : "quota:records";
    }

    void store(byte[] record) throws IOException {
        if (staging == null) {
            staging = ByteBuffer.allocateDirect(STAGING_BYTES);
        }
        if (open == null) {
            open = new BufferFile(
                    bufferDirectory.resolve(name() + "-" + UUID.randomUUID()),
                    staging,
                    clock.epochMillis(),
                    clock.nanoTime());
        }
        open.append(record);
        counters.add(Count.STORED, 1);
        counters.add(Count.STORED_BYTES, record.length);
        counters.add(Count.BILLED_BYTES, Billing.billed(record.length));
        counters.add(Count.BUFFERED, 1);
        counters.add(Count.BUFFERED_BYTES, record.length);
        if (open.bytes() >= settings.bufferBytes()) {
            closeBuffer();
        }
    }

    /** Ends the object in the making if its oldest record has waited for the interval. */
    void closeIfDue() throws IOException {
        if (open != null
                && clock.nanoTime() - open.oldestNanos()
                        >= settings.bufferInterval().toNanos()) {
            closeBuffer();
        }
    }

    /** Ends the object in the making, if there is one. */
    void closeBuffer() throws IOException {
        if (open != null) {
            open.close();
            closed.add(open);
            open = null;
        }
    }

    /** The oldest object that waits to be delivered, or null. */
    BufferFile waiting() {
        return closed.peek();
    }

    /** Takes away the one that {@link #waiting} gave, which S3 has now, or which is lost. */
    void settle(BufferFile object, boolean delivered) {
        BufferFile first = closed.remove();
        assert first == object;
        counters.add(Count.BUFFERED, -object.records());
        counters.add(Count.BUFFERED_BYTES, -object.bytes());
        counters.add(delivered ? Count.DELIVERED : Count.LOST, object.records());
        counters.add(delivered ? Count.DELIVERED_BYTES : Count.LOST_BYTES, object.bytes());
        if (delivered) {
            counters.add(Count.OBJECTS, 1);
        }
    }

    String key(BufferFile object) {
        return settings.keys().key(VERSION, object.oldestMillis(), UUID.randomUUID(), random);
    }
}
