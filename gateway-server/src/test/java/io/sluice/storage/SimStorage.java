package io.sluice.storage;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;

/**
 * A file system in memory that does everything a disk may do, and does it again for the same seed.
 *
 * <p>What was written and not synced is, after {@link #crash}, kept, lost or torn at any 512-byte boundary, in any
 * order; a torn disk block may also hold anything at all, its synced neighbours included. So may every block of a write
 * or sync that failed, for ever: a later sync of the file proves nothing about it; or all of it is on disk although the
 * sync said that it failed. Entries of directories that were not synced are there or not. New extents may show what
 * other files held before. Writes may be short, as the last one before the disk is full is, and any call may fail, with
 * or without having happened.
 */
public final class SimStorage implements Storage {

    /** Calls that can be told apart when one is to fail. */
    public enum Call {
        OPEN,
        WRITE,
        READ,
        SYNC,
        RENAME,
        DELETE,
        SYNC_DIRECTORY,
        LIST,
        CREATE_DIRECTORIES,
        LOCK,
        USABLE_BYTES
    }

    private static final int BLOCK = BLOCK_BYTES;
    private static final int SECTOR = 512;
    private static final int GRAVES = 256;

    /** Bytes in blocks that are never changed in place, so that images share them. */
    private static final class Content {
        byte[][] blocks = new byte[0][];
        long size;

        Content copy() {
            Content copy = new Content();
            copy.blocks = blocks.clone();
            copy.size = size;
            return copy;
        }

        byte[] block(int index) {
            return index < blocks.length ? blocks[index] : null;
        }

        void block(int index, byte[] bytes) {
            if (index >= blocks.length) {
                blocks = Arrays.copyOf(blocks, Math.max(index + 1, blocks.length * 2));
            }
            blocks[index] = bytes;
        }

        void grow(long size) {
            this.size = Math.max(this.size, size);
        }
    }

    /** A block's bytes as of one write. */
    private record Pending(int index, byte[] after, long size) {}

    private static final class Inode {
        Content durable = new Content();
        Content current = new Content();
        /** Written since the last good sync. */
        final List<Pending> pending = new ArrayList<>();
        /** Blocks of failed writes and syncs: undefined from then on. */
        final Set<Integer> undefined = new HashSet<>();
        /** Writes of failed syncs, which may be on disk for all that. */
        final List<Pending> unproven = new ArrayList<>();
        /** Blocks that no read returns. */
        final Set<Integer> unreadable = new HashSet<>();
        /** Its latest name. */
        Path name;
    }

    private sealed interface Entry {
        Path parent();
    }

    private record Put(Path path, Inode inode) implements Entry {
        @Override
        public Path parent() {
            return path.getParent();
        }
    }

    private record Move(Path from, Path to, Inode inode) implements Entry {
        @Override
        public Path parent() {
            return to.getParent();
        }
    }

    private record Removed(Path path, Inode inode) implements Entry {
        @Override
        public Path parent() {
            return path.getParent();
        }
    }

    private record Directory(Path path, boolean there) implements Entry {
        @Override
        public Path parent() {
            return path.getParent();
        }
    }

    private final Random random;
    private final TreeMap<Path, Inode> files = new TreeMap<>();
    private final TreeSet<Path> directories = new TreeSet<>();
    private final TreeMap<Path, Inode> durableFiles = new TreeMap<>();
    private final TreeSet<Path> durableDirectories = new TreeSet<>();
    private final List<Entry> entries = new ArrayList<>();
    private final Set<Path> locks = new HashSet<>();
    /** What deleted files held: it may show up in new ones. */
    private final List<byte[]> graves = new ArrayList<>();

    private Runnable beforeCall = () -> {};
    private BiPredicate<Call, Path> fails = (call, path) -> false;
    private double shortWrites;
    /** Bytes by which files may still grow. What is deleted gives none back: others take it. */
    private long free = Long.MAX_VALUE;

    private boolean directSupported = true;
    private int openForReading;
    private long calls;

