package io.sluice.cli.erase;

import io.sluice.cli.objects.ShopCounts;
import io.sluice.common.Position;
import io.sluice.delivery.manifest.ManifestLine;
import io.sluice.journal.BlockManifest;
import io.sluice.record.Encoding;
import io.sluice.ring.BlockSummary;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/** A line about a block that loses lines: as its manifest, of what is left, and which lines go. */
final class Tombstone {

    private Tombstone() {}

    /**
     * The line, its newline included. {@code docs/SCHEMA.md} describes it; {@code reconcile} reads it.
     *
     * @param block position of any line of the block
     * @param packed bytes of the block when it is packed again
     * @param lines what is left of its lines
     * @param records how many those are
     * @param shops the same by shop and minute
     * @param indexes of the lines that go, ascending
     * @param key of the object
     */
    static String line(
            Position block,
            String group,
            Encoding encoding,
            int packed,
            byte[] lines,
            int records,
            ShopCounts shops,
            List<Integer> indexes,
            long firstReceivedMillis,
            String key,
            long atMillis) {
        CRC32 crc = new CRC32();
        crc.update(lines);
        BlockSummary left = new BlockSummary();
        shops.forEachMinute((shop, minute, count) -> {
            byte[] id = shop.getBytes(StandardCharsets.UTF_8);
            left.add(id, Arrays.hashCode(id), (int) minute, (int) count);
        });
        BlockManifest manifest = new BlockManifest(
                block.incarnation(),
                block.log(),
                block.block(),
                group,
                encoding,
                packed,
                records,
                lines.length,
                (int) crc.getValue(),
                firstReceivedMillis,
                left,
                null);
        StringBuilder line =
                ManifestLine.open(manifest, "erased", key, atMillis).append(",\"erased\":[");
        ranges(indexes, line);
        return line.append("]}\n").toString();
    }

    private static void ranges(List<Integer> indexes, StringBuilder line) {
        String between = "";
        for (int i = 0; i < indexes.size(); ) {
            int last = i;
            while (last + 1 < indexes.size() && indexes.get(last + 1) == indexes.get(last) + 1) {
                last++;
            }
            line.append(between).append('[').append(indexes.get(i)).append(',').append(indexes.get(last));
            line.append(']');
            between = ",";
            i = last + 1;
        }
    }
}
