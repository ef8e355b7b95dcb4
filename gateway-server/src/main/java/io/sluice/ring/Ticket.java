package io.sluice.ring;

import java.util.Arrays;

/**
 * One flush of one producer: the frames of every block that it touched, contiguous in its arena, and the replies that
 * wait for exactly these frames. It is written in one commit, whole or not at all, and answered whole.
 *
 * <p>Ownership passes with the reference: producer, ring, committer, inbox, producer. Pooled; whoever holds it may
 * read and write its fields, nobody else may.
 */
public final class Ticket {

    /** What became of a ticket. */
    public enum Outcome {
        /** The frames are on disk (with {@code ack: written}, in the file). The replies may say so. */
        COMMITTED,
        /**
         * A write or a sync failed: the frames may lie on disk or not, and will be ignored. Nothing is acknowledged.
         */
        FAILED,
        /** Not written, since an earlier ticket failed after this one's blocks were begun, or no segment is left. */
        REFUSED
    }

    private final Producer producer;
    private int offset;
    private int length;
    private int frames;
    private int records;
    private long arenaMark;
    private int epoch;
    private long publishedNanos;
    private Outcome outcome;
    private Reply[] replies = new Reply[16];
    private int replyCount;

    Ticket(Producer producer) {
        this.producer = producer;
    }

    void begin(int offset) {
        this.offset = offset;
        length = 0;
        frames = 0;
        records = 0;
        outcome = null;
    }

    void publish(int length, int frames, int records, long arenaMark, int epoch, long nanoTime) {
        this.length = length;
        this.frames = frames;
        this.records = records;
        this.arenaMark = arenaMark;
        this.epoch = epoch;
        this.publishedNanos = nanoTime;
    }

    void clear() {
        Arrays.fill(replies, 0, replyCount, null);
        replyCount = 0;
    }

    void outcome(Outcome outcome) {
        assert this.outcome == null : "answered twice";
        this.outcome = outcome;
    }

    /** Makes the reply wait for this ticket. */
    public void add(Reply reply) {
        if (replyCount == replies.length) {
            replies = Arrays.copyOf(replies, replyCount * 2);
        }
        replies[replyCount++] = reply;
    }

    public Producer producer() {
        return producer;
    }

    /** Where the frames begin in the producer's arena. */
    public int offset() {
        return offset;
    }

    /** Bytes of all frames. */
    public int length() {
        return length;
    }

    public int frames() {
        return frames;
    }

    /** Lines in all frames. */
    public int records() {
        return records;
    }

    /** The log epoch in which its frames were made. */
    public int epoch() {
        return epoch;
    }

    public long publishedNanos() {
        return publishedNanos;
    }

    long arenaMark() {
        return arenaMark;
    }

    /** Set by the committer before the ticket comes back, {@code null} before. */
    public Outcome outcome() {
        return outcome;
    }

    public int replyCount() {
        return replyCount;
    }

    public Reply reply(int i) {
        return replies[i];
    }
}
