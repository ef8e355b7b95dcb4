package io.sluice.record;

import java.util.Arrays;

/**
 * A canonical prefix code (RFC 1951, section 3.2.2), built from how often each symbol occurs.
 *
 * <p>Confined to its encoder's thread; no allocation once it is made. Lengths are those of Huffman's code, worked out
 * in place (Moffat and Katajainen, "In-place calculation of minimum-redundancy codes", 1995). Where one is above the
 * limit, the tree is levelled as zlib and miniz do, which costs next to nothing.
 */
final class HuffmanCode {

    private static final int MAX_BITS = 15;
    /** Counts from here on share a bucket, which is sorted by hand. */
    private static final int BUCKETS = 256;

    private static final int SYMBOL_BITS = 9;
    private static final int SYMBOL = (1 << SYMBOL_BITS) - 1;

    private final int limit;
    /** By symbol: the bits of its code, 0 if it has none. */
    final byte[] lengths;
    /** By symbol: its code, the first bit the lowest. */
    final int[] codes;

    /** Symbols that occur, the rarest first: count above symbol. */
    private final int[] order;
    /** Weights, then parents, then depths of the tree's inner nodes. */
    private final int[] nodes;

    private final int[] buckets = new int[BUCKETS + 1];
    private final int[] perLength = new int[MAX_BITS + 1];
    private final int[] next = new int[MAX_BITS + 1];

    /** @param limit most bits of a code */
    HuffmanCode(int symbols, int limit) {
        assert symbols <= SYMBOL && limit <= MAX_BITS;
        this.limit = limit;
        lengths = new byte[symbols];
        codes = new int[symbols];
        order = new int[symbols];
        nodes = new int[symbols];
    }

    /** A code of given lengths. */
    static HuffmanCode of(byte[] lengths) {
        HuffmanCode code = new HuffmanCode(lengths.length, MAX_BITS);
        System.arraycopy(lengths, 0, code.lengths, 0, lengths.length);
        code.assign();
        return code;
    }

    /** Makes this the code of symbols that occur as often as {@code counts} says, fewer than 2^22 times each. */
    void build(int[] counts) {
        int used = sort(counts);
        Arrays.fill(lengths, (byte) 0);
        Arrays.fill(perLength, 0);
        if (used == 1) {
            // A tree of one leaf has no bits; the format wants one (section 3.2.7).
            perLength[1] = 1;
        } else if (used > 1) {
            linkParents(used);
            countLeaves(used);
            shorten();
        }
        for (int length = limit, i = 0; length > 0; length--) {
            for (int left = perLength[length]; left > 0; left--) {
                lengths[order[i++] & SYMBOL] = (byte) length;
            }
        }
        assign();
    }

    /** Sorts by count, then symbol. @return how many symbols occur */
    private int sort(int[] counts) {
        Arrays.fill(buckets, 0);
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            buckets[Math.min(counts[symbol], BUCKETS - 1) + 1]++;
        }
        // Those that do not occur lie in the first bucket and are left out.
        int used = lengths.length - buckets[1];
        buckets[1] = 0;
        for (int i = 2, before = 0; i <= BUCKETS; i++) {
            before += buckets[i];
            buckets[i] = before;
        }
        int large = buckets[BUCKETS - 1];
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            int count = counts[symbol];
            if (count > 0) {
                order[buckets[Math.min(count, BUCKETS - 1)]++] = count << SYMBOL_BITS | symbol;
            }
        }
        for (int i = large + 1; i < used; i++) {
            int moved = order[i];
            int to = i;
            while (to > large && order[to - 1] > moved) {
                order[to] = order[to - 1];
                to--;
            }
            order[to] = moved;
        }
        return used;
    }

    /**
     * First pass: joins the two least nodes over and over; an inner node's weight gives way to its parent's index.
     */
    private void linkParents(int used) {
        int[] nodes = this.nodes;
        for (int i = 0; i < used; i++) {
            nodes[i] = order[i] >>> SYMBOL_BITS;
        }
        nodes[0] += nodes[1];
        int inner = 0;
        int leaf = 2;
        for (int joined = 1; joined < used - 1; joined++) {
            int weight;
            if (leaf >= used || nodes[inner] < nodes[leaf]) {
                weight = nodes[inner];
                nodes[inner++] = joined;
            } else {
                weight = nodes[leaf++];
            }
            if (leaf >= used || inner < joined && nodes[inner] < nodes[leaf]) {
                weight += nodes[inner];
                nodes[inner++] = joined;
            } else {
                weight += nodes[leaf++];
            }
            nodes[joined] = weight;
        }
    }

    /** Second pass: from the root down, depths of inner nodes, and how many leaves each depth has. */
    private void countLeaves(int used) {
        int root = used - 2;
        nodes[root] = 0;
        for (int i = root - 1; i >= 0; i--) {
            nodes[i] = nodes[nodes[i]] + 1;
        }
        int inner = root;
        for (int depth = 0, open = 1; open > 0; depth++) {
            int here = inner;
            while (inner >= 0 && nodes[inner] == depth) {
                inner--;
            }
            int parents = here - inner;
            perLength[Math.min(depth, limit)] += open - parents;
            open = 2 * parents;
        }
    }

    /**
     * Makes room for the leaves that were deeper than the limit, each of which takes a code too many: one of the
     * longest goes up beside a leaf of the deepest level above, which goes down one.
     */
    private void shorten() {
        int total = 0;
        for (int length = 1; length <= limit; length++) {
            total += perLength[length] << (limit - length);
        }
        for (; total > 1 << limit; total--) {
            perLength[limit]--;
            int length = limit - 1;
            while (perLength[length] == 0) {
                length--;
            }
            perLength[length]--;
            perLength[length + 1] += 2;
        }
    }

    /** Codes from lengths: of equal length by symbol, the shorter before the longer. */
    private void assign() {
        Arrays.fill(perLength, 0);
        for (byte length : lengths) {
            perLength[length]++;
        }
        perLength[0] = 0;
        for (int length = 1, code = 0; length <= MAX_BITS; length++) {
            code = code + perLength[length - 1] << 1;
            next[length] = code;
        }
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            int length = lengths[symbol];
            codes[symbol] = length == 0 ? 0 : Integer.reverse(next[length]++) >>> -length;
        }
    }
}
