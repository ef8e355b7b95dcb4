package io.sluice.oracle;

import io.sluice.load.acks.AckReader;
import io.sluice.load.acks.BlockSet;
import io.sluice.load.acks.EventId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * The runs whose acks are known, with their blocks laid out behind each other: block {@code b} of a run is slot
 * {@code first + b}.
 *
 * <p>Immutable once read; keeps a few bytes a block of 65,536 numbers.
 */
final class Runs {

    /**
     * @param first slot of its block 0
     * @param sent how many numbers of each block were sent, from 0 on; if the run did not end in order, a claimed block
     * counts
     *     as sent as a whole
     * @param ended whether it did
     */
    record Run(Path file, String name, long key, int first, int[] sent, boolean ended) {}

    private final List<Run> runs;
    private final int slots;

    private Runs(List<Run> runs, int slots) {
        this.runs = runs;
        this.slots = slots;
    }

    static Runs read(List<Path> files) throws IOException {
        List<Run> runs = new ArrayList<>();
        Set<String> names = new HashSet<>();
        int slots = 0;
        for (Path file : files) {
            try (AckReader reader = new AckReader(file)) {
                Claims claims = new Claims();
                reader.read(claims);
                String name = reader.head().run();
                if (!names.add(name)) {
                    throw new IOException(file + ": a further file of acks of run " + name);
                }
                int[] sent = claims.sent(reader.ended());
                long all = 0;
                for (int count : sent) {
                    all += count;
                }
                if (reader.ended() && all != reader.sentAtEnd()) {
                    throw new IOException(
                            file + ": says " + reader.sentAtEnd() + " events sent at its end, and before " + all);
                }
                runs.add(new Run(file, name, EventId.runKey(name), slots, sent, reader.ended()));
                slots = Math.addExact(slots, sent.length);
            }
        }
        return new Runs(runs, slots);
    }

    List<Run> runs() {
        return runs;
    }

    int slots() {
        return slots;
    }

    Run find(long key) {
        for (Run run : runs) {
            if (run.key == key) {
                return run;
            }
        }
        return null;
    }

    /** The run that a slot is of. */
    Run of(int slot) {
        for (Run run : runs) {
            if (slot < run.first + run.sent.length) {
                return run;
            }
        }
        throw new IllegalArgumentException("there is no slot " + slot);
    }

    private static final class Claims implements AckReader.Visitor {

        private final TreeMap<Integer, Integer> sent = new TreeMap<>();
        private int end;

        @Override
        public void claimed(int block) {
            end = Math.max(end, block + 1);
            sent.putIfAbsent(block, -1);
        }

        @Override
        public void sent(int block, AckReader.Numbers numbers) {
            BlockSet set = new BlockSet();
            numbers.addTo(set);
            end = Math.max(end, block + 1);
            sent.put(block, set.count());
        }

        @Override
        public void acked(int block, AckReader.Numbers numbers) {
            // Read by the passes.
        }

        @Override
        public void refused(int block, AckReader.Numbers numbers) {
            // Tells nothing about what must have been delivered.
        }

        int[] sent(boolean ended) {
            int[] counts = new int[end];
            sent.forEach((block, count) -> counts[block] = count >= 0 ? count : ended ? 0 : BlockSet.SIZE);
            return counts;
        }
    }
}
