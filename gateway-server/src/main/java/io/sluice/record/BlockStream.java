package io.sluice.record;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;

/**
 * Reads an object block by block: what {@link BlockReader} reads as one, with its seams. One thread.
 *
 * <p>NDJSON shows no seams: all of it is one.
 */
public interface BlockStream extends Closeable {

    /** Bytes by which an encoding is known. */
    int MAGIC_BYTES = 4;

    /**
     * The blocks of an object, whose encoding its first bytes tell (RFC 1952, section 2.3.1; RFC 8878, section 3.1.1):
     * objects in S3 may have any name.
     */
    static BlockStream open(InputStream object) throws IOException {
        PushbackInputStream in = new PushbackInputStream(object, MAGIC_BYTES);
        byte[] magic = in.readNBytes(MAGIC_BYTES);
        in.unread(magic);
        if (magic.length >= 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
            return new GzipMembers(in);
        }
        if (magic.length == MAGIC_BYTES
                && magic[0] == 0x28
                && magic[1] == (byte) 0xb5
                && magic[2] == 0x2f
                && magic[3] == (byte) 0xfd) {
            return new ZstdFrames(in);
        }
        return new PlainLines(in);
    }

    /** Whether it has no seams. */
    boolean isPlain();

    /**
     * Goes to the next block, or to the first; the one before must have been read to its end.
     *
     * @return false if there is none
     */
    boolean nextBlock() throws IOException;

    /** Packed bytes up to the end of the block that was read last, which has been read to its end. */
    long packedEnd();

    /**
     * Reads bytes of the block's lines.
     *
     * @return -1 at its end, which has then been verified as far as its encoding allows
     * @throws IOException if the block is damaged or cut off; nothing behind it can be read
     */
    int readBlock(byte[] dst, int offset, int length) throws IOException;
}
