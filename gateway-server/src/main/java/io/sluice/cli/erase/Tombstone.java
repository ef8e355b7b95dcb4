package io.sluice.cli.erase;

import io.sluice.cli.objects.ShopCounts;
import io.sluice.common.Position;
import io.sluice.record.Encoding;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** A line about a block that loses lines: as its manifest, of what is left, and which lines go. */
final class Tombstone {

    private static final int VERSION = 1;

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
        StringBuilder line = new StringBuilder(512);
        line.append("{\"v\":").append(VERSION);
        line.append(",\"inc\":\"").append(block.incarnation());
        line.append("\",\"log\":").append(block.log());
        line.append(",\"block\":").append(block.block());
        line.append(",\"group\":").append(quoted(group));
        line.append(",\"enc\":\"").append(encoding.name().toLowerCase(Locale.ROOT));
        line.append("\",\"bytes\":").append(packed);
        line.append(",\"records\":").append(records);
        line.append(",\"raw\":").append(lines.length);
        line.append(",\"crc32\":\"").append(HexFormat.of().toHexDigits((int) crc.getValue()));
        line.append("\",\"rt\":").append(firstReceivedMillis);
        line.append(",\"kind\":\"erased\",\"id\":").append(quoted(key));
        line.append(",\"at\":").append(atMillis);
        line.append(",\"shops\":{");
        shops(shops, line);
        line.append("},\"erased\":[");
        ranges(indexes, line);
        return line.append("]}\n").toString();
    }

    private static void shops(ShopCounts counts, StringBuilder line) {
        Map<String, Map<Long, Long>> shops = new TreeMap<>();
        counts.forEachMinute((shop, minute, lines) ->
                shops.computeIfAbsent(shop, s -> new TreeMap<>()).merge(minute, lines, Long::sum));
        String between = "";
        for (Map.Entry<String, Map<Long, Long>> shop : shops.entrySet()) {
            line.append(between).append(quoted(shop.getKey())).append(":{");
            between = "";
            for (Map.Entry<Long, Long> minute : shop.getValue().entrySet()) {
                line.append(between).append('"').append(minute.getKey()).append("\":");
                line.append(minute.getValue());
                between = ",";
            }
            line.append('}');
            between = ",";
        }
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

    /** What is none of the printable characters of ASCII is escaped, whatever keys are made of. */
    static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c >= ' ' && c < 0x7f) {
                quoted.append(c);
            } else {
                quoted.append("\\u").append(HexFormat.of().toHexDigits(c));
            }
        }
        return quoted.append('"').toString();
    }
}