    public SimStorage(long seed) {
        random = new Random(seed);
        directories.add(Path.of("/"));
        durableDirectories.add(Path.of("/"));
    }

    /** Runs before each call takes effect, and between a write and its return. */
    public void beforeCall(Runnable action) {
        beforeCall = action;
    }

    /** Says which calls fail with an {@link IOException}. */
    public void failIf(BiPredicate<Call, Path> fails) {
        this.fails = fails;
    }

    /** Share of writes that write less than they were given. */
    public void shortWrites(double share) {
        shortWrites = share;
    }

    /** Whether there is no space for another block. */
    public void full(boolean full) {
        free = full ? 0 : Long.MAX_VALUE;
    }

    /** So many bytes are left; the write that needs more is cut short, the next one fails. */
    public void free(long bytes) {
        free = bytes;
    }

    public void directSupported(boolean supported) {
        directSupported = supported;
    }

    public long calls() {
        return calls;
    }

    /** The disk after a power failure now. This one is not changed. */
    public SimStorage crash(long seed) {
        return image(seed, true);
    }

    /** The disk after the end of the process now: nothing is lost but the locks. */
    public SimStorage kill(long seed) {
        return image(seed, false);
    }

    /** Overwrites bytes as if the medium had decayed: nobody is told. */
    public void damage(Path file, long offset, int length) {
        Inode inode = files.get(file);
        for (long at = offset; at < offset + length; at++) {
            int index = (int) (at / BLOCK);
            byte[] block = inode.current.block(index).clone();
            block[(int) (at % BLOCK)] ^= (byte) (1 + random.nextInt(255));
            inode.current.block(index, block);
            inode.durable.block(index, block);
        }
    }

    /** Makes a disk block answer every read with an error, or no longer. */
    public void unreadable(Path file, long offset, boolean unreadable) {
        int index = (int) (offset / BLOCK);
        Set<Integer> blocks = files.get(file).unreadable;
        if (unreadable) {
            blocks.add(index);
        } else {
            blocks.remove(index);
        }
    }

    /** Files that are open to be read. */
    public int openForReading() {
        return openForReading;
    }

    /** All files, by path. */
    public Set<Path> files() {
        return files.keySet();
    }

    private SimStorage image(long seed, boolean power) {
        SimStorage image = new SimStorage(seed);
        image.directSupported = directSupported;
        image.graves.addAll(graves);
        Random dice = image.random;
        TreeMap<Path, Inode> kept = new TreeMap<>(power ? durableFiles : files);
        TreeSet<Path> keptDirectories = new TreeSet<>(power ? durableDirectories : directories);
        if (power) {
            boolean inOrder = dice.nextBoolean();
            int upTo = dice.nextInt(entries.size() + 1);
            for (int i = 0; i < entries.size(); i++) {
                if (inOrder ? i < upTo : dice.nextBoolean()) {
                    apply(entries.get(i), kept, keptDirectories);
                }
            }
        }
        for (Path directory : keptDirectories) {
            if (reachable(directory, keptDirectories)) {
                image.directories.add(directory);
            }
        }
        Map<Inode, Inode> copies = new LinkedHashMap<>();
        for (Map.Entry<Path, Inode> file : kept.entrySet()) {
            if (image.directories.contains(file.getKey().getParent())) {
                Inode copy = copies.computeIfAbsent(file.getValue(), inode -> copy(inode, power, dice));
                image.files.put(file.getKey(), copy);
            }
        }
        image.durableFiles.putAll(image.files);
        image.durableDirectories.addAll(image.directories);
        return image;
    }

    private static boolean reachable(Path directory, Set<Path> directories) {
        for (Path path = directory; path != null; path = path.getParent()) {
            if (!directories.contains(path) && path.getParent() != null) {
                return false;
            }
        }
        return true;
    }

