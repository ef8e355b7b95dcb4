package io.sluice.lab;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * One object in the making: records one behind the other, nothing between. A file rather than memory, as S3 may refuse
 * for hours. Guarded by the lock of {@link Firehose}; once closed, of the delivering thread.
 */
final class BufferFile {

    private final Path file;
    private final FileChannel channel;
    private final ByteBuffer staging;
    private final long oldestMillis;
    private final long oldestNanos;
    private long bytes;
    private long records;

    /** @param staging direct and empty; the caller's again after {@link #close} */
    BufferFile(Path file, ByteBuffer staging, long oldestMillis, long oldestNanos) throws IOException {
        this.file = file;
        this.channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        this.staging = staging;
        this.oldestMillis = oldestMillis;
        this.oldestNanos = oldestNanos;
    }

    void append(byte[] record) throws IOException {
        for (int at = 0; at < record.length; ) {
            int length = Math.min(record.length - at, staging.remaining());
            staging.put(record, at, length);
            at += length;
            if (!staging.hasRemaining()) {
                flush();
            }
        }
        bytes += record.length;
        records++;
    }

    private void flush() throws IOException {
        staging.flip();
        while (staging.hasRemaining()) {
            channel.write(staging);
        }
        staging.clear();
    }

    void close() throws IOException {
        flush();
        channel.close();
    }

    void delete() throws IOException {
        Files.deleteIfExists(file);
    }

    Path file() {
        return file;
    }

    long bytes() {
        return bytes;
    }

    long records() {
        return records;
    }

    /** Arrival of the oldest record, epoch ms. */
    long oldestMillis() {
        return oldestMillis;
    }

    /** The same by the monotone clock. */
    long oldestNanos() {
        return oldestNanos;
    }
}
