package io.sluice.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file of {@link DiskStorage}. Any thread; the operating system orders what overlaps. */
final class DiskFile implements StorageFile {

    private final FileChannel channel;

    DiskFile(FileChannel channel) {
        this.channel = channel;
    }

    @Override
    public int pwrite(ByteBuffer src, long offset) throws IOException {
        return channel.write(src, offset);
    }

    @Override
    public int pread(ByteBuffer dst, long offset) throws IOException {
        return channel.read(dst, offset);
    }

    @Override
    public void sync() throws IOException {
        // Without metadata: fdatasync, which still writes a changed size.
        channel.force(false);
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
