package io.sluice.journal;

import io.sluice.common.SecretFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.KDF;
import javax.crypto.SecretKey;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of a journal that is encrypted at rest: the first encrypts what is written, all of them decrypt what is
 * read. Immutable; any thread. It never shows a key, only their ids.
 *
 * <p>A key is 32 random bytes. Its id is the first 8 bytes of its SHA-256 and stands in the header of each segment. No
 * frame is encrypted with it but with a key derived from it for one segment, by HKDF-SHA-256 (RFC 5869) over
 * incarnation, log and sequence: see {@link FrameCipher} for why no nonce repeats.
 */
public final class JournalKeys {

    /** Nothing is encrypted, and nothing that is can be read. */
    public static final JournalKeys NONE = new JournalKeys(List.of());

    /** What a text of keys must be, for messages. */
    public static final String EXPECTED =
            "one key or more of 32 bytes, each as 64 hexadecimal digits or in base64, or kms: and in base64 what KMS has"
                    + " made of it, between spaces or line ends";

    /** Makes a key of what a key management service has made of it. Blocks. */
    @FunctionalInterface
    public interface Unwrapper {
        byte[] unwrap(byte[] wrapped) throws IOException;
    }

    /** For whoever has nobody to ask. */
    public static final Unwrapper NO_KMS = wrapped -> {
        throw new IOException("nobody here can ask KMS");
    };

    private static final int KEY_BYTES = 32;
    private static final String WRAPPED = "kms:";
    private static final byte[] INFO = "sluice journal segment".getBytes(StandardCharsets.US_ASCII);
    private static final Logger LOG = LoggerFactory.getLogger(JournalKeys.class);

    private final List<byte[]> keys;
    private final long[] ids;

    private JournalKeys(List<byte[]> keys) {
        this.keys = keys;
        ids = new long[keys.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = id(keys.get(i));
        }
    }

    /**
     * Reads {@linkplain #EXPECTED keys}, the one to write with first; what follows a {@code #} in a line is no key.
     *
     * @param unwrapper for keys that are wrapped
     * @throws IllegalArgumentException if there is none, or one is not of that form or cannot be unwrapped; the text
     *     does not show them
     */
    public static JournalKeys parse(String text, Unwrapper unwrapper) {
        List<byte[]> keys = new ArrayList<>();
        for (String line : text.split("\\R")) {
            int comment = line.indexOf('#');
            for (String word : (comment < 0 ? line : line.substring(0, comment)).split("[\\s,]+")) {
                if (!word.isEmpty()) {
                    keys.add(key(word, unwrapper));
                }
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("no key");
        }
        return new JournalKeys(keys);
    }

    /** As above, where none is wrapped. */
    public static JournalKeys parse(String text) {
        return parse(text, NO_KMS);
    }

    private static byte[] key(String word, Unwrapper unwrapper) {
        boolean wrapped = word.startsWith(WRAPPED);
        byte[] key;
        try {
            key = word.length() == 2 * KEY_BYTES && !wrapped
                    ? HexFormat.of().parseHex(word)
                    : Base64.getDecoder().decode(wrapped ? word.substring(WRAPPED.length()) : word);
        } catch (IllegalArgumentException e) {
            // Not its message nor its cause, which may quote the key.
            throw new IllegalArgumentException("a key that is neither hexadecimal nor base64");
        }
        if (wrapped) {
            try {
                key = unwrapper.unwrap(key);
            } catch (IOException e) {
                throw new IllegalArgumentException("one that cannot be unwrapped: " + e.getMessage(), e);
            }
        }
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes");
        }
        return key;
    }

    /** Reads them from a file, and warns if everybody may do so. As {@link #parse}. */
    public static JournalKeys read(Path file, Unwrapper unwrapper) throws IOException {
        JournalKeys keys = parse(Files.readString(file, StandardCharsets.US_ASCII), unwrapper);
        if (SecretFiles.isReadByAll(file)) {
            LOG.warn("{} holds keys and may be read by everybody: chmod o-r", file);
        }
        return keys;
    }

    /** Whether what is written is encrypted. */
    public boolean isEncrypting() {
        return ids.length > 0;
    }

    /** The id of the key to write with, or 0. */
    long writingId() {
        return ids.length == 0 ? 0 : ids[0];
    }

    /**
     * The key of one segment.
     *
     * @throws UnreadableSegmentException if the key that it is derived from is not here
     */
    SecretKey segmentKey(SegmentHeader header) throws UnreadableSegmentException {
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] == header.keyId()) {
                return derive(keys.get(i), header);
            }
        }
        throw new UnreadableSegmentException(
                "segment " + header.sequence() + " of log " + header.log() + " of " + header.incarnation()
                        + " is encrypted with key " + text(header.keyId()) + ", and there is "
                        + (ids.length == 0 ? "no key" : "only " + this),
                "put that key behind the first one of journal.encryption.key-file and start again");
    }

    private static SecretKey derive(byte[] key, SegmentHeader header) {
        ByteBuffer info = ByteBuffer.allocate(INFO.length + 3 * Long.BYTES + Integer.BYTES);
        info.put(INFO)
                .putLong(header.incarnation().getMostSignificantBits())
                .putLong(header.incarnation().getLeastSignificantBits())
                .putInt(header.log())
                .putLong(header.sequence());
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveKey(
                            "AES",
                            HKDFParameterSpec.ofExtract()
                                    .addIKM(new SecretKeySpec(key, "Generic"))
                                    .thenExpand(info.array(), KEY_BYTES));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java of this version has HKDF-SHA256", e);
        }
    }

    private static long id(byte[] key) {
        try {
            long id = ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(key))
                    .getLong();
            // 0 stands for no key.
            return id == 0 ? 1 : id;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String text(long id) {
        return HexFormat.of().toHexDigits(id);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JournalKeys that && Arrays.equals(ids, that.ids);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(ids);
    }

    /** The ids, the writing one first, or {@code none}. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (long id : ids) {
            text.append(text.isEmpty() ? "" : ", ").append(text(id));
        }
        return text.isEmpty() ? "none" : text.toString();
    }
}
