package io.sluice.common;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class PositionTest {

    @Test
    void everyPositionIsReadBackFromItsText() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            Position position = random(random);
            assertThat(position.toString()).hasSize(Position.TEXT_LENGTH).matches("[0-9A-Za-z_~]+");
            assertThat(Position.parse(position.toString())).isEqualTo(position);
        }
    }

    @Test
    void theExtremesAreReadBack() {
        Position largest = new Position(new UUID(-1, -1), Position.MAX_LOG, Position.MAX_BLOCK, Position.MAX_INDEX);
        Position smallest = new Position(new UUID(0, 0), 0, 0, 0);
        assertThat(Position.parse(largest.toString())).isEqualTo(largest);
        assertThat(Position.parse(smallest.toString())).isEqualTo(smallest);
    }

    @Test
    void textsSortAsTheNumbersDo() {
        UUID incarnation = new Uuid7().next(1_700_000_000_000L);
        List<String> ascending = new ArrayList<>();
        for (long block : new long[] {0, 1, 63, 64, 4095, 1L << 30, Position.MAX_BLOCK}) {
            for (int index : new int[] {0, 9, 10, 63, 64, Position.MAX_INDEX}) {
                ascending.add(new Position(incarnation, 0, block, index).toString());
            }
        }
        assertThat(ascending).isSorted();
    }

    @Test
    void whatIsNoPositionIsRefused() {
        String good = random(new Random(2)).toString();
        assertThatThrownBy(() -> Position.parse(good.substring(1))).hasMessageContaining("34 characters");
        assertThatThrownBy(() -> Position.parse(good.substring(0, 33) + "é")).hasMessageContaining("character 33");
        assertThatThrownBy(() -> Position.parse("4" + good.substring(1))).hasMessageContaining("first character");
        assertThatThrownBy(() -> new Position(new UUID(0, 0), 0, -1, 0)).hasMessageContaining("block");
    }

    private static Position random(Random random) {
        return new Position(
                new UUID(random.nextLong(), random.nextLong()),
                random.nextInt(Position.MAX_LOG + 1),
                random.nextLong() & Position.MAX_BLOCK,
                random.nextInt(Position.MAX_INDEX + 1));
    }
}
