package io.sluice.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ArenaTest {

    private record Region(int offset, int length, long mark) {}

    @Test
    void regionsNeverOverlapWhateverTheOrderOfSizes() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            Arena arena = new Arena(1000);
            Deque<Region> live = new ArrayDeque<>();
            int given = 0;
            for (int step = 0; step < 2_000; step++) {
                int bytes = 1 + random.nextInt(400);
                boolean fits = arena.fits(bytes);
                int offset = arena.reserve(bytes);
                assertThat(offset >= 0).as("seed %d", seed).isEqualTo(fits);
                if (offset >= 0) {
                    int kept = random.nextInt(bytes + 1);
                    long mark = arena.commit(kept);
                    if (kept > 0) {
                        Region region = new Region(offset, kept, mark);
                        assertThat(offset + kept).isLessThanOrEqualTo(arena.capacity());
                        for (Region other : live) {
                            assertThat(offset >= other.offset + other.length || other.offset >= offset + kept)
                                    .as("seed %d: %s and %s overlap", seed, region, other)
                                    .isTrue();
                        }
                        live.add(region);
                        given++;
                    }
                }
                if (offset < 0 || random.nextInt(3) == 0) {
                    Region oldest = live.poll();
                    if (oldest != null) {
                        arena.release(oldest.mark);
                    }
                }
            }
            assertThat(given).as("seed %d", seed).isGreaterThan(500);
        }
    }

    @Test
    void anEmptyArenaTakesHalfOfItsCapacityWhereverItsHeadStands() {
        Arena arena = new Arena(1000);
        for (int i = 0; i < 100; i++) {
            assertThat(arena.fits(500)).isTrue();
            arena.reserve(333);
            arena.release(arena.commit(333));
        }
    }

    @Test
    void whatIsLargerThanTheArenaNeverFits() {
        Arena arena = new Arena(1000);
        assertThat(arena.fits(1000)).isTrue();
        assertThat(arena.fits(1001)).isFalse();
        assertThat(arena.reserve(1001)).isEqualTo(-1);
    }
}
