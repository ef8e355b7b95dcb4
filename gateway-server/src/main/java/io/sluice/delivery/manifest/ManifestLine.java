package io.sluice.delivery.manifest;

import io.sluice.journal.BlockManifest;
import io.sluice.journal.Receipt;
import io.sluice.ring.BlockSummary;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * Writes a manifest as one line of JSON. {@code docs/SCHEMA.md} describes it field by field; readers rely on that.
 * Tombstones, which say the same of what an erasure has left of a block, are such lines with a member more.
 *
 * <p>Stateless. Once a block, so it may allocate.
 */
public final class ManifestLine {

    static final int VERSION = 1;

    private static final int TYPICAL_BYTES = 512;
    /** Of the name of a shop and what is counted of it. */
    private static final int SHOP_BYTES = 40;

    private static final Comparator<ShopMinute> BY_SHOP_AND_MINUTE =
            Comparator.comparing(ShopMinute::shop).thenComparingInt(ShopMinute::minute);

    private record ShopMinute(String shop, int minute, int lines) {}

    private ManifestLine() {}

    /** The line, its newline included. */
    static byte[] of(BlockManifest block) {
        Receipt receipt = block.receipt();
        return open(block, word(receipt.kind()), receipt.text(), receipt.millis())
                .append("}\n")
                .toString()
                .getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * The line up to its closing brace, which is left out.
     *
     * @param block whose receipt is not looked at
     * @param kind what became of it
     * @param id where it is
     * @param atMillis since when
     */
    public static StringBuilder open(BlockManifest block, String kind, String id, long atMillis) {
        StringBuilder line = new StringBuilder(TYPICAL_BYTES + block.summary().entries() * SHOP_BYTES);
        line.append("{\"v\":").append(VERSION);
        line.append(",\"inc\":\"").append(block.incarnation());
        line.append("\",\"log\":").append(block.log());
        line.append(",\"block\":").append(block.block());
        line.append(",\"group\":").append(quoted(block.group()));
        line.append(",\"enc\":").append(quoted(word(block.encoding())));
        line.append(",\"bytes\":").append(block.bytes());
        line.append(",\"records\":").append(block.records());
        line.append(",\"raw\":").append(block.rawLength());
        line.append(",\"crc32\":\"").append(HexFormat.of().toHexDigits(block.crc32()));
        line.append("\",\"rt\":").append(block.firstReceivedMillis());
        line.append(",\"kind\":").append(quoted(kind));
        line.append(",\"id\":").append(quoted(id));
        line.append(",\"at\":").append(atMillis);
        line.append(",\"shops\":{");
        shops(block.summary(), line);
        return line.append('}');
    }

    /** In order, so that the same block has the same line always. */
    private static void shops(BlockSummary summary, StringBuilder line) {
        // A block of a full gateway has thousands of shops: one array, rather than a tree of trees. An entry is the
        // only one of its shop and minute.
        List<ShopMinute> counts = new ArrayList<>(summary.entries());
        summary.forEach((shop, minute, lines) -> counts.add(new ShopMinute(shop, minute, lines)));
        counts.sort(BY_SHOP_AND_MINUTE);
        String last = null;
        for (ShopMinute count : counts) {
            if (count.shop.equals(last)) {
                line.append(',');
            } else {
                line.append(last == null ? "" : "},");
                quote(count.shop, line);
                line.append(":{");
                last = count.shop;
            }
            line.append('"').append(count.minute).append("\":").append(count.lines);
        }
        line.append(last == null ? "" : "}");
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** What is none of the printable characters of ASCII is escaped, whatever a destination calls its objects. */
    public static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2);
        quote(text, quoted);
        return quoted.toString();
    }

    private static void quote(String text, StringBuilder quoted) {
        quoted.append('"');
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
        quoted.append('"');
    }
}
