package io.sluice.delivery.firehose;

import io.sluice.journal.SealedBlock;

/** A block on its way to Firehose. Delivery thread only, but for the array that it has given to a parking. */
final class Outgoing {

    final SealedBlock block;
    final Lane lane;
    final int bytes;

    /** Sent by itself, since a call that held it was refused as invalid. */
    boolean alone;
    /** How often it was refused as invalid when it was alone. */
    int refusals;
    /** Calls that held it. */
    int attempts;

    long pauseNanos;
    long dueNanos;
    private byte[] data;

    Outgoing(SealedBlock block, Lane lane, long nowNanos) {
        this.block = block;
        this.lane = lane;
        this.bytes = block.bytes().remaining();
        this.dueNanos = nowNanos;
    }

    /**
     * The block's bytes, in an array of their own that is never changed or used again: a parking that timed out may
     * still read it long after the journal has taken the block's memory back.
     */
    byte[] data() {
        if (data == null) {
            data = new byte[bytes];
            block.bytes().duplicate().get(data);
        }
        return data;
    }
}
