package io.sluice.load.acks;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads a file of acks as a stream, record by record. One thread.
 *
 * <p>A file that was cut off in its last record, as a killed process leaves it, is read up to there. Anything else that
 * does not verify is an error with its offset: an oracle must not take a damaged file for a short one.
 */
public final class AckReader implements AutoCloseable {

    /** What is told of each record, in the order of the file; a block may come several times, to be united. */
    public interface Visitor {

        /** The block's numbers may have been sent. */
        void claimed(int block);

        /** Every number of the block that was sent. */
        void sent(int block, Numbers numbers);

        void acked(int block, Numbers numbers);

        void refused(int block, Numbers numbers);
    }

    /** Some numbers of a block, valid during the call. */
    public static final class Numbers {

        private final BlockSet.Packing packing;
        private final byte[] payload;
        private final int length;

        private Numbers(BlockSet.Packing packing, byte[] payload, int length) {
            this.packing = packing;
            this.payload = payload;
            this.length = length;
        }

        public void addTo(BlockSet set) {
            set.merge(packing, ByteBuffer.wrap(payload, 0, length));
        }
    }

    private final Path path;
    private final DataInputStream in;
    private final AckHead head;
    private long offset = Records.HEAD_BYTES;
    private boolean ended;
    private long sentAtEnd = -1;

    public AckReader(Path path) throws IOException {
        this.path = path;
        in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path), 64 * 1024));
        try {
            head = readHead();
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    public AckHead head() {
        return head;
    }

    /** Reads all records. */
    public void read(Visitor visitor) throws IOException {
        byte[] recordHead = new byte[Records.RECORD_HEAD_BYTES];
        byte[] payload = new byte[BlockSet.BITMAP_BYTES];
        while (!ended) {
            if (in.readNBytes(recordHead, 0, recordHead.length) < recordHead.length) {
                return;
            }
            ByteBuffer fields = ByteBuffer.wrap(recordHead).order(ByteOrder.LITTLE_ENDIAN);
            Records.Kind kind = Records.Kind.of(fields.get());
            int packing = fields.get();
            fields.getShort();
            int block = fields.getInt();
            int length = fields.getInt();
            int crc = fields.getInt();
            if (kind == null
                    || packing < 0
                    || packing >= BlockSet.Packing.values().length
                    || block < 0
                    || length < 0
                    || length > payload.length) {
                throw damaged("is none");
            }
            if (in.readNBytes(payload, 0, length) < length) {
                return;
            }
            if (Records.crc(recordHead, payload, length) != crc) {
                throw damaged("does not match its CRC-32C");
            }
            Numbers numbers = new Numbers(BlockSet.Packing.values()[packing], payload, length);
            switch (kind) {
                case CLAIMED -> visitor.claimed(block);
                case SENT -> visitor.sent(block, numbers);
                case ACKED -> visitor.acked(block, numbers);
                case REFUSED -> visitor.refused(block, numbers);
                case END -> {
                    ended = true;
                    sentAtEnd = ByteBuffer.wrap(payload)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong();
                }
            }
            offset += recordHead.length + length;
        }
        if (in.read() >= 0) {
            throw damaged("lies behind the end");
        }
    }

    /** Whether the run ended in order, once all has been read; else what was sent is known by its claims only. */
    public boolean ended() {
        return ended;
    }

    /** Events that were sent, if the run {@link #ended}. */
    public long sentAtEnd() {
        return sentAtEnd;
    }

    private AckHead readHead() throws IOException {
        byte[] bytes = new byte[Records.HEAD_BYTES];
        try {
            in.readFully(bytes);
        } catch (EOFException e) {
            throw new IOException(path + ": is no file of acks: shorter than its head of " + Records.HEAD_BYTES, e);
        }
        ByteBuffer fields = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (fields.getLong() != Records.MAGIC) {
            throw new IOException(path + ": is no file of acks: does not begin with SLUICEAK");
        }
        short version = fields.getShort();
        if (version != Records.VERSION) {
            throw new IOException(path + ": version " + version + " of a file of acks, expected " + Records.VERSION);
        }
        if (fields.getInt(Records.HEAD_BYTES - 4) != Records.headCrc(bytes)) {
            throw new IOException(path + ": the head does not match its CRC-32C");
        }
        String run = new String(bytes, 16, EventId.RUN_LENGTH, StandardCharsets.US_ASCII);
        return new AckHead(run, fields.getLong(24), fields.getLong(32));
    }

    private IOException damaged(String what) {
        return new IOException(path + ": the record at byte " + offset + ' ' + what);
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** The run that a file is of, without reading more. */
    public static AckHead head(Path path) throws IOException {
        try (AckReader reader = new AckReader(path)) {
            return reader.head();
        }
    }
}
