package io.sluice.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BlockSummaryTest {

    @Test
    void sumsLinesPerShopAndMinuteAndIsReadBack() {
        Random random = new Random(3);
        BlockSummary summary = new BlockSummary();
        for (int round = 0; round < 3; round++) {
            summary.clear();
            Map<String, Integer> expected = new HashMap<>();
            for (int i = 0; i < 20_000; i++) {
                String shop = "shop-" + random.nextInt(1000);
                int minute = 29_000_000 + random.nextInt(3);
                int lines = 1 + random.nextInt(5);
                byte[] id = shop.getBytes(StandardCharsets.US_ASCII);
                summary.add(id, Arrays.hashCode(id), minute, lines);
                expected.merge(shop + "@" + minute, lines, Integer::sum);
            }
            assertThat(contents(summary)).isEqualTo(expected);
            assertThat(summary.entries()).isEqualTo(expected.size());

            ByteBuffer buffer = ByteBuffer.allocate(summary.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            summary.write(buffer);
            assertThat(buffer.hasRemaining()).isFalse();
            assertThat(contents(BlockSummary.read(buffer.flip()))).isEqualTo(expected);
        }
    }

    @Test
    void whatIsReadHasTheTableThatItWouldHaveGrownTo() {
        for (int entries : new int[] {0, 1, 31, 32, 33, 63, 64, 65, 1000, 1023, 1024, 1025}) {
            BlockSummary grown = new BlockSummary();
            for (int minute = 0; minute < entries; minute++) {
                grown.add(new byte[] {'a'}, 7, minute, 1);
            }
            ByteBuffer buffer = ByteBuffer.allocate(grown.bytes()).order(ByteOrder.LITTLE_ENDIAN);
            grown.write(buffer);
            BlockSummary read = BlockSummary.read(buffer.flip());
            assertThat(read.slots()).as("%d entries", entries).isEqualTo(grown.slots());
            assertThat(contents(read)).isEqualTo(contents(grown));
        }
    }

    private static Map<String, Integer> contents(BlockSummary summary) {
        Map<String, Integer> contents = new HashMap<>();
        summary.forEach((shop, minute, lines) -> contents.merge(shop + "@" + minute, lines, Integer::sum));
        return contents;
    }
}
