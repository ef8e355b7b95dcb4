package io.sluice.intake;

import io.sluice.record.BlockEncoder;
import io.sluice.record.BlockEncoders;
import io.sluice.record.Encoding;
import io.sluice.record.StreamGroup;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** What runs in the race for gzip, and zstd for comparison. All make the checksum that a gzip member needs. */
public enum Contender {
    /** The gateway's gzip of level 1. */
    OWN,
    /** The JDK's zlib at level 1. */
    ZLIB,
    /** The gateway's zstd of level 1. */
    ZSTD,
    /** ISA-L at its level 1: codes for each block. */
    ISAL_1,
    /** ISA-L at its level 0: one table of codes for everything. */
    ISAL_0;

    /** One stream of chunks, each of them flushed. */
    interface Packer extends AutoCloseable {

        void chunk(byte[] lines, int offset, int length, ByteBuffer dst);

        /** Begins a new stream. */
        void reset();

        @Override
        void close();
    }

    Packer open() {
        return switch (this) {
            case OWN -> new Gateway(Encoding.GZIP);
            case ZSTD -> new Gateway(Encoding.ZSTD);
            case ZLIB -> new Zlib();
            case ISAL_1 -> new Isal(1);
            case ISAL_0 -> new Isal(0);
        };
    }

    /** Whether it can run on this machine. */
    boolean isThere() {
        return switch (this) {
            case OWN, ZLIB, ZSTD -> true;
            case ISAL_1, ISAL_0 -> Isal.isThere();
        };
    }

    private static final class Gateway implements Packer {

        private final BlockEncoder encoder;

        Gateway(Encoding encoding) {
            encoder = BlockEncoders.create(new StreamGroup(0, "events", encoding, 1, "sluice-events", "events/"));
        }

        @Override
        public void chunk(byte[] lines, int offset, int length, ByteBuffer dst) {
            encoder.encode(lines, offset, length, dst);
        }

        @Override
        public void reset() {
            encoder.reset();
        }

        @Override
        public void close() {
            encoder.close();
        }
    }

    private static final class Zlib implements Packer {

        private final Deflater deflater = new Deflater(1, true);
        private final CRC32 crc = new CRC32();

        @Override
        public void chunk(byte[] lines, int offset, int length, ByteBuffer dst) {
            deflater.setInput(lines, offset, length);
            deflater.deflate(dst, Deflater.SYNC_FLUSH);
            crc.update(lines, offset, length);
        }

        @Override
        public void reset() {
            deflater.reset();
            crc.reset();
        }

        @Override
        public void close() {
            deflater.end();
        }
    }
}
