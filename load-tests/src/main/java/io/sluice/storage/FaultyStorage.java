package io.sluice.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The disk of this machine, but it fails as it is told, and stops failing when it is told. For whole servers: what it
 * does not fail really happens, so that a process that is killed on it leaves what it would leave.
 *
 * <p>A sync that fails takes what was written since the last good one with it, as a kernel does that drops the pages:
 * zeros are found there afterwards, and the next sync of the same file says that all is well.
 *
 * <p>Any thread.
 */
public final class FaultyStorage implements Storage {

    private static final long STRETCH_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final Storage disk;
    private final AtomicLong injected = new AtomicLong();
    private volatile List<StorageFault> faults = List.of();

    public FaultyStorage(Storage disk) {
        this.disk = disk;
    }

    /** From now on these, and no others. */
    public void set(List<StorageFault> faults) {
        this.faults = List.copyOf(faults);
    }

    /** Calls that failed, came short or waited since the beginning. */
    public long injected() {
        return injected.get();
    }

    @Override
    public StorageFile open(Path file, Access access) throws IOException {
        if (access == Access.READ) {
            hit(StorageFault.Call.READ, file);
        } else if (!disk.exists(file)) {
            hit(StorageFault.Call.CREATE, file);
        }
        return new FaultyFile(file, disk.open(file, access));
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        if (!disk.exists(directory)) {
            hit(StorageFault.Call.CREATE, directory);
        }
        disk.createDirectories(directory);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        hit(StorageFault.Call.READ, directory);
        return disk.list(directory);
    }

    @Override
    public boolean exists(Path path) {
        return disk.exists(path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        hit(StorageFault.Call.CREATE, to);
        disk.rename(from, to);
    }

    @Override
    public void delete(Path path) throws IOException {
        hit(StorageFault.Call.DELETE, path);
        disk.delete(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        hit(StorageFault.Call.SYNC, directory);
        disk.syncDirectory(directory);
    }

    @Override
    public Closeable tryLock(Path file) throws IOException {
        if (!disk.exists(file)) {
            hit(StorageFault.Call.CREATE, file);
        }
        return disk.tryLock(file);
    }

    /** Nothing on a full disk; a quota is not seen from here, as on a real one. */
    @Override
    public long usableBytes(Path path) throws IOException {
        for (StorageFault fault : faults) {
            if (fault.kind() == StorageFault.Kind.ENOSPC && fault.concerns(path)) {
                return 0;
            }
        }
        return disk.usableBytes(path);
    }

    @Override
    public String fileSystem(Path path) throws IOException {
        return disk.fileSystem(path);
    }

    /** Waits or fails if a fault says so. @return whether the call is to come short */
    private boolean hit(StorageFault.Call call, Path path) throws IOException {
        boolean isShort = false;
        for (StorageFault fault : faults) {
            if (!fault.strikes(call, path)) {
                continue;
            }
            injected.incrementAndGet();
            switch (fault.kind()) {
                case EIO, ENOSPC, EDQUOT, EROFS ->
                    throw new IOException(path + ": " + fault.kind().text());
                case SHORT -> isShort = true;
                case SLOW -> stall(fault, call, path);
            }
        }
        return isShort;
    }

    /** As long as the fault says, or until it is taken back: a stalled disk comes back to all who wait. */
    private void stall(StorageFault fault, StorageFault.Call call, Path path) throws IOException {
        long until = System.nanoTime() + fault.delay().toNanos();
        try {
            for (long left = until - System.nanoTime();
                    left > 0 && faults.contains(fault) && fault.strikes(call, path);
                    left = until - System.nanoTime()) {
                TimeUnit.NANOSECONDS.sleep(Math.min(left, STRETCH_NANOS));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the disk stalled", e);
        }
    }

    private record Range(long offset, int length) {}

    private final class FaultyFile implements StorageFile {

        private final Path path;
        private final StorageFile file;

        /** Written since the last good sync. Guarded by this. */
        private final List<Range> unsynced = new ArrayList<>();

        FaultyFile(Path path, StorageFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public int pwrite(ByteBuffer src, long offset) throws IOException {
            boolean isShort = hit(StorageFault.Call.WRITE, path);
            int limit = src.limit();
            int half = src.remaining() / 2 & -BLOCK_BYTES;
            if (isShort && half > 0) {
                src.limit(src.position() + half);
            }
            try {
                int written = file.pwrite(src, offset);
                synchronized (this) {
                    unsynced.add(new Range(offset, written));
                }
                return written;
            } finally {
                src.limit(limit);
            }
        }

        @Override
        public int pread(ByteBuffer dst, long offset) throws IOException {
            hit(StorageFault.Call.READ, path);
            return file.pread(dst, offset);
        }

        @Override
        public void sync() throws IOException {
            List<Range> written;
            synchronized (this) {
                written = List.copyOf(unsynced);
            }
            try {
                hit(StorageFault.Call.SYNC, path);
                file.sync();
            } catch (IOException e) {
                drop(written);
                throw e;
            } finally {
                synchronized (this) {
                    unsynced.removeAll(written);
                }
            }
        }

        private void drop(List<Range> ranges) throws IOException {
            for (Range range : ranges) {
                ByteBuffer zeros = ByteBuffer.allocateDirect(range.length + 2 * BLOCK_BYTES)
                        .alignedSlice(BLOCK_BYTES)
                        .limit(range.length);
                while (zeros.hasRemaining()) {
                    file.pwrite(zeros, range.offset + zeros.position());
                }
            }
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
