package io.sluice.cli;

import io.sluice.common.Position;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * Which records of the blocks of a journal have been printed, so that none that also lies in a delivered object is
 * printed twice. Holds an entry for each block of the journal, whatever the number of objects. One thread.
 */
final class Printed {

    private record Block(UUID incarnation, int log, long number) {}

    private static final byte[] NAME = ",\"pos\":\"".getBytes(StandardCharsets.US_ASCII);
    /** Quote, brace and newline behind the position, which is the last member of a line. */
    private static final int BEHIND = 3;

    /** How many records of a block, from index 0, have been printed. */
    private final Map<Block, Integer> records = new HashMap<>();

    /** Begins to watch a block that may lie in an object too. */
    void watch(UUID incarnation, int log, long block) {
        records.putIfAbsent(new Block(incarnation, log, block), 0);
    }

    /**
     * Takes note that the line from {@code from} to {@code to} is being printed.
     *
     * @return false if it has been printed before
     */
    boolean first(byte[] lines, int from, int to) {
        if (records.isEmpty()) {
            return true;
        }
        Position position = position(lines, from, to);
        if (position == null) {
            return true;
        }
        Block block = new Block(position.incarnation(), position.log(), position.block());
        Integer printed = records.get(block);
        if (printed == null) {
            return true;
        }
        if (position.index() < printed) {
            return false;
        }
        records.put(block, position.index() + 1);
        return true;
    }

    /** The position that ends a line of the gateway, or {@code null} if the line is of another make. */
    private static Position position(byte[] lines, int from, int to) {
        int at = to - BEHIND - Position.TEXT_LENGTH;
        if (at - NAME.length < from) {
            return null;
        }
        for (int i = 0; i < NAME.length; i++) {
            if (lines[at - NAME.length + i] != NAME[i]) {
                return null;
            }
        }
        try {
            return Position.parse(new String(lines, at, Position.TEXT_LENGTH, StandardCharsets.ISO_8859_1));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
