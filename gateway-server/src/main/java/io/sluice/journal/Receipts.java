package io.sluice.journal;

import io.sluice.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the marks of a log have no room for: the text of each receipt, in a file beside the segment of the SEAL.
 *
 * <pre>
 *   0       4        8       16       24            26     28
 *   | magic | crc32c | block | millis | text length | kind | text …
 * </pre>
 *
 * All little-endian; {@code crc32c} is of the owner, as in {@link Marks}, of bytes 0 to 3, and of those behind it.
 *
 * <p>Best effort: a receipt takes ten times the space of a mark and none is kept free for it, so on a full disk it is
 * left out. Nothing but the name of a block at its destination is lost by that, and a position finds it as well. What
 * is written is as safe as a mark ({@link MarkFile}).
 *
 * <p>Confined to delivery. Holds the texts of one segment at most.
 */
final class Receipts {

    /** {@code SLR1} in the order of the bytes. */
    private static final int MAGIC = 0x31524C53;

    private static final int HEADER_BYTES = 28;
    private static final int MAX_TEXT = 512;
    /** Files kept open; blocks of older segments come rarely. */
    private static final int OPEN_FILES = 2;

    private static final Receipt.Kind[] KINDS = Receipt.Kind.values();
    private static final Logger LOG = LoggerFactory.getLogger(Receipts.class);

    private final Storage storage;
    private final Path directory;
    private final byte[] owner;
    private final CRC32C crc = new CRC32C();
    private final ByteBuffer record =
            ByteBuffer.allocate(HEADER_BYTES + MAX_TEXT).order(ByteOrder.LITTLE_ENDIAN);
    private final TreeMap<Long, MarkFile> files = new TreeMap<>();
    private boolean failing;

    private long readSequence = -1;
    /** Whether more was written there since. */
    private boolean readGrown;

    private Map<Long, Receipt> read = Map.of();

    Receipts(Storage storage, Path directory, byte[] owner) {
        this.storage = storage;
        this.directory = directory;
        this.owner = owner;
    }

    /** Keeps the receipt if that is possible. */
    void add(long sequence, long block, Receipt receipt) {
        String text = receipt.text();
        int length = Math.min(MAX_TEXT, text.length());
        record.clear();
        record.putInt(MAGIC).putInt(0).putLong(block).putLong(receipt.millis());
        record.putShort((short) length).putShort((short) receipt.kind().ordinal());
        record.put(text.getBytes(StandardCharsets.US_ASCII), 0, length).flip();
        record.putInt(4, crc(record, 0, record.limit()));
        try {
            MarkFile file = files.get(sequence);
            if (file == null) {
                if (files.size() >= OPEN_FILES) {
                    sync();
                    while (files.size() >= OPEN_FILES) {
                        files.pollFirstEntry().getValue().close();
                    }
                }
                file = MarkFile.open(storage, Layout.receipts(directory, sequence));
                files.put(sequence, file);
            }
            file.append(record);
            readGrown |= sequence == readSequence;
            failing = false;
        } catch (IOException e) {
            failed(sequence, e);
        }
    }

    /** Makes receipts durable. Before the marks, so that a block that stays marked has its receipt. */
    void sync() {
        for (Long sequence : files.keySet().toArray(Long[]::new)) {
            try {
                files.get(sequence).sync();
            } catch (IOException e) {
                failed(sequence, e);
            }
        }
    }

    private void failed(long sequence, IOException e) {
        if (!failing) {
            LOG.warn("receipts of delivered blocks cannot be kept, their marks are: {}", e.toString());
            failing = true;
        }
        MarkFile file = files.remove(sequence);
        if (file != null) {
            closeQuietly(file);
        }
    }

    /** The receipt of a block whose SEAL lies in the segment, or {@code null} if it was not kept. */
    Receipt find(long sequence, long block) throws IOException {
        if (readSequence != sequence || readGrown) {
            read = load(Layout.receipts(directory, sequence));
            readSequence = sequence;
            readGrown = false;
        }
        return read.get(block);
    }

    private Map<Long, Receipt> load(Path path) throws IOException {
        Map<Long, Receipt> receipts = new HashMap<>();
        if (!storage.exists(path)) {
            return receipts;
        }
        ByteBuffer bytes = MarkFile.read(storage, path);
        for (int block = 0; block < bytes.limit(); block += MarkFile.BLOCK) {
            int end = Math.min(block + MarkFile.BLOCK, bytes.limit());
            int at = block;
            while (at + HEADER_BYTES <= end && bytes.getInt(at) == MAGIC) {
                int length = bytes.getShort(at + 24);
                int kind = bytes.getShort(at + 26);
                int total = HEADER_BYTES + length;
                if (length < 0
                        || length > MAX_TEXT
                        || at + total > end
                        || kind < 0
                        || kind >= KINDS.length
                        || bytes.getInt(at + 4) != crc(bytes, at, total)) {
                    break;
                }
                String text = new String(bytes.array(), at + HEADER_BYTES, length, StandardCharsets.US_ASCII);
                receipts.put(bytes.getLong(at + 8), new Receipt(KINDS[kind], text, bytes.getLong(at + 16)));
                at += total;
            }
        }
        return receipts;
    }

    private int crc(ByteBuffer bytes, int at, int length) {
        crc.reset();
        crc.update(owner);
        crc.update(bytes.array(), at, 4);
        crc.update(bytes.array(), at + 8, length - 8);
        return (int) crc.getValue();
    }

    /** Closes the files of segments up to this one, which need no more receipts. */
    void closeThrough(long sequence) {
        while (!files.isEmpty() && files.firstKey() <= sequence) {
            closeQuietly(files.pollFirstEntry().getValue());
        }
    }

    void close() {
        closeThrough(Long.MAX_VALUE);
        read = Map.of();
        readSequence = -1;
    }

    private static void closeQuietly(MarkFile file) {
        try {
            file.close();
        } catch (IOException e) {
            LOG.warn("closing a file of receipts failed: {}", e.toString());
        }
    }
}
