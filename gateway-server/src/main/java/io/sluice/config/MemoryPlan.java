package io.sluice.config;

import io.sluice.intake.BulkConfig;
import io.sluice.record.BlockEncoders;
import io.sluice.record.StreamGroup;

/**
 * The memory that a configuration may take, worked out before any of it is.
 *
 * @param heap most that the heap may take, the staging of the loops included, and what {@link #ofHeap} names
 * @param arenas frames in flight
 * @param encoders states of the compressors of all loops and groups; those of gzip 1 lie on the heap and count twice
 * @param commit the committer's buffer
 * @param delivery undelivered blocks outside the heap; those read back that it has no room for are the heap's
 * @param network Netty's buffers, an estimate, and the bodies that each loop may hold
 * @param connections most at once
 * @param tls whether all of these may speak TLS
 */
public record MemoryPlan(
        long heap, long arenas, long encoders, long commit, long delivery, long network, int connections, boolean tls) {

    static final long MOST_ENCODERS_PER_LOOP = 64L << 20;

    private static final long KIB = 1L << 10;

    /** Netty's arena chunks and what is in reading, an estimate. */
    private static final long NETTY_PER_LOOP = 8L << 20;

    // Of an idle connection, as measured (docs/LIMITS.md, "Connections"): the dearest of those of HTTP/1.1 and HTTP/2.
    private static final long HEAP_PER_CONNECTION = 3 * KIB;
    private static final long HEAP_PER_TLS_CONNECTION = 46 * KIB / 10;
    private static final long PROCESS_PER_CONNECTION = 55 * KIB / 10;
    private static final long PROCESS_PER_TLS_CONNECTION = 24 * KIB;

    static MemoryPlan of(SluiceConfig config, Machine machine) {
        int loops = config.http().loops();
        return new MemoryPlan(
                machine.heapBytes(),
                config.ring().bytes(),
                loops * encodersPerLoop(config),
                config.journal().batchBytes() + 4 * KIB,
                config.journal().memoryBytes(),
                loops * (NETTY_PER_LOOP + config.http().bodyBudgetBytes()),
                config.http().limits().connections(),
                config.http().tls().on());
    }

    /** Of this configuration, on this machine. */
    public static MemoryPlan of(SluiceConfig config) {
        return of(config, Machine.present());
    }

    static long encodersPerLoop(SluiceConfig config) {
        long sum = 0;
        for (StreamGroup group : config.groups()) {
            sum += BlockEncoders.memoryBytes(group);
        }
        return sum;
    }

    /** What direct buffers take; the encoders' states are the native libraries' own, or on the heap. */
    long direct() {
        return arenas + commit + delivery + network;
    }

    /** All but {@link #beside}. */
    public long total() {
        return heap + arenas + encoders + commit + delivery + network;
    }

    /** On one line, for the banner: {@code 1024 MiB = heap 512 + arenas 32 + …}. */
    @Override
    public String toString() {
        return mib(total()) + " MiB = heap " + mib(heap) + " + arenas " + mib(arenas) + " + encoders " + mib(encoders)
                + " + commit " + mib(commit) + " + delivery " + mib(delivery) + " + network " + mib(network);
    }

    /**
     * What clients can have the heap hold, on one line: {@code bulk worker 32 MiB + 65536 connections 192 MiB}. The
     * bulk worker's are copies of bodies; the bodies that loops hold are the network's.
     */
    public String ofHeap() {
        return "bulk worker " + mib(BulkConfig.MOST_BYTES) + " MiB + " + connections + " connections "
                + mib(connections * (tls ? HEAP_PER_TLS_CONNECTION : HEAP_PER_CONNECTION)) + " MiB";
    }

    /**
     * What comes to the sum, on one line: {@code 65536 connections 1536 MiB}. It is an estimate of what only a crowd
     * takes, and no part of the total, for which a machine has to have room at the start.
     */
    public String beside() {
        return connections + " connections "
                + mib(connections * (tls ? PROCESS_PER_TLS_CONNECTION : PROCESS_PER_CONNECTION)) + " MiB"
                + (tls ? ", if all come over TLS" : "");
    }

    private static long mib(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }
}
