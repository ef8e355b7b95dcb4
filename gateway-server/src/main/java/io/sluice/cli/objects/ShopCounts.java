package io.sluice.cli.objects;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lines by shop, and a digest of them by shop and minute that two sides can compare without keeping them apart. One
 * thread.
 *
 * <p>The digest is the sum, over all lines, of a hash of shop and minute: the order of lines does not matter, and equal
 * counts have equal digests. Different ones have the same by chance once in 1.8e19.
 */
public final class ShopCounts {

    private static final int FIRST_CAPACITY = 64;

    private long[] hashes = new long[FIRST_CAPACITY];
    private String[] names = new String[FIRST_CAPACITY];
    private long[] lines = new long[FIRST_CAPACITY];
    private int size;
    private long digest;

    // What was added, as it came, if it is kept.
    private final boolean byMinute;
    private final List<Minute> minutes = new ArrayList<>();

    private record Minute(String shop, long minute, long lines) {}

    @FunctionalInterface
    public interface Visitor {
        void shop(String name, long lines);
    }

    @FunctionalInterface
    public interface MinuteVisitor {
        void minute(String shop, long minute, long lines);
    }

    public ShopCounts() {
        this(false);
    }

    /** @param byMinute whether {@link #forEachMinute} is of use; it costs an entry for each call of {@link #add} */
    public ShopCounts(boolean byMinute) {
        this.byMinute = byMinute;
    }

    /** Counts lines of the shop whose name lies at {@code from} in a minute since the epoch. */
    public void add(byte[] bytes, int from, int to, long minute, long count) {
        long hash = hash(bytes, from, to);
        int slot = slot(hash);
        if (names[slot] == null) {
            slot = take(slot, hash, new String(bytes, from, to - from, StandardCharsets.UTF_8));
        }
        lines[slot] += count;
        if (byMinute) {
            minutes.add(new Minute(names[slot], minute, count));
        }
        digest += count * mix(hash + minute * 0x9E3779B97F4A7C15L);
    }

    public void addAll(ShopCounts other) {
        for (int i = 0; i < other.names.length; i++) {
            if (other.names[i] != null) {
                int slot = slot(other.hashes[i]);
                if (names[slot] == null) {
                    slot = take(slot, other.hashes[i], other.names[i]);
                }
                lines[slot] += other.lines[i];
            }
        }
        digest += other.digest;
    }

    public long digest() {
        return digest;
    }

    public void forEach(Visitor visitor) {
        for (int i = 0; i < names.length; i++) {
            if (names[i] != null) {
                visitor.shop(names[i], lines[i]);
            }
        }
    }

    /** What was added since it was cleared; minutes since the epoch, one of them several times maybe. */
    public void forEachMinute(MinuteVisitor visitor) {
        minutes.forEach(minute -> visitor.minute(minute.shop, minute.minute, minute.lines));
    }

    public void clear() {
        minutes.clear();
        if (size > 0) {
            Arrays.fill(names, null);
            Arrays.fill(lines, 0);
        }
        size = 0;
        digest = 0;
    }

    private int take(int slot, long hash, String name) {
        int at = slot;
        if (2 * (size + 1) > names.length) {
            grow();
            at = slot(hash);
        }
        hashes[at] = hash;
        names[at] = name;
        size++;
        return at;
    }

    private void grow() {
        long[] oldHashes = hashes;
        String[] oldNames = names;
        long[] oldLines = lines;
        hashes = new long[2 * oldHashes.length];
        names = new String[2 * oldNames.length];
        lines = new long[2 * oldLines.length];
        for (int i = 0; i < oldNames.length; i++) {
            if (oldNames[i] != null) {
                int slot = slot(oldHashes[i]);
                hashes[slot] = oldHashes[i];
                names[slot] = oldNames[i];
                lines[slot] = oldLines[i];
            }
        }
    }

    private int slot(long hash) {
        int mask = names.length - 1;
        int at = (int) hash & mask;
        while (names[at] != null && hashes[at] != hash) {
            at = at + 1 & mask;
        }
        return at;
    }

    private static long hash(byte[] bytes, int from, int to) {
        long hash = 0xcbf29ce484222325L;
        for (int i = from; i < to; i++) {
            hash = (hash ^ bytes[i]) * 0x100000001b3L;
        }
        return mix(hash);
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood, 2014). */
    private static long mix(long value) {
        long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }
}
