package io.sluice.oracle;

import io.sluice.record.BlockReader;
import io.sluice.record.Encoding;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.util.Arrays;

/** Reads objects line by line, whatever encoding their first bytes show. One thread; reuses its array. */
final class LineReader {

    /** A line, without its line feed, valid during the call. */
    @FunctionalInterface
    interface Lines {
        void line(byte[] bytes, int from, int to);
    }

    /** An object that could not be read to its end. */
    static final class Damaged extends IOException {
        private static final long serialVersionUID = 1;

        Damaged(String message, IOException cause) {
            super(message, cause);
        }
    }

    /** An event has 256 KiB at most; a line of this length is none. */
    private static final int MAX_LINE = 16 * 1024 * 1024;

    private byte[] buffer = new byte[256 * 1024];

    /**
     * Shows every line of the object, which it closes.
     *
     * @throws Damaged with the place, if the object ends within a line or block, or is not what it seems; all lines
     * that
     *     could be read have been shown
     */
    void read(InputStream object, Lines lines) throws Damaged {
        Counted counted = new Counted(object);
        try (InputStream in = open(counted)) {
            split(in, lines);
        } catch (IOException e) {
            throw new Damaged("damaged at or before byte " + counted.count + ": " + e.getMessage(), e);
        }
    }

    private void split(InputStream in, Lines lines) throws IOException {
        int length = 0;
        while (true) {
            if (length == buffer.length) {
                if (length >= MAX_LINE) {
                    throw new IOException("a line is longer than " + MAX_LINE + " bytes");
                }
                buffer = Arrays.copyOf(buffer, 2 * length);
            }
            int n = in.read(buffer, length, buffer.length - length);
            if (n < 0) {
                if (length > 0) {
                    throw new EOFException("ends within a line");
                }
                return;
            }
            int end = length + n;
            int from = 0;
            for (int at = length; at < end; at++) {
                if (buffer[at] == '\n') {
                    lines.line(buffer, from, at);
                    from = at + 1;
                }
            }
            length = end - from;
            System.arraycopy(buffer, from, buffer, 0, length);
        }
    }

    /** Objects in S3 may have any name, so their first bytes tell (RFC 1952 section 2.3.1, RFC 8878 section 3.1.1). */
    private static InputStream open(InputStream object) throws IOException {
        PushbackInputStream in = new PushbackInputStream(object, 4);
        byte[] magic = in.readNBytes(4);
        in.unread(magic);
        Encoding encoding = Encoding.NDJSON;
        if (magic.length >= 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
            encoding = Encoding.GZIP;
        } else if (magic.length == 4
                && magic[0] == 0x28
                && magic[1] == (byte) 0xb5
                && magic[2] == 0x2f
                && magic[3] == (byte) 0xfd) {
            encoding = Encoding.ZSTD;
        }
        return BlockReader.open(encoding, in);
    }

    private static final class Counted extends FilterInputStream {

        private long count;

        Counted(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            int b = super.read();
            count += b < 0 ? 0 : 1;
            return b;
        }

        @Override
        public int read(byte[] dst, int offset, int length) throws IOException {
            int n = super.read(dst, offset, length);
            count += Math.max(0, n);
            return n;
        }
    }
}
