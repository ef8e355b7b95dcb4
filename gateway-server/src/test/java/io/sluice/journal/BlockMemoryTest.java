package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.CleanLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BlockMemoryTest {

    private static final int UNIT = 1 << 14;
    private static final int LARGEST = 1 << 20;

    private record Piece(int at, int size) {}

    /** Whatever was taken and given back before, what is out never overlaps, and all of it can be had again. */
    @Test
    void piecesNeverOverlapAndNothingIsLostOfThem() {
        for (int seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            // A size that is no power of two.
            int total = (4 + random.nextInt(4)) * LARGEST + random.nextInt(64) * UNIT;
            BlockMemory memory = new BlockMemory(total);
            List<Piece> out = new ArrayList<>();
            boolean[] taken = new boolean[total / UNIT];
            for (int i = 0; i < 2000; i++) {
                if (random.nextInt(5) < 3) {
                    int size = memory.sizeFor(1 + random.nextInt(1 << 10 + random.nextInt(11)));
                    int at = memory.take(size);
                    if (at != BlockMemory.NONE) {
                        for (int unit = at / UNIT; unit < (at + size) / UNIT; unit++) {
                            assertThat(taken[unit])
                                    .as("unit %d, seed %d", unit, seed)
                                    .isFalse();
                            taken[unit] = true;
                        }
                        out.add(new Piece(at, size));
                    }
                } else if (!out.isEmpty()) {
                    giveBack(memory, out.remove(random.nextInt(out.size())), taken);
                }
            }
            while (!out.isEmpty()) {
                giveBack(memory, out.removeLast(), taken);
            }
            for (int i = 0; i < total / LARGEST; i++) {
                assertThat(memory.take(LARGEST))
                        .as("piece %d, seed %d", i, seed)
                        .isNotEqualTo(BlockMemory.NONE);
            }
            assertThat(memory.take(LARGEST)).isEqualTo(BlockMemory.NONE);
        }
    }

    private static void giveBack(BlockMemory memory, Piece piece, boolean[] taken) {
        Arrays.fill(taken, piece.at / UNIT, (piece.at + piece.size) / UNIT, false);
        memory.giveBack(piece.at, piece.size);
    }

    @Test
    void aSmallBlockHoldsASmallPiece() {
        BlockMemory memory = new BlockMemory(4 * LARGEST);
        for (int i = 0; i < 4 * LARGEST / UNIT; i++) {
            assertThat(memory.take(memory.sizeFor(100))).isNotEqualTo(BlockMemory.NONE);
        }
        assertThat(memory.take(memory.sizeFor(100))).isEqualTo(BlockMemory.NONE);
    }

    @Test
    void sizesArePowersOfTwoThatHoldWhatWasAskedFor() {
        BlockMemory memory = new BlockMemory(4 * LARGEST);
        assertThat(memory.sizeFor(1)).isEqualTo(UNIT);
        assertThat(memory.sizeFor(UNIT)).isEqualTo(UNIT);
        assertThat(memory.sizeFor(UNIT + 1)).isEqualTo(2 * UNIT);
        assertThat(memory.sizeFor(LARGEST)).isEqualTo(LARGEST);
        assertThat(memory.take(memory.sizeFor(LARGEST + 1))).isEqualTo(BlockMemory.NONE);
    }

    /** Pieces do not share bytes, whichever chunks they lie in, and a copy takes all of one to another. */
    @Test
    void whatIsPutIntoAPieceStaysThere() {
        BlockMemory memory = new BlockMemory(5 * LARGEST + 3 * UNIT);
        List<Piece> out = new ArrayList<>();
        for (int size = UNIT; size <= LARGEST; size *= 2) {
            out.add(new Piece(memory.take(size), size));
        }
        for (int i = 0; i < out.size(); i++) {
            byte[] bytes = new byte[out.get(i).size];
            Arrays.fill(bytes, (byte) (i + 1));
            memory.put(out.get(i).at, bytes);
        }
        // From the smallest to each that is larger, in the same chunk and in another.
        for (int i = 1; i < out.size(); i++) {
            memory.copy(out.getFirst().at, out.get(i).at + UNIT, UNIT);
        }
        for (int i = 0; i < out.size(); i++) {
            ByteBuffer piece = memory.slice(out.get(i).at, out.get(i).size);
            for (int at = 0; at < piece.capacity(); at++) {
                boolean copied = i > 0 && at >= UNIT && at < 2 * UNIT;
                assertThat(piece.get(at)).as("byte %d of piece %d", at, i).isEqualTo((byte) (copied ? 1 : i + 1));
            }
        }
    }

    /** As the closing bytes of a block without any, which has filled its piece. */
    @Test
    void nothingCanBePutBehindTheEndOfAChunk() {
        BlockMemory memory = new BlockMemory(4 * LARGEST);
        for (int at = memory.take(LARGEST); at != BlockMemory.NONE; at = memory.take(LARGEST)) {
            memory.put(at + LARGEST, new byte[0]);
            memory.put(at + LARGEST, ByteBuffer.allocate(1), 0, 0);
        }
        assertThat(memory.take(UNIT)).isEqualTo(BlockMemory.NONE);
    }

    @Test
    void whereTheSystemHasNoMoreItStaysAsLargeAsItIs(CleanLog.Expected log) {
        log.line("no more memory for blocks");
        int[] asked = {0};
        BlockMemory memory = new BlockMemory(8 * LARGEST, bytes -> {
            if (asked[0]++ == 2) {
                throw new OutOfMemoryError("none");
            }
            return ByteBuffer.allocate(bytes);
        });
        for (int turn = 0; turn < 3; turn++) {
            List<Integer> out = new ArrayList<>();
            for (int at = memory.take(UNIT); at != BlockMemory.NONE; at = memory.take(UNIT)) {
                memory.put(at, new byte[UNIT]);
                out.add(at);
            }
            assertThat(out).as("turn %d", turn).doesNotHaveDuplicates().hasSize(2 * LARGEST / UNIT);
            assertThat(memory.usedBytes()).isEqualTo(2 * LARGEST);
            out.forEach(at -> memory.giveBack(at, UNIT));
        }
        assertThat(memory.usedBytes()).isZero();
        assertThat(asked[0]).as("chunks asked for").isEqualTo(3);
        assertThat(memory.takeSparing(LARGEST)).isNotEqualTo(BlockMemory.NONE);
        assertThat(memory.takeSparing(LARGEST)).isEqualTo(BlockMemory.NONE);
    }
}
