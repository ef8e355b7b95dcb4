package io.sluice.load.acks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockSetTest {

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void holdsWhatABitSetHoldsAndComesBackFromItsBytes(int seed) {
        Random random = new Random(seed);
        BlockSet set = new BlockSet();
        BitSet model = new BitSet();
        int steps = random.nextInt(3_000);
        for (int i = 0; i < steps; i++) {
            // Mostly a little out of order, as answers come.
            int from = Math.min(BlockSet.SIZE - 60, i * 21 + random.nextInt(400));
            int to = from + random.nextInt(seed % 2 == 0 ? 60 : 2);
            int before = model.cardinality();
            model.set(from, to);
            assertThat(set.addRange(from, to)).as("seed %d", seed).isEqualTo(model.cardinality() - before);
            if (random.nextInt(100) == 0) {
                set.compact();
            }
        }
        assertSame(set, model, seed);
        BlockSet.Encoded encoded = set.encode();
        BlockSet back = new BlockSet();
        back.merge(encoded.packing(), ByteBuffer.wrap(encoded.payload()));
        assertSame(back, model, seed);
        assertThat(encoded.payload().length).isLessThanOrEqualTo(BlockSet.BITMAP_BYTES);
    }

    @Test
    void takesNoBitmapWhileNumbersComeInOrder() {
        BlockSet set = new BlockSet();
        for (int i = 0; i < BlockSet.SIZE; i++) {
            assertThat(set.add(i)).isTrue();
            assertThat(set.bytes()).isZero();
        }
        assertThat(set.encode().packing()).isEqualTo(BlockSet.Packing.FULL);
    }

    @Test
    void givesUpItsBitmapWhenTheLastGapIsFilled() {
        BlockSet set = new BlockSet();
        for (int i = BlockSet.SIZE - 1; i > 0; i--) {
            set.add(i);
        }
        assertThat(set.bytes()).isEqualTo(BlockSet.BITMAP_BYTES);
        assertThat(set.add(0)).isTrue();
        assertThat(set.bytes()).isZero();
        assertThat(set.add(17)).isFalse();
        assertThat(set.count()).isEqualTo(BlockSet.SIZE);
    }

    @Test
    void isABitmapWhereRunsWouldBeLonger() {
        BlockSet set = new BlockSet();
        for (int i = 1; i < BlockSet.SIZE; i += 2) {
            set.add(i);
        }
        BlockSet.Encoded encoded = set.encode();
        assertThat(encoded.packing()).isEqualTo(BlockSet.Packing.BITMAP);
        BlockSet back = new BlockSet();
        assertThat(back.merge(encoded.packing(), ByteBuffer.wrap(encoded.payload())))
                .isEqualTo(BlockSet.SIZE / 2);
        assertThat(back.contains(1)).isTrue();
        assertThat(back.contains(2)).isFalse();
    }

    private static void assertSame(BlockSet set, BitSet model, int seed) {
        assertThat(set.count()).as("seed %d", seed).isEqualTo(model.cardinality());
        BitSet seen = new BitSet();
        for (int at = set.next(0); at < BlockSet.SIZE; at = set.next(at + 1)) {
            seen.set(at);
        }
        assertThat(seen).as("seed %d", seed).isEqualTo(model);
        for (int at = 0; at < BlockSet.SIZE; at += 97) {
            int gap = model.nextClearBit(at);
            assertThat(set.nextGap(at)).as("seed %d from %d", seed, at).isEqualTo(Math.min(gap, BlockSet.SIZE));
        }
    }
}
