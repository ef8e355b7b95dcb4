package io.sluice.cli.reconcile;

import io.sluice.cli.objects.ShopCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * What tombstones tell: which lines were taken out of which blocks because somebody asked for it, and what is left of
 * them. One thread; memory is that of the blocks that ever lost lines.
 */
final class Erasures {

    private record Id(UUID incarnation, int log, long block) {}

    /** A block that lost lines, by one request or by several. */
    static final class Erased {

        private final RunSet lines = new RunSet();
        /** What was left after each of the requests. */
        private final List<Facts> left = new ArrayList<>();
        /** Lines of each shop after that which left the fewest. */
        private Map<String, Long> shops = Map.of();

        /** Whether the line of this index was taken out, or is about to be. */
        boolean contains(int index) {
            return lines.contains(index);
        }

        /** How many lines were taken out. */
        int count() {
            int count = 0;
            for (int run = 0; run < lines.runs(); run++) {
                count += (int) (lines.to(run) - lines.from(run)) + 1;
            }
            return count;
        }

        /** Lines of each shop that are left when all is done. */
        Map<String, Long> shops() {
            return shops;
        }

        private boolean isLeast(int records) {
            for (Facts facts : left) {
                if (facts.records() < records) {
                    return false;
                }
            }
            return true;
        }

        /** Whether nothing is to be left of a block that had so many lines. */
        boolean isAllOf(int records) {
            return count() == records;
        }

        /** Whether what was found is what one of the requests left. */
        boolean left(Facts found) {
            for (Facts facts : left) {
                if (facts.difference(found) == null) {
                    return true;
                }
            }
            return false;
        }

        /** Whether the block holds lines that should be gone. */
        boolean isUnfinished(Facts found) {
            int least = Integer.MAX_VALUE;
            for (Facts facts : left) {
                least = Math.min(least, facts.records());
            }
            return found.records() > least;
        }
    }

    private final Map<Id, Erased> blocks = new HashMap<>();

    /** Takes up a tombstone. */
    void add(Manifest left, RunSet lines, ShopCounts shops) {
        Erased erased =
                blocks.computeIfAbsent(new Id(left.incarnation(), left.log(), left.block()), id -> new Erased());
        for (int run = 0; run < lines.runs(); run++) {
            for (long index = lines.from(run); index <= lines.to(run); index++) {
                erased.lines.add(index);
            }
        }
        if (erased.isLeast(left.facts().records())) {
            erased.shops = new HashMap<>();
            shops.forEach((shop, count) -> erased.shops.merge(shop, count, Long::sum));
        }
        if (!erased.left.contains(left.facts())) {
            erased.left.add(left.facts());
        }
    }

    /** @return {@code null} if the block never lost any */
    Erased of(UUID incarnation, int log, long block) {
        return blocks.isEmpty() ? null : blocks.get(new Id(incarnation, log, block));
    }
}
