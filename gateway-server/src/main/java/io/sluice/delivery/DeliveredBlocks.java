package io.sluice.delivery;

import io.sluice.common.DeliveredQuery;
import io.sluice.common.Position;
import io.sluice.journal.SealedBlock;
import java.util.Map;
import java.util.NavigableMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Remembers which blocks have been delivered, as runs of block numbers in a row.
 *
 * <p>The delivery thread writes; any thread asks, and takes no lock. Each producer numbers its blocks one after
 * another, so its delivered blocks soon make one run, and memory grows with producers and gaps, not with blocks. Above
 * {@link #maxRuns} runs of a log the lowest is forgotten, and its blocks are {@link State#UNKNOWN}.
 *
 * <p>A block of this process's own incarnation that has not been seen yet is open, or sealed and waiting: PENDING. One
 * of an adopted incarnation may as well have been delivered by the process before: UNKNOWN, until it is handed out.
 */
final class DeliveredBlocks implements DeliveredQuery {

    private record Log(UUID incarnation, int number) {}

    private static final class Blocks {
        /**
         * First block of a run → its last. Runs neither touch nor overlap, but for the moment in which two are joined.
         */
        final NavigableMap<Long, Long> delivered = new ConcurrentSkipListMap<>();

        final Map<Long, Boolean> pending = new ConcurrentHashMap<>();
        volatile long forgottenBelow;
    }

    private final UUID own;
    private final int maxRuns;
    private final Map<Log, Blocks> logs = new ConcurrentHashMap<>();

    DeliveredBlocks(UUID own, int maxRuns) {
        this.own = own;
        this.maxRuns = maxRuns;
    }

    void pending(SealedBlock block) {
        blocks(block).pending.put(block.block(), Boolean.TRUE);
    }

    void delivered(SealedBlock sealed) {
        Blocks blocks = blocks(sealed);
        long block = sealed.block();
        NavigableMap<Long, Long> runs = blocks.delivered;
        Map.Entry<Long, Long> before = runs.floorEntry(block);
        if (before == null || before.getValue() < block) {
            long first = before != null && before.getValue() == block - 1 ? before.getKey() : block;
            Long last = runs.get(block + 1);
            // The longer run is put before the shorter is removed: who asks meanwhile finds the block in either.
            runs.put(first, last == null ? block : last);
            if (last != null) {
                runs.remove(block + 1);
            }
        }
        blocks.pending.remove(block);
        if (runs.size() > maxRuns) {
            long end = runs.firstEntry().getValue();
            blocks.forgottenBelow = end + 1;
            runs.remove(runs.firstKey());
        }
    }

    @Override
    public State state(Position position) {
        boolean ours = position.incarnation().equals(own);
        Blocks blocks = logs.get(new Log(position.incarnation(), position.log()));
        if (blocks == null) {
            return ours ? State.PENDING : State.UNKNOWN;
        }
        long block = position.block();
        Map.Entry<Long, Long> run = blocks.delivered.floorEntry(block);
        if (run != null && block <= run.getValue()) {
            return State.DELIVERED;
        }
        if (blocks.pending.containsKey(block)) {
            return State.PENDING;
        }
        return ours && block >= blocks.forgottenBelow ? State.PENDING : State.UNKNOWN;
    }

    /** Runs kept for a log. */
    int runs(UUID incarnation, int log) {
        return logs.get(new Log(incarnation, log)).delivered.size();
    }

    private Blocks blocks(SealedBlock block) {
        return logs.computeIfAbsent(new Log(block.incarnation(), block.log()), log -> new Blocks());
    }
}
