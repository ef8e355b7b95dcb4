package io.sluice.journal;

import io.sluice.ring.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.zip.CRC32C;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Encrypts and decrypts the payloads of frames with AES-256-GCM (NIST SP 800-38D).
 *
 * <p>Confined to one thread. Ownership: scratch for the largest payload so far. Cost: one {@code Cipher.init} a frame,
 * which allocates some 1.2 KiB of short-lived objects whatever the payload; nothing a record, nothing a byte.
 *
 * <p><b>What is encrypted.</b> The payload becomes as many bytes of ciphertext, then the tag of
 * {@value Frame#TAG_BYTES}; the header says so by {@link Frame#FLAG_ENCRYPTED} and counts the tag in
 * {@code payloadLength}. Bytes 0 to {@value #AUTHENTICATED} - 1 of the finished header are authenticated with it: all
 * but the two checksums, which are of the ciphertext, so that a log is searched and judged without a key.
 *
 * <p><b>Why no nonce repeats under a key.</b> The nonce is the segment's generation (8 bytes) and the offset of the
 * frame in it (4 bytes). Within one use of a segment an offset is encrypted once: a ticket is encrypted only when all
 * its frames have been found good, what was encrypted is written, and the position moves on; if the write or the sync
 * fails, the segment is never used again, and what is sent anew goes to another one. Another use of a file has another
 * generation, and another sequence, thus another key. Only a closing segment of recovery can have the sequence of one
 * before, if recovery was cut off or ran on a copy of the volume: there the generation, 64 random bits, differs. A
 * segment's key encrypts at most the segment, far below what GCM allows.
 */
final class FrameCipher {

    /** Bytes of the header that are authenticated. */
    static final int AUTHENTICATED = 72;

    private static final int NONCE_BYTES = Long.BYTES + Integer.BYTES;

    private final Cipher aes;
    private final byte[] head = new byte[AUTHENTICATED];
    private final byte[] nonce = new byte[NONCE_BYTES];
    private final ByteBuffer nonceBuffer = ByteBuffer.wrap(nonce);
    private byte[] text = new byte[4096];
    private SecretKey key;
    private long generation;

    FrameCipher() {
        try {
            aes = Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has AES/GCM", e);
        }
    }

    /** Goes on with the frames of this segment. */
    void segment(SegmentHeader header, SecretKey segmentKey) {
        key = segmentKey;
        generation = header.generation();
    }

    /**
     * Encrypts a frame that its producer wrote, and completes it.
     *
     * @param source where it lies in plain text
     * @param target where it goes; may be the same place
     * @param offset where it will lie in the segment, never twice the same
     * @return its length, {@value Frame#TAG_BYTES} more than before
     */
    int encrypt(ByteBuffer source, int from, ByteBuffer target, int at, int offset, CRC32C crc) {
        int plain = Frame.payloadLength(source, from);
        room(plain + Frame.TAG_BYTES);
        source.get(from + Frame.HEADER_BYTES, text, 0, plain);
        target.put(at, source, from, Frame.HEADER_BYTES);
        Frame.encrypted(target, at, generation);
        target.get(at, head);
        try {
            init(Cipher.ENCRYPT_MODE, offset);
            aes.updateAAD(head);
            aes.doFinal(text, 0, plain, text, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a frame of " + plain + " bytes could not be encrypted", e);
        }
        target.put(at + Frame.HEADER_BYTES, text, 0, plain + Frame.TAG_BYTES);
        Frame.payloadCrc32c(
                target, at, Frame.payloadCrc(target, at + Frame.HEADER_BYTES, plain + Frame.TAG_BYTES, crc));
        Frame.complete(target, at, generation, crc);
        return Frame.HEADER_BYTES + plain + Frame.TAG_BYTES;
    }

    /**
     * Decrypts a frame whose checksums verify.
     *
     * @return the frame in plain text at index 0, little-endian, its checksums undefined; {@code null} if it does not
     *     authenticate, so that somebody has changed it
     */
    ByteBuffer decrypt(ByteBuffer source, int from, int offset) {
        int length = Frame.payloadLength(source, from);
        if (length < Frame.TAG_BYTES) {
            return null;
        }
        room(length);
        source.get(from, head);
        source.get(from + Frame.HEADER_BYTES, text, 0, length);
        ByteBuffer plain = ByteBuffer.allocate(Frame.HEADER_BYTES + length).order(ByteOrder.LITTLE_ENDIAN);
        plain.put(0, source, from, Frame.HEADER_BYTES);
        try {
            init(Cipher.DECRYPT_MODE, offset);
            aes.updateAAD(head);
            aes.doFinal(text, 0, length, plain.array(), Frame.HEADER_BYTES);
        } catch (AEADBadTagException e) {
            return null;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a frame of " + length + " bytes could not be decrypted", e);
        }
        Frame.decrypted(plain, 0);
        return plain;
    }

    private void init(int mode, int offset) throws GeneralSecurityException {
        nonceBuffer.putLong(0, generation).putInt(Long.BYTES, offset);
        aes.init(mode, key, new GCMParameterSpec(Byte.SIZE * Frame.TAG_BYTES, nonce));
    }

    private void room(int bytes) {
        if (bytes > text.length) {
            text = new byte[Math.max(bytes, text.length * 2)];
        }
    }
}
