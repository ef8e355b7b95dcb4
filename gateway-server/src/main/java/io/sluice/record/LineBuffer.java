package io.sluice.record;

import java.util.Arrays;

/**
 * Staging: the raw NDJSON lines of one loop and one stream group that wait for the next flush.
 *
 * <p>Confined to its producer's thread. Grows to the largest request and then allocates nothing. A line is written
 * straight into {@link #array()} by the scrubbed sink, with a hole of {@code Position.SUFFIX_LENGTH} bytes for block
 * and index, and becomes part of the buffer by {@link #endLine}; until then it leaves nothing behind. A request that
 * is refused half-way goes back to its {@link #lines()} of before by {@link #rollback}.
 */
public final class LineBuffer {

    private byte[] array;
    /** End of line i, exclusive, its newline included. */
    private int[] ends;
    /** Offset in array of the position hole of line i; its complement for a line that tells but its hour. */
    private int[] holes;

    private int lines;

    public LineBuffer(int initialBytes) {
        array = new byte[initialBytes];
        ends = new int[1024];
        holes = new int[1024];
    }

    /** The bytes; replaced when it grows, so never kept across a call of {@link #ensure}. */
    public byte[] array() {
        return array;
    }

    /** Bytes of whole lines. */
    public int size() {
        return lines == 0 ? 0 : ends[lines - 1];
    }

    public int lines() {
        return lines;
    }

    public boolean isEmpty() {
        return lines == 0;
    }

    /** Makes room for {@code bytes} more behind {@code from}, an offset at or behind {@link #size}. */
    public byte[] ensure(int from, int bytes) {
        int needed = Math.addExact(from, bytes);
        if (needed > array.length) {
            array = Arrays.copyOf(array, Math.max(needed, array.length + (array.length >> 1)));
        }
        return array;
    }

    /** As {@link #endLine}, of a line whose received time is the beginning of its hour. */
    public void endHourlyLine(int end, int hole) {
        endLine(end, hole);
        holes[lines - 1] = ~hole;
    }

    /** Takes up the bytes from {@link #size} to {@code end}, the last of which is a newline, as one line. */
    public void endLine(int end, int hole) {
        assert array[end - 1] == '\n';
        assert hole > size() && hole < end;
        if (lines == ends.length) {
            ends = Arrays.copyOf(ends, lines * 2);
            holes = Arrays.copyOf(holes, lines * 2);
        }
        ends[lines] = end;
        holes[lines] = hole;
        lines++;
    }

    /** Adds all lines of another buffer. */
    public void append(LineBuffer other) {
        int at = size();
        System.arraycopy(other.array, 0, ensure(at, other.size()), at, other.size());
        for (int i = 0; i < other.lines; i++) {
            int hole = at + other.hole(i);
            if (other.isHourly(i)) {
                endHourlyLine(at + other.ends[i], hole);
            } else {
                endLine(at + other.ends[i], hole);
            }
        }
    }

    /** Offset where line {@code i} begins. */
    public int start(int i) {
        return i == 0 ? 0 : ends[i - 1];
    }

    /** Offset where line {@code i} ends, behind its newline. */
    public int end(int i) {
        return ends[i];
    }

    /** Offset of the hole for block and index in line {@code i}. */
    public int hole(int i) {
        return Math.max(holes[i], ~holes[i]);
    }

    /** Whether the received time of line {@code i} is the beginning of its hour. */
    public boolean isHourly(int i) {
        return holes[i] < 0;
    }

    /** Drops every line from {@code lines} on. */
    public void rollback(int lines) {
        assert lines <= this.lines;
        this.lines = lines;
    }

    public void clear() {
        lines = 0;
    }
}
