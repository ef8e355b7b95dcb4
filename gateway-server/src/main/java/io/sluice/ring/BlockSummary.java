package io.sluice.ring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How many lines of a block belong to which shop and minute: what reconciliation counts, carried by the SEAL frame.
 *
 * <p>Confined to one thread. An open-addressing table that grows to what a block needs and then allocates nothing.
 * On disk, little-endian: {@code u32 entries}, then for each {@code u8 length, shop id, u32 epoch minute, u32 lines}.
 */
public final class BlockSummary {

    private static final int LEAST_SLOTS = 64;
    /** On disk, of a shop without a name. */
    private static final int LEAST_ENTRY_BYTES = 1 + 2 * Integer.BYTES;

    private byte[][] shops;
    private int[] hashes;
    private int[] minutes;
    private int[] lines;
    private int entries;
    private int bytes = Integer.BYTES;

    public BlockSummary() {
        this(LEAST_SLOTS);
    }

    /** @param slots a power of two */
    private BlockSummary(int slots) {
        shops = new byte[slots][];
        hashes = new int[slots];
        minutes = new int[slots];
        lines = new int[slots];
    }

    /** Adds lines of a shop in a minute since the epoch. The array is kept, and must never change. */
    public void add(byte[] shopId, int shopHash, int minute, int count) {
        if (entries * 2 >= shops.length) {
            grow();
        }
        int mask = shops.length - 1;
        int slot = slot(shopHash, minute, mask);
        while (shops[slot] != null) {
            if (minutes[slot] == minute
                    && hashes[slot] == shopHash
                    && (shops[slot] == shopId || Arrays.equals(shops[slot], shopId))) {
                lines[slot] += count;
                return;
            }
            slot = slot + 1 & mask;
        }
        shops[slot] = shopId;
        hashes[slot] = shopHash;
        minutes[slot] = minute;
        lines[slot] = count;
        entries++;
        bytes += 1 + shopId.length + 2 * Integer.BYTES;
    }

    /** Of the table. For tests. */
    int slots() {
        return shops.length;
    }

    public int entries() {
        return entries;
    }

    public boolean isEmpty() {
        return entries == 0;
    }

    /** Bytes that {@link #write} writes. */
    public int bytes() {
        return bytes;
    }

    /** Writes all entries at the buffer's position, which moves. The buffer must be little-endian. */
    public void write(ByteBuffer dst) {
        dst.putInt(entries);
        for (int slot = 0; slot < shops.length; slot++) {
            if (shops[slot] != null) {
                dst.put((byte) shops[slot].length);
                dst.put(shops[slot]);
                dst.putInt(minutes[slot]);
                dst.putInt(lines[slot]);
            }
        }
    }

    /** Reads what {@link #write} wrote. */
    public static BlockSummary read(ByteBuffer src) {
        int count = src.getInt();
        // As many slots as it would grow to, without growing.
        int most = Math.min(count, src.remaining() / LEAST_ENTRY_BYTES);
        BlockSummary summary =
                new BlockSummary(Math.max(LEAST_SLOTS, Integer.highestOneBit(Math.max(1, most - 1)) * 4));
        for (int i = 0; i < count; i++) {
            byte[] shop = new byte[src.get() & 0xff];
            src.get(shop);
            int minute = src.getInt();
            summary.add(shop, Arrays.hashCode(shop), minute, src.getInt());
        }
        return summary;
    }

    public void clear() {
        Arrays.fill(shops, null);
        entries = 0;
        bytes = Integer.BYTES;
    }

    /** Takes one entry after the other. */
    public interface Visitor {
        void entry(String shop, int minute, int lines);
    }

    public void forEach(Visitor visitor) {
        for (int slot = 0; slot < shops.length; slot++) {
            if (shops[slot] != null) {
                visitor.entry(new String(shops[slot], StandardCharsets.US_ASCII), minutes[slot], lines[slot]);
            }
        }
    }

    private static int slot(int shopHash, int minute, int mask) {
        int mixed = (shopHash * 31 + minute) * 0x9E3779B9;
        return (mixed ^ mixed >>> 16) & mask;
    }

    private void grow() {
        byte[][] oldShops = shops;
        int[] oldHashes = hashes;
        int[] oldMinutes = minutes;
        int[] oldLines = lines;
        int capacity = oldShops.length * 2;
        shops = new byte[capacity][];
        hashes = new int[capacity];
        minutes = new int[capacity];
        lines = new int[capacity];
        clear();
        for (int i = 0; i < oldShops.length; i++) {
            if (oldShops[i] != null) {
                add(oldShops[i], oldHashes[i], oldMinutes[i], oldLines[i]);
            }
        }
    }
}
