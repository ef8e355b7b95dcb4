package io.sluice.load.acks;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A set of the {@value #SIZE} numbers of one block, which takes next to no memory while they come in order.
 *
 * <p>It is {@code [0, prefix)} and, once a number came out of order, a bitmap of {@value #BITMAP_BYTES} bytes, given up
 * again by {@link #compact} or when the block is full. One thread. {@code add} is a compare and an increment, or one
 * bit.
 */
public final class BlockSet {

    /** Numbers in a block. */
    public static final int SIZE = 1 << 16;

    public static final int BITMAP_BYTES = SIZE / 8;

    private static final int BYTES_OF_A_RUN = 4;

    /** Every number below is in the set, whatever the bitmap says. */
    private int prefix;

    private int count;
    /** One behind the greatest number. */
    private int end;

    private long[] bits;

    /** Adds {@code number}. @return whether it is new */
    public boolean add(int number) {
        if (number < prefix) {
            return false;
        }
        if (number == prefix && bits == null) {
            prefix++;
            count++;
            end = prefix;
            return true;
        }
        if (bits == null) {
            bits = new long[SIZE / 64];
        }
        long bit = 1L << number;
        if ((bits[number >>> 6] & bit) != 0) {
            return false;
        }
        bits[number >>> 6] |= bit;
        count++;
        end = Math.max(end, number + 1);
        if (count == SIZE) {
            compact();
        }
        return true;
    }

    /** Gives up the bitmap if there is no gap. Not done at every chance, since it would soon be wanted again. */
    public void compact() {
        if (count == end) {
            prefix = end;
            bits = null;
        }
    }

    /** Adds {@code [from, to)}. @return how many of them are new */
    public int addRange(int from, int to) {
        if (from <= prefix && bits == null) {
            int added = Math.max(0, to - prefix);
            prefix += added;
            count += added;
            end = prefix;
            return added;
        }
        int before = count;
        for (int number = from; number < to; number++) {
            add(number);
        }
        return count - before;
    }

    public boolean contains(int number) {
        return number < prefix || bits != null && (bits[number >>> 6] & 1L << number) != 0;
    }

    public int count() {
        return count;
    }

    /** The first number from {@code from} on that is in the set, or {@value #SIZE}. */
    public int next(int from) {
        if (from < prefix) {
            return from;
        }
        if (bits == null || from >= SIZE) {
            return SIZE;
        }
        int word = from >>> 6;
        long rest = bits[word] & -1L << from;
        while (rest == 0) {
            if (++word == bits.length) {
                return SIZE;
            }
            rest = bits[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(rest);
    }

    /** The first number from {@code from} on that is not in the set, or {@value #SIZE}. */
    public int nextGap(int from) {
        int at = Math.max(from, prefix);
        if (bits == null || at >= SIZE) {
            return at;
        }
        int word = at >>> 6;
        long rest = ~bits[word] & -1L << at;
        while (rest == 0) {
            if (++word == bits.length) {
                return SIZE;
            }
            rest = ~bits[word];
        }
        return (word << 6) + Long.numberOfTrailingZeros(rest);
    }

    /** Bytes of the bitmap, if there is one. */
    public int bytes() {
        return bits == null ? 0 : BITMAP_BYTES;
    }

    /** The shortest encoding of this set. */
    Encoded encode() {
        if (count == SIZE) {
            return new Encoded(Packing.FULL, new byte[0]);
        }
        int runs = 0;
        for (int at = next(0); at < SIZE && runs * BYTES_OF_A_RUN < BITMAP_BYTES; at = next(nextGap(at))) {
            runs++;
        }
        if (runs * BYTES_OF_A_RUN < BITMAP_BYTES) {
            ByteBuffer pairs = ByteBuffer.allocate(runs * BYTES_OF_A_RUN).order(ByteOrder.LITTLE_ENDIAN);
            for (int at = next(0); at < SIZE; ) {
                int gap = nextGap(at);
                pairs.putShort((short) at).putShort((short) (gap - 1));
                at = next(gap);
            }
            return new Encoded(Packing.RUNS, pairs.array());
        }
        ByteBuffer words = ByteBuffer.allocate(BITMAP_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        long[] all = Arrays.copyOf(bits, bits.length);
        for (int i = 0; i < prefix; i++) {
            all[i >>> 6] |= 1L << i;
        }
        words.asLongBuffer().put(all);
        return new Encoded(Packing.BITMAP, words.array());
    }

    /**
     * Adds what was encoded.
     *
     * @return how many numbers are new, or -1 if the payload's length does not suit the packing
     */
    int merge(Packing packing, ByteBuffer payload) {
        ByteBuffer in = payload.order(ByteOrder.LITTLE_ENDIAN);
        int before = count;
        switch (packing) {
            case FULL -> {
                if (in.hasRemaining()) {
                    return -1;
                }
                prefix = SIZE;
                end = SIZE;
                count = SIZE;
                bits = null;
            }
            case RUNS -> {
                if (in.remaining() % BYTES_OF_A_RUN != 0) {
                    return -1;
                }
                while (in.hasRemaining()) {
                    int from = Short.toUnsignedInt(in.getShort());
                    addRange(from, Short.toUnsignedInt(in.getShort()) + 1);
                }
            }
            case BITMAP -> {
                if (in.remaining() != BITMAP_BYTES) {
                    return -1;
                }
                for (int word = 0; word < SIZE / 64; word++) {
                    long rest = in.getLong();
                    for (; rest != 0; rest &= rest - 1) {
                        add((word << 6) + Long.numberOfTrailingZeros(rest));
                    }
                }
            }
        }
        return count - before;
    }

    /** A set as bytes. */
    record Encoded(Packing packing, byte[] payload) {}

    /** How a set is written. The ordinal stands in the file. */
    enum Packing {
        /** All numbers of the block; no payload. */
        FULL,
        /** Pairs of 16 bits, first and last number of each run, ascending. */
        RUNS,
        /** 8,192 bytes: number {@code n} is bit {@code n % 8}, from the lowest, of byte {@code n / 8}. */
        BITMAP
    }
}
