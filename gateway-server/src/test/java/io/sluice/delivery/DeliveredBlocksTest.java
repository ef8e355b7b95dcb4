package io.sluice.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.DeliveredQuery.State;
import io.sluice.common.Position;
import io.sluice.journal.SealedBlock;
import io.sluice.record.Encoding;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class DeliveredBlocksTest {

    private static final UUID ADOPTED = UUID.fromString("018a0000-0000-7000-8000-000000000001");

    private final DeliveredBlocks blocks = new DeliveredBlocks(Blocks.INCARNATION, 3);

    @Test
    void knowsEveryDeliveredBlockWhateverTheOrder() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        DeliveredBlocks ledger = new DeliveredBlocks(Blocks.INCARNATION, 1_000);
        List<Long> order = new ArrayList<>();
        for (long producer = 0; producer < 3; producer++) {
            for (long block = 0; block < 200; block++) {
                order.add(producer << 20 | block);
            }
        }
        Collections.shuffle(order, random);
        Set<Long> delivered = new HashSet<>();
        for (long block : order) {
            ledger.pending(block(Blocks.INCARNATION, block));
            ledger.delivered(block(Blocks.INCARNATION, block));
            delivered.add(block);
            long probe = order.get(random.nextInt(order.size()));
            assertThat(ledger.state(position(Blocks.INCARNATION, probe)))
                    .as("seed %d, block %d", seed, probe)
                    .isEqualTo(delivered.contains(probe) ? State.DELIVERED : State.PENDING);
        }
        assertThat(ledger.runs(Blocks.INCARNATION, 0)).isEqualTo(3);
    }

    @Test
    void aBlockOfTheOwnIncarnationThatWasNeverSeenIsPending() {
        assertThat(blocks.state(position(Blocks.INCARNATION, 7))).isEqualTo(State.PENDING);
        blocks.delivered(block(Blocks.INCARNATION, 6));
        assertThat(blocks.state(position(Blocks.INCARNATION, 7))).isEqualTo(State.PENDING);
    }

    @Test
    void aBlockOfAnotherIncarnationIsUnknownUntilItIsHandedOut() {
        assertThat(blocks.state(position(ADOPTED, 7))).isEqualTo(State.UNKNOWN);
        blocks.pending(block(ADOPTED, 7));
        assertThat(blocks.state(position(ADOPTED, 7))).isEqualTo(State.PENDING);
        assertThat(blocks.state(position(ADOPTED, 6))).isEqualTo(State.UNKNOWN);
        blocks.delivered(block(ADOPTED, 7));
        assertThat(blocks.state(position(ADOPTED, 7))).isEqualTo(State.DELIVERED);
    }

    @Test
    void forgetsTheLowestRunsAboveItsBound() {
        for (long block = 0; block < 10; block += 2) {
            blocks.delivered(block(Blocks.INCARNATION, block));
        }
        assertThat(blocks.runs(Blocks.INCARNATION, 0)).isEqualTo(3);
        assertThat(blocks.state(position(Blocks.INCARNATION, 0))).isEqualTo(State.UNKNOWN);
        assertThat(blocks.state(position(Blocks.INCARNATION, 8))).isEqualTo(State.DELIVERED);
        assertThat(blocks.state(position(Blocks.INCARNATION, 9))).isEqualTo(State.PENDING);
    }

    @Test
    void aBlockDeliveredTwiceIsDelivered() {
        blocks.delivered(block(Blocks.INCARNATION, 1));
        blocks.delivered(block(Blocks.INCARNATION, 2));
        blocks.delivered(block(Blocks.INCARNATION, 1));
        assertThat(blocks.state(position(Blocks.INCARNATION, 1))).isEqualTo(State.DELIVERED);
        assertThat(blocks.runs(Blocks.INCARNATION, 0)).isEqualTo(1);
    }

    private static SealedBlock block(UUID incarnation, long block) {
        return Blocks.of(incarnation, "events", Encoding.NDJSON, block, new byte[] {'{', '}', '\n'}, 0);
    }

    private static Position position(UUID incarnation, long block) {
        return new Position(incarnation, 0, block, 5);
    }
}
