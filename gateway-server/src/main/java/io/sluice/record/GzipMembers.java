package io.sluice.record;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Reads gzip members that lie behind each other (RFC 1952, section 2.2), and nothing else.
 *
 * <p>The JDK's {@code GZIPInputStream} takes bytes behind a member that are no member for the end of the data, in
 * silence: a damaged head would hide every member behind it. Here that is an error. Heads may have the optional
 * fields that other tools write, which are skipped. One thread.
 */
final class GzipMembers extends InputStream implements BlockStream {

    private static final int HEAD_BYTES = 10;

    private static final int FHCRC = 2;
    private static final int FEXTRA = 4;
    private static final int FNAME = 8;
    private static final int FCOMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final InputStream packed;
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private final byte[] buffer = new byte[64 * 1024];
    private int position;
    private int limit;
    /** Offset of the buffer's first byte in what is read. */
    private long bufferAt;
    /** Offset of the head of the member under way. */
    private long memberAt;
    /** Whether the head of a member was read and its trailer was not. */
    private boolean inMember;

    GzipMembers(InputStream packed) {
        this.packed = packed;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] dst, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (inMember || readHead()) {
            int n = readBlock(dst, offset, length);
            if (n > 0) {
                return n;
            }
        }
        return -1;
    }

    @Override
    public boolean isPlain() {
        return false;
    }

    @Override
    public boolean nextBlock() throws IOException {
        return readHead();
    }

    @Override
    public long packedEnd() {
        return bufferAt + position;
    }

    @Override
    public int readBlock(byte[] dst, int offset, int length) throws IOException {
        if (!inMember) {
            return -1;
        }
        int n = inflate(dst, offset, length);
        if (n > 0) {
            crc.update(dst, offset, n);
            return n;
        }
        readTrailer();
        return -1;
    }

    /** @return bytes of lines, 0 at the end of the member */
    private int inflate(byte[] dst, int offset, int length) throws IOException {
        try {
            while (true) {
                int n = inflater.inflate(dst, offset, length);
                if (n > 0) {
                    return n;
                }
                if (inflater.finished()) {
                    position = limit - inflater.getRemaining();
                    return 0;
                }
                if (inflater.needsDictionary() || !inflater.needsInput()) {
                    throw new ZipException(memberAt("needs a dictionary"));
                }
                if (!fill()) {
                    throw new EOFException(memberAt("is cut off"));
                }
                inflater.setInput(buffer, 0, limit);
            }
        } catch (DataFormatException e) {
            throw new ZipException(memberAt("is damaged: " + e.getMessage()));
        }
    }

    private boolean readHead() throws IOException {
        if (position == limit && !fill()) {
            return false;
        }
        memberAt = bufferAt + position;
        crc.reset();
        int magic = nextOfHead() | nextOfHead() << 8;
        int method = nextOfHead();
        int flags = nextOfHead();
        for (int i = 4; i < HEAD_BYTES; i++) {
            nextOfHead();
        }
        if (magic != 0x8b1f || method != 8 || (flags & RESERVED) != 0) {
            throw new ZipException(memberAt("has no head of gzip"));
        }
        skipFields(flags);
        inflater.reset();
        inflater.setInput(buffer, position, limit - position);
        crc.reset();
        inMember = true;
        return true;
    }

    /** RFC 1952, section 2.3.1, in this order. */
    private void skipFields(int flags) throws IOException {
        if ((flags & FEXTRA) != 0) {
            for (int left = nextOfHead() | nextOfHead() << 8; left > 0; left--) {
                nextOfHead();
            }
        }
        if ((flags & FNAME) != 0) {
            skipText();
        }
        if ((flags & FCOMMENT) != 0) {
            skipText();
        }
        if ((flags & FHCRC) != 0) {
            int expected = (int) crc.getValue() & 0xffff;
            if ((next() | next() << 8) != expected) {
                throw new ZipException(memberAt("has a head that does not match its CRC-16"));
            }
        }
    }

    private void skipText() throws IOException {
        while (nextOfHead() != 0) {
            // Names and comments count for nothing.
        }
    }

    private int nextOfHead() throws IOException {
        int b = next();
        crc.update(b);
        return b;
    }

    private void readTrailer() throws IOException {
        int expectedCrc = nextInt();
        int expectedLength = nextInt();
        if (expectedCrc != (int) crc.getValue() || expectedLength != (int) inflater.getBytesWritten()) {
            throw new ZipException(memberAt("does not match its CRC-32 and length"));
        }
        inMember = false;
    }

    private int nextInt() throws IOException {
        return next() | next() << 8 | next() << 16 | next() << 24;
    }

    private int next() throws IOException {
        if (position == limit && !fill()) {
            throw new EOFException(memberAt("is cut off"));
        }
        return buffer[position++] & 0xff;
    }

    private String memberAt(String what) {
        return "the gzip member at byte " + memberAt + " " + what;
    }

    private boolean fill() throws IOException {
        bufferAt += limit;
        position = 0;
        limit = Math.max(0, packed.read(buffer, 0, buffer.length));
        return limit > 0;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        packed.close();
    }
}
