package io.sluice.cli.erase;

import io.sluice.cli.objects.BlockLines;
import io.sluice.cli.objects.LineFields;
import io.sluice.common.Position;
import io.sluice.record.BlockStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;

/** Looks through blocks for a person's lines. One thread. */
final class Search {

    /**
     * What was found.
     *
     * @param lines in all
     * @param found of them, the person's, by shop
     * @param blocks of which such lines are
     * @param unclear lines that are no JSON and may be the person's
     */
    record Found(long lines, Map<String, Long> found, int blocks, long unclear) {

        /** The person's lines. */
        long count() {
            long count = 0;
            for (long lines : found.values()) {
                count += lines;
            }
            return count;
        }
    }

    /** Is shown the person's lines. */
    @FunctionalInterface
    interface Visitor {
        void line(byte[] bytes, int from, int to) throws IOException;
    }

    private record Block(UUID incarnation, int log, long block) {}

    private final Person person;
    private final BlockLines lines = new BlockLines();

    // Of the blocks at hand.
    private long all;
    private long unclear;

    Search(Person person) {
        this.person = person;
    }

    /** @throws IOException if something is damaged or cannot be read */
    Found read(BlockStream blocks, Visitor visitor) throws IOException {
        Map<String, Long> found = new TreeMap<>();
        Set<Block> inBlocks = new HashSet<>();
        all = 0;
        unclear = 0;
        while (blocks.nextBlock()) {
            lines.read(blocks, (bytes, from, to) -> {
                all++;
                switch (person.isOf(bytes, from, to)) {
                    case NO -> {}
                    case UNCLEAR -> unclear++;
                    case YES -> {
                        found.merge(LineFields.shop(bytes, from, to), 1L, Long::sum);
                        Position position = LineFields.position(bytes, from, to);
                        inBlocks.add(
                                position == null
                                        ? null
                                        : new Block(position.incarnation(), position.log(), position.block()));
                        visitor.line(bytes, from, to);
                    }
                }
            });
        }
        return new Found(all, found, inBlocks.size(), unclear);
    }

    Found read(BlockStream blocks) throws IOException {
        return read(blocks, (bytes, from, to) -> {});
    }
}
