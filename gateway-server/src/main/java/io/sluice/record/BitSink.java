package io.sluice.record;

import io.sluice.json.Swar;
import java.nio.ByteBuffer;

/**
 * Bits on their way out, the first of them the lowest (RFC 1951, section 3.1.1). Confined to its encoder's thread; no
 * allocation.
 *
 * <p>Bytes are collected in an array, since words are written there at any offset without checks of a buffer's scope,
 * and copied out once a chunk: they are an eighth of what came in.
 */
final class BitSink {

    /** A word is written whole, up to seven bytes more than count. */
    private static final int SLACK = Long.BYTES;

    final byte[] bytes;
    /** Whole bytes so far. */
    int size;
    /** Bits behind them, fewer than eight between two calls. */
    long bits;

    int bitCount;

    BitSink(int capacity) {
        bytes = new byte[capacity + SLACK];
    }

    /** @param count up to 56; {@code value} has no bits above it */
    void put(long value, int count) {
        long word = bits | value << bitCount;
        int filled = bitCount + count;
        Swar.put(bytes, size, word);
        size += filled >>> 3;
        bits = word >>> (filled & ~7);
        bitCount = filled & 7;
    }

    /** All bits of another sink. */
    void putAll(BitSink other) {
        int at = 0;
        for (; at + 6 <= other.size; at += 6) {
            put(Swar.word(other.bytes, at) & (1L << 48) - 1, 48);
        }
        for (; at < other.size; at++) {
            put(other.bytes[at] & 0xff, Byte.SIZE);
        }
        put(other.bits, other.bitCount);
    }

    void clear() {
        size = 0;
        bits = 0;
        bitCount = 0;
    }

    /**
     * A stored block (section 3.2.4), not the last: bits of its head, zeros up to a whole byte, length, its
     * complement.
     */
    void putStored(byte[] from, int offset, int length) {
        assert length <= 0xffff;
        put(0, 3);
        put(0, -bitCount & 7);
        put(length | (length ^ 0xffffL) << 16, 32);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    /** Copies the whole bytes out; bits behind them stay for the next. */
    void drainTo(ByteBuffer dst) {
        dst.put(bytes, 0, size);
        size = 0;
    }
}