    private Inode copy(Inode inode, boolean power, Random dice) {
        Inode copy = new Inode();
        Content content = (power ? inode.durable : inode.current).copy();
        if (power) {
            for (Pending write : inode.pending) {
                byte[] bytes = survive(content.block(write.index), write.after, dice);
                if (bytes != null) {
                    content.block(write.index, bytes);
                    content.grow(Math.min(write.size, (write.index + 1L) * BLOCK));
                }
            }
            Set<Integer> reached = new HashSet<>();
            boolean all = dice.nextInt(3) == 0;
            for (Pending write : inode.unproven) {
                if (all || dice.nextInt(4) == 0) {
                    content.block(write.index, write.after);
                    content.grow(Math.min(write.size, (write.index + 1L) * BLOCK));
                    reached.add(write.index);
                }
            }
            for (int index : inode.undefined) {
                if (index < content.blocks.length && !reached.contains(index)) {
                    content.block(index, survive(content.block(index), garbage(dice), dice));
                }
            }
        }
        copy.name = inode.name;
        copy.unreadable.addAll(inode.unreadable);
        copy.durable = content;
        copy.current = content.copy();
        return copy;
    }

    /** What becomes of a block that was written and not synced; {@code null} if nothing was. */
    private byte[] survive(byte[] before, byte[] after, Random dice) {
        return switch (dice.nextInt(8)) {
            case 0, 1 -> before;
            case 2, 3, 4 -> after;
            case 5 -> garbage(dice);
            default -> {
                byte[] torn = before == null ? garbage(dice) : before.clone();
                for (int at = 0; at < BLOCK; at += SECTOR) {
                    if (dice.nextBoolean()) {
                        System.arraycopy(after, at, torn, at, SECTOR);
                    }
                }
                yield torn;
            }
        };
    }

    private byte[] garbage(Random dice) {
        byte[] bytes = garbageOfOneKind(dice);
        for (int at = 0; dice.nextInt(4) == 0 && at < BLOCK; at += SECTOR) {
            System.arraycopy(garbageOfOneKind(dice), at, bytes, at, SECTOR);
        }
        return bytes;
    }

    private byte[] garbageOfOneKind(Random dice) {
        if (!graves.isEmpty() && dice.nextInt(3) > 0) {
            // A copy, since what is torn is torn in place.
            return graves.get(dice.nextInt(graves.size())).clone();
        }
        byte[] bytes = new byte[BLOCK];
        if (dice.nextBoolean()) {
            dice.nextBytes(bytes);
        }
        return bytes;
    }

    private static long roundUp(long bytes) {
        return bytes + BLOCK - 1 & -BLOCK;
    }

    private void bury(byte[] block) {
        if (graves.size() < GRAVES) {
            graves.add(block);
        } else {
            graves.set(random.nextInt(GRAVES), block);
        }
    }

    private static void apply(Entry entry, Map<Path, Inode> files, Set<Path> directories) {
        switch (entry) {
            case Put put -> files.put(put.path, put.inode);
            case Move move -> {
                files.remove(move.from, move.inode);
                files.put(move.to, move.inode);
            }
            case Removed removed -> files.remove(removed.path, removed.inode);
            case Directory directory -> {
                if (directory.there) {
                    directories.add(directory.path);
                } else {
                    directories.remove(directory.path);
                }
            }
        }
    }

    private void call(Call call, Path path) throws IOException {
        calls++;
        beforeCall.run();
        if (fails.test(call, path)) {
            throw new IOException("simulated failure of " + call);
        }
    }

    /** @return whether the call is to fail although it takes effect; it may also fail at once */
    private boolean failsButHappens(Call call, Path path) throws IOException {
        try {
            call(call, path);
            return false;
        } catch (IOException e) {
            if (random.nextBoolean()) {
                throw e;
            }
            return true;
        }
    }

    private static void throwIf(boolean failed, Call call) throws IOException {
        if (failed) {
            throw new IOException("simulated failure of " + call + ", which happened");
        }
    }

    private void change(Entry entry) {
        entries.add(entry);
        switch (entry) {
            case Put put -> put.inode.name = put.path;
            case Move move -> move.inode.name = move.to;
            case Removed removed -> {}
            case Directory directory -> {}
        }
        apply(entry, files, directories);
    }

