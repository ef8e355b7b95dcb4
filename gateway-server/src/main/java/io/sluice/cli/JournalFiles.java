package io.sluice.cli;

import io.sluice.journal.JournalKeys;
import io.sluice.journal.JournalReader;
import io.sluice.journal.UnreadableSegmentException;
import io.sluice.record.Encoding;
import io.sluice.record.Encodings;
import io.sluice.ring.Frame;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.Storage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Puts the frames of a journal's files together to blocks. One thread. Memory: the blocks that were open at one time.
 *
 * <p>A block that was sealed is shown as its SEAL says; one that is open is closed as recovery would. Of a block that
 * lacks a frame the part before is shown without an end, so that the reader of the block reports it.
 */
public final class JournalFiles implements JournalBlocks {

    /** RFC 1952, section 2.3: a head without optional fields. */
    private static final int GZIP_HEAD_BYTES = 10;

    /** As {@link JournalBlocks.Visitor}, of those who want to know where a block lies. */
    @FunctionalInterface
    public interface PlacedVisitor {

        /**
         * A block.
         *
         * @param firstSegment number of the segment of its first frame
         * @param lastSegment number of that of its last one, its SEAL included
         * @param packed the block up to its last flush, closed so that it can be decoded
         */
        void block(
                UUID incarnation,
                int log,
                long block,
                String group,
                Encoding encoding,
                long firstSegment,
                long lastSegment,
                InputStream packed)
                throws IOException;
    }

    private record Id(UUID incarnation, int log, long block) {}

    /** The frames of a block in a row, from the first. */
    private static final class Block {
        final String group;
        final Encoding encoding;
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        /** Length of the bytes up to and with each frame. */
        int[] ends = new int[8];

        int chunks;

        final long firstSegment;
        long lastSegment;

        Block(String group, Encoding encoding, long segment) {
            this.group = group;
            this.encoding = encoding;
            firstSegment = segment;
        }

        void add(ByteBuffer payload) {
            byte[] more = new byte[payload.remaining()];
            payload.get(more);
            bytes.writeBytes(more);
            if (chunks == ends.length) {
                ends = Arrays.copyOf(ends, chunks * 2);
            }
            ends[chunks++] = bytes.size();
        }

        InputStream packed(int sealedChunks, byte[] trailer) {
            int length = ends[Math.min(chunks, sealedChunks) - 1];
            ByteArrayOutputStream packed = new ByteArrayOutputStream(length + trailer.length);
            packed.write(bytes.toByteArray(), 0, length);
            packed.writeBytes(chunks < sealedChunks ? new byte[0] : trailer);
            return new ByteArrayInputStream(packed.toByteArray());
        }
    }

    private final Storage storage = new DiskStorage();
    private final JournalKeys keys;

    public JournalFiles(JournalKeys keys) {
        this.keys = keys;
    }

    @Override
    public boolean isJournal(Path directory) throws IOException {
        if (isIncarnation(directory)) {
            return true;
        }
        try (Stream<Path> children = Files.list(directory)) {
            return children.anyMatch(JournalFiles::isIncarnation);
        }
    }

    private static boolean isIncarnation(Path directory) {
        try {
            return UUID.fromString(directory.getFileName().toString()).version() == 7
                    && Files.isDirectory(directory.resolve("log-00"));
        } catch (IllegalArgumentException | NullPointerException e) {
            return false;
        }
    }

    @Override
    public void visit(Path journal, Visitor visitor) throws IOException {
        visitPlaced(
                journal,
                (incarnation, log, block, group, encoding, first, last, packed) ->
                        visitor.block(incarnation, log, block, group, encoding, packed));
    }

    /** Shows the same, of the root of a journal or of one start. */
    public void visitPlaced(Path journal, PlacedVisitor visitor) throws IOException {
        Map<Id, Block> open = new LinkedHashMap<>();
        UnreadableSegmentException unreadable = null;
        try (JournalReader frames = JournalReader.open(storage, journal, keys)) {
            while (true) {
                JournalReader.Entry frame;
                try {
                    frame = frames.next();
                } catch (UnreadableSegmentException e) {
                    // The other logs are shown all the same.
                    unreadable = e;
                    continue;
                }
                if (frame == null) {
                    break;
                }
                Id id = new Id(frame.incarnation(), frame.log(), frame.block());
                switch (frame.type()) {
                    case Frame.DATA -> add(open, id, frame);
                    case Frame.SEAL -> {
                        Block block = open.remove(id);
                        // Without a first frame, the segment that held it was recycled: the block is delivered.
                        if (block != null && frame.chunk() > 0) {
                            block.lastSegment = frame.segment();
                            show(id, block, frame.chunk(), trailer(frame.payload()), visitor);
                        }
                    }
                    default -> {}
                }
            }
        }
        for (Map.Entry<Id, Block> entry : open.entrySet()) {
            Block block = entry.getValue();
            show(entry.getKey(), block, block.chunks, trailer(block.encoding, block.bytes.toByteArray()), visitor);
        }
        if (unreadable != null) {
            throw new IOException(
                    unreadable.what() + ": --config names the file of the gateway's configuration, which says where its"
                            + " keys are, or SLUICE_JOURNAL_ENCRYPTION_KEY holds them",
                    unreadable);
        }
    }

    private static void add(Map<Id, Block> open, Id id, JournalReader.Entry frame) {
        Block block = open.get(id);
        if (block == null && frame.chunk() == 0) {
            block = new Block(frame.group(), frame.encoding(), frame.segment());
            open.put(id, block);
        }
        if (block != null && block.chunks == frame.chunk()) {
            block.lastSegment = frame.segment();
            block.add(frame.payload());
        }
    }

    private static void show(Id id, Block block, int chunks, byte[] trailer, PlacedVisitor visitor) throws IOException {
        visitor.block(
                id.incarnation(),
                id.log(),
                id.block(),
                block.group,
                block.encoding,
                block.firstSegment,
                block.lastSegment,
                block.packed(chunks, trailer));
    }

    /** The trailer in the payload of a SEAL: its length in two bytes, then itself. */
    private static byte[] trailer(ByteBuffer payload) {
        byte[] trailer = new byte[Math.min(payload.getShort() & 0xffff, payload.remaining())];
        payload.get(trailer);
        return trailer;
    }

    /** The trailer of a block that nobody has sealed. */
    private static byte[] trailer(Encoding encoding, byte[] flushed) throws IOException {
        return switch (encoding) {
            case NDJSON, ZSTD -> Encodings.trailer(encoding, 0, 0);
            case GZIP -> gzipTrailer(flushed);
        };
    }

    /** CRC and length of the lines so far stand in no frame that a reader is shown, so they are counted. */
    private static byte[] gzipTrailer(byte[] flushed) throws IOException {
        CRC32 crc = new CRC32();
        byte[] lines = new byte[64 * 1024];
        Inflater inflater = new Inflater(true);
        try {
            inflater.setInput(flushed, GZIP_HEAD_BYTES, flushed.length - GZIP_HEAD_BYTES);
            for (int n; (n = inflater.inflate(lines)) > 0; ) {
                crc.update(lines, 0, n);
            }
            return Encodings.trailer(Encoding.GZIP, (int) crc.getValue(), inflater.getBytesWritten());
        } catch (DataFormatException e) {
            throw new IOException("an open block is damaged: " + e.getMessage(), e);
        } finally {
            inflater.end();
        }
    }
}
