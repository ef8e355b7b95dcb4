package io.sluice.oracle;

import io.sluice.load.acks.AckReader;
import io.sluice.load.acks.BlockSet;
import io.sluice.load.acks.EventId;
import io.sluice.oracle.Runs.Run;
import java.io.IOException;
import java.util.Arrays;

/**
 * One reading of all objects, for the slots from {@code low} to {@code high}.
 *
 * <p>One thread. It holds bitmaps for blocks that are neither in order nor complete, at most as many bytes as it may;
 * when it would need more it gives up its upper half, which another pass takes. At least one block is done.
 */
final class Pass {

    /** Acked, found and twice, of one block. */
    private static final int BLOCK_BYTES = 3 * BlockSet.BITMAP_BYTES;

    private final Runs runs;
    private final long budgetBytes;
    private final Verdict verdict;
    private final int low;
    private int high;
    private final BlockSet[] acked;
    private final BlockSet[] found;
    /** Numbers that were found more than once. */
    private final BlockSet[] twice;

    private long bitmapBytes;
    private long duplicates;
    private final long[] duplicatesOf;
    private final long[] phantomsOf;

    Pass(Runs runs, int low, long budgetBytes, Verdict verdict) {
        this.runs = runs;
        this.low = low;
        this.budgetBytes = Math.max(BLOCK_BYTES, budgetBytes);
        this.verdict = verdict;
        high = runs.slots();
        acked = new BlockSet[high - low];
        found = new BlockSet[high - low];
        twice = new BlockSet[high - low];
        duplicatesOf = new long[high - low];
        phantomsOf = new long[high - low];
    }

    int low() {
        return low;
    }

    /** One behind the last slot that this pass does; falls while it reads. */
    int high() {
        return high;
    }

    long duplicates() {
        return duplicates;
    }

    void readAcks() throws IOException {
        for (Run run : runs.runs()) {
            if (run.first() + run.sent().length <= low || run.first() >= high) {
                continue;
            }
            try (AckReader reader = new AckReader(run.file())) {
                reader.read(new AckReader.Visitor() {
                    @Override
                    public void claimed(int block) {
                        // Known from the runs.
                    }

                    @Override
                    public void sent(int block, AckReader.Numbers numbers) {
                        // Known from the runs.
                    }

                    @Override
                    public void acked(int block, AckReader.Numbers numbers) {
                        int slot = run.first() + block;
                        if (slot >= low && slot < high) {
                            BlockSet set = set(acked, slot);
                            long before = set.bytes();
                            numbers.addTo(set);
                            set.compact();
                            account(set.bytes() - before);
                        }
                    }

                    @Override
                    public void refused(int block, AckReader.Numbers numbers) {
                        // May have been delivered or not.
                    }
                });
            }
        }
    }

    /** A record with the number of the run. */
    void record(Run run, long number) {
        long block = number / BlockSet.SIZE;
        int inBlock = (int) (number % BlockSet.SIZE);
        if (block >= run.sent().length) {
            // Has no slot: belongs to the first pass.
            if (low == 0) {
                verdict.phantoms(1, EventId.text(run.name(), number));
            }
            return;
        }
        int slot = run.first() + (int) block;
        if (slot < low || slot >= high) {
            return;
        }
        int sent = run.sent()[(int) block];
        if (inBlock >= sent) {
            // Told at the end, since this slot may yet be given up.
            phantomsOf[slot - low]++;
            return;
        }
        BlockSet set = set(found, slot);
        long before = set.bytes();
        if (set.add(inBlock)) {
            if (set.count() == sent) {
                set.compact();
            }
            account(set.bytes() - before);
            return;
        }
        duplicates++;
        duplicatesOf[slot - low]++;
        BlockSet again = set(twice, slot);
        before = again.bytes();
        again.add(inBlock);
        account(again.bytes() - before);
    }

    /** Whether the number was found more than once. */
    boolean isTwice(int slot, int inBlock) {
        return slot >= low && slot < high && twice[slot - low] != null && twice[slot - low].contains(inBlock);
    }

    /** Distinct events with more than one record. */
    long eventsTwice(int from, int to) {
        long events = 0;
        for (int slot = from; slot < to; slot++) {
            events += twice[slot - low] == null ? 0 : twice[slot - low].count();
        }
        return events;
    }

    /** Adds what was found in the slots that this pass did. */
    void close() {
        BlockSet none = new BlockSet();
        for (int slot = low; slot < high; slot++) {
            int i = slot - low;
            Run run = runs.of(slot);
            BlockSet wanted = acked[i] == null ? none : acked[i];
            BlockSet had = found[i] == null ? none : found[i];
            int sent = run.sent()[slot - run.first()];
            long firstOfBlock = (long) (slot - run.first()) * BlockSet.SIZE;
            verdict.sent += sent;
            verdict.acked += wanted.count();
            verdict.found += had.count();
            verdict.duplicates += duplicatesOf[i];
            if (phantomsOf[i] > 0) {
                verdict.phantoms(
                        phantomsOf[i],
                        phantomsOf[i] + " records from " + EventId.text(run.name(), firstOfBlock + sent) + " on");
            }
            compare(run, firstOfBlock, wanted, had);
        }
    }

    private void compare(Run run, long firstOfBlock, BlockSet wanted, BlockSet had) {
        int lost = 0;
        for (int at = wanted.next(0); at < BlockSet.SIZE; at = wanted.next(at)) {
            if (had.contains(at)) {
                at = had.nextGap(at);
                continue;
            }
            int end = Math.min(wanted.nextGap(at), had.next(at));
            lost += end - at;
            verdict.lostRange(EventId.text(run.name(), firstOfBlock + at)
                    + (end - at == 1 ? "" : " to " + EventId.text(run.name(), firstOfBlock + end - 1)));
            at = end;
        }
        verdict.lost += lost;
        verdict.unacked += had.count() - (wanted.count() - lost);
    }

    private BlockSet set(BlockSet[] of, int slot) {
        BlockSet set = of[slot - low];
        if (set == null) {
            set = new BlockSet();
            of[slot - low] = set;
        }
        return set;
    }

    private void account(long bytes) {
        bitmapBytes += bytes;
        while (bitmapBytes > budgetBytes && high - low > 1) {
            int middle = low + (high - low) / 2;
            for (int slot = middle; slot < high; slot++) {
                int i = slot - low;
                bitmapBytes -= bytes(acked[i]) + bytes(found[i]) + bytes(twice[i]);
                duplicates -= duplicatesOf[i];
            }
            Arrays.fill(acked, middle - low, high - low, null);
            Arrays.fill(found, middle - low, high - low, null);
            Arrays.fill(twice, middle - low, high - low, null);
            Arrays.fill(duplicatesOf, middle - low, high - low, 0);
            high = middle;
        }
    }

    private static long bytes(BlockSet set) {
        return set == null ? 0 : set.bytes();
    }
}
