package io.sluice.delivery.local;

import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** The file system of this machine, with a record of what was done, calls that fail, and writes that fall short. */
public final class FaultyStorage implements Storage {

    /** What was done to make things durable: {@code sync FILE}, {@code rename FILE}, {@code entries DIRECTORY}. */
    final List<String> trace = new ArrayList<>();

    int calls;
    /** Number of the call that fails, from 0; none if negative. */
    int failingCall = -1;

    int longestWrite = Integer.MAX_VALUE;

    private Random random = new Random(0);
    private double failureRate;

    /** From now on this share of the calls fails, at random, and writes fall short. */
    public void failAtRandom(Random random, double rate) {
        this.random = random;
        failureRate = rate;
        longestWrite = 10_000;
    }

    private void call() throws IOException {
        if (calls++ == failingCall || failureRate > 0 && random.nextDouble() < failureRate) {
            throw new IOException("No space left on device");
        }
    }

    @Override
    public StorageFile open(Path file, Access access) throws IOException {
        call();
        FileChannel channel = access == Access.READ
                ? FileChannel.open(file, StandardOpenOption.READ)
                : FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        return new OpenFile(file, channel);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        call();
        Files.createDirectories(directory);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> paths = Files.list(directory)) {
            return paths.sorted().toList();
        }
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        call();
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        trace.add("rename " + to);
    }

    @Override
    public void delete(Path path) throws IOException {
        call();
        Files.deleteIfExists(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        call();
        trace.add("entries " + directory);
    }

    @Override
    public Closeable tryLock(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException e) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            return null;
        }
        return channel;
    }

    @Override
    public long usableBytes(Path path) throws IOException {
        return Files.getFileStore(path).getUsableSpace();
    }

    private final class OpenFile implements StorageFile {

        private final Path file;
        private final FileChannel channel;

        OpenFile(Path file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        @Override
        public int pwrite(ByteBuffer src, long offset) throws IOException {
            call();
            int length = Math.min(src.remaining(), longestWrite);
            int written = channel.write(src.slice(src.position(), length), offset);
            src.position(src.position() + written);
            return written;
        }

        @Override
        public int pread(ByteBuffer dst, long offset) throws IOException {
            return channel.read(dst, offset);
        }

        @Override
        public void sync() throws IOException {
            call();
            trace.add("sync " + file);
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
}