    @Override
    public StorageFile open(Path file, Access access) throws IOException {
        call(Call.OPEN, file);
        if (access == Access.WRITE_DIRECT && !directSupported) {
            throw new IOException("no direct access");
        }
        Inode inode = files.get(file);
        if (inode == null) {
            if (access == Access.READ || !directories.contains(file.getParent())) {
                throw new FileNotFoundException(file.toString());
            }
            inode = new Inode();
            change(new Put(file, inode));
        }
        return new SimFile(file, inode, access);
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        boolean failed = failsButHappens(Call.CREATE_DIRECTORIES, directory);
        List<Path> missing = new ArrayList<>();
        for (Path path = directory; path != null && !directories.contains(path); path = path.getParent()) {
            missing.add(path);
        }
        for (Path path : missing.reversed()) {
            change(new Directory(path, true));
        }
        throwIf(failed, Call.CREATE_DIRECTORIES);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        call(Call.LIST, directory);
        List<Path> paths = new ArrayList<>();
        for (Path path : files.keySet()) {
            if (directory.equals(path.getParent())) {
                paths.add(path);
            }
        }
        for (Path path : directories) {
            if (directory.equals(path.getParent())) {
                paths.add(path);
            }
        }
        paths.sort(null);
        return paths;
    }

    @Override
    public boolean exists(Path path) {
        return files.containsKey(path) || directories.contains(path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        boolean failed = failsButHappens(Call.RENAME, from);
        Inode inode = files.get(from);
        if (inode == null) {
            throw new FileNotFoundException(from.toString());
        }
        if (!directories.contains(to.getParent())) {
            throw new FileNotFoundException(to.toString());
        }
        // Across directories, too, it happens whole or not at all, as file systems with a journal have it; durable with
        // the new name.
        change(new Move(from, to, inode));
        throwIf(failed, Call.RENAME);
    }

    @Override
    public void delete(Path path) throws IOException {
        boolean failed = failsButHappens(Call.DELETE, path);
        Inode inode = files.get(path);
        if (inode != null) {
            change(new Removed(path, inode));
            for (byte[] block : inode.current.blocks) {
                if (block != null) {
                    bury(block);
                }
            }
        } else if (directories.contains(path)) {
            for (Path other : directories) {
                if (path.equals(other.getParent())) {
                    throw new IOException("not empty: " + path);
                }
            }
            for (Path other : files.keySet()) {
                if (path.equals(other.getParent())) {
                    throw new IOException("not empty: " + path);
                }
            }
            change(new Directory(path, false));
        }
        throwIf(failed, Call.DELETE);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        boolean failed = failsButHappens(Call.SYNC_DIRECTORY, directory);
        if (!directories.contains(directory)) {
            throw new FileNotFoundException(directory.toString());
        }
        for (int i = 0; i < entries.size(); ) {
            Entry entry = entries.get(i);
            if (directory.equals(entry.parent())) {
                apply(entry, durableFiles, durableDirectories);
                entries.remove(i);
            } else {
                i++;
            }
        }
        throwIf(failed, Call.SYNC_DIRECTORY);
    }

    @Override
    public Closeable tryLock(Path file) throws IOException {
        call(Call.LOCK, file);
        if (!directories.contains(file.getParent())) {
            throw new FileNotFoundException(file.toString());
        }
        if (!locks.add(file)) {
            return null;
        }
        if (!files.containsKey(file)) {
            change(new Put(file, new Inode()));
        }
        return () -> locks.remove(file);
    }

    @Override
    public long usableBytes(Path path) throws IOException {
        call(Call.USABLE_BYTES, path);
        return Math.min(free, Integer.MAX_VALUE);
    }

    private final class SimFile implements StorageFile {

        private final Path path;
        private final Inode inode;
        private final Access access;
        private boolean open = true;

        SimFile(Path path, Inode inode, Access access) {
            this.path = path;
            this.inode = inode;
            this.access = access;
            openForReading += access == Access.READ ? 1 : 0;
        }

        private void check(ByteBuffer buffer, long offset) throws IOException {
            if (!open) {
                throw new IOException("closed: " + path);
            }
            if (access == Access.WRITE_DIRECT && (offset % BLOCK != 0 || buffer.remaining() % BLOCK != 0)) {
                throw new IOException(
                        "not aligned: " + buffer.remaining() + " bytes at " + offset + " of a direct file");
            }
        }

        @Override
        public int pwrite(ByteBuffer src, long offset) throws IOException {
            check(src, offset);
            if (access == Access.READ) {
                throw new IOException("opened for reading: " + path);
            }
            boolean failed = false;
            try {
                call(Call.WRITE, inode.name);
            } catch (IOException e) {
                failed = true;
            }
            int length = src.remaining();
            if (length > 1 && random.nextDouble() < shortWrites) {
                length = 1 + random.nextInt(length - 1);
            }
            long allocated = roundUp(inode.current.size);
            if (free < Long.MAX_VALUE && offset + length > allocated + free) {
                if (offset >= allocated + free) {
                    throw new IOException(random.nextBoolean() ? "No space left on device" : "Disk quota exceeded");
                }
                length = (int) (allocated + free - offset);
            }
            int first = (int) (offset / BLOCK);
            int last = (int) ((offset + length - 1) / BLOCK);
            for (int index = first; index <= last; index++) {
                long start = (long) index * BLOCK;
                int from = (int) (Math.max(start, offset) - start);
                int to = (int) (Math.min(start + BLOCK, offset + length) - start);
                byte[] before = inode.current.block(index);
                byte[] after = before == null ? new byte[BLOCK] : before.clone();
                src.get(src.position() + (int) (start + from - offset), after, from, to - from);
                if (failed) {
                    inode.undefined.add(index);
                    after = survive(before, after, random);
                    if (after == null) {
                        continue;
                    }
                }
                inode.current.block(index, after);
                inode.pending.add(new Pending(index, after, offset + length));
            }
            if (failed) {
                throw new IOException("simulated failure of WRITE");
            }
            inode.current.grow(offset + length);
            if (free < Long.MAX_VALUE) {
                free -= roundUp(inode.current.size) - allocated;
            }
            src.position(src.position() + length);
            beforeCall.run();
            return length;
        }

        @Override
        public int pread(ByteBuffer dst, long offset) throws IOException {
            if (!open) {
                throw new IOException("closed: " + path);
            }
            call(Call.READ, inode.name);
            if (offset >= inode.current.size) {
                return -1;
            }
            int length = (int) Math.min(dst.remaining(), inode.current.size - offset);
            for (int index : inode.unreadable) {
                if (index >= offset / BLOCK && (long) index * BLOCK < offset + length) {
                    throw new IOException("Input/output error");
                }
            }
            for (int done = 0; done < length; ) {
                long at = offset + done;
                int from = (int) (at % BLOCK);
                int n = Math.min(BLOCK - from, length - done);
                byte[] block = inode.current.block((int) (at / BLOCK));
                if (block == null) {
                    dst.put(new byte[n]);
                } else {
                    dst.put(block, from, n);
                }
                done += n;
            }
            return length;
        }

        @Override
        public void sync() throws IOException {
            try {
                call(Call.SYNC, inode.name);
            } catch (IOException e) {
                for (Pending write : inode.pending) {
                    inode.undefined.add(write.index);
                    inode.unproven.add(write);
                }
                inode.pending.clear();
                throw e;
            }
            for (Pending write : inode.pending) {
                inode.durable.block(write.index, write.after);
            }
            inode.pending.clear();
            inode.durable.size = inode.current.size;
        }

        @Override
        public long size() {
            return inode.current.size;
        }

        @Override
        public void close() {
            openForReading -= open && access == Access.READ ? 1 : 0;
            open = false;
        }
    }
}
