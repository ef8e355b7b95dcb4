package io.sluice.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The file systems of this machine. Any thread; it holds no state but the names of the locks it holds.
 *
 * <p>What it makes, only the user of the process may read and write, whatever the umask: directories 0700, files 0600.
 * The modes are given with the call that makes it, so they cost nothing; what exists keeps those that it has.
 */
public final class DiskStorage implements Storage {

    /**
     * Locked by this process. A lock of POSIX belongs to the process and goes with the first descriptor of the file
     * that is closed, so a second opener must be turned away before it opens.
     */
    private static final Set<Path> LOCKED = ConcurrentHashMap.newKeySet();

    /** {@code ExtendedOpenOption.DIRECT}, or {@code null}. By its name, since javac warns of its package for ever. */
    private static final OpenOption DIRECT = directOption();

    private static final FileAttribute<?>[] OF_DIRECTORIES = ownerOnly("rwx------");
    private static final FileAttribute<?>[] OF_FILES = ownerOnly("rw-------");

    private static final Set<OpenOption> WRITING =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);

    /** Nothing where files have no such modes. */
    private static FileAttribute<?>[] ownerOnly(String modes) {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(modes))}
                : new FileAttribute<?>[0];
    }

    private static OpenOption directOption() {
        try {
            for (Object option :
                    Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
                if (option instanceof OpenOption found && option.toString().equals("DIRECT")) {
                    return found;
                }
            }
            return null;
        } catch (ClassNotFoundException e) {
            return null;
        }
    }

    @Override
    public StorageFile open(Path file, Access access) throws IOException {
        FileChannel channel = switch (access) {
            case READ -> FileChannel.open(file, StandardOpenOption.READ);
            case WRITE -> FileChannel.open(file, WRITING, OF_FILES);
            case WRITE_DIRECT -> openDirect(file);
        };
        return new DiskFile(channel);
    }

    private static FileChannel openDirect(Path file) throws IOException {
        if (DIRECT == null) {
            throw new IOException("this JDK knows no direct access to files: " + file);
        }
        try {
            Set<OpenOption> options = new HashSet<>(WRITING);
            options.add(DIRECT);
            return FileChannel.open(file, options, OF_FILES);
        } catch (UnsupportedOperationException e) {
            throw new IOException("no direct access to files on this file system: " + file, e);
        }
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        Files.createDirectories(directory, OF_DIRECTORIES);
    }

    @Override
    public List<Path> list(Path directory) throws IOException {
        List<Path> paths = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                paths.add(entry);
            }
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        Collections.sort(paths);
        return paths;
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(Path path) throws IOException {
        Files.deleteIfExists(path);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public Closeable tryLock(Path file) throws IOException {
        Path name = file.toAbsolutePath().normalize();
        if (!LOCKED.add(name)) {
            return null;
        }
        FileChannel channel = null;
        FileChannel witness = null;
        try {
            channel = FileChannel.open(file, WRITING, OF_FILES);
            if (lock(channel)) {
                witness = witness(channel, file);
            }
        } finally {
            if (witness == null) {
                LOCKED.remove(name);
                if (channel != null) {
                    channel.close();
                }
            }
        }
        return witness == null ? null : new Lock(name, channel, witness);
    }

    private static boolean lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Held under another name of the same file.
            return false;
        }
    }

    /**
     * Makes sure that the file that was locked is still the one of that name: between the opening and the locking its
     * former holder may have deleted it, and then the next comer locks another.
     *
     * @return the file opened by its name, to be closed with the lock and not before, since that would end the lock; or
     *     {@code null} if it is another
     */
    static FileChannel witness(FileChannel locked, Path file) throws IOException {
        byte[] nonce = new byte[16];
        new SecureRandom().nextBytes(nonce);
        locked.write(ByteBuffer.wrap(nonce), 0);
        FileChannel named;
        try {
            named = FileChannel.open(file, StandardOpenOption.READ);
        } catch (NoSuchFileException e) {
            return null;
        }
        ByteBuffer found = ByteBuffer.allocate(nonce.length);
        boolean same = false;
        try {
            named.read(found, 0);
            same = Arrays.equals(found.array(), nonce);
        } finally {
            if (!same) {
                named.close();
            }
        }
        return same ? named : null;
    }

    private static final class Lock implements Closeable {

        private final Path name;
        private final FileChannel channel;
        private final FileChannel witness;

        Lock(Path name, FileChannel channel, FileChannel witness) {
            this.name = name;
            this.channel = channel;
            this.witness = witness;
        }

        @Override
        public synchronized void close() throws IOException {
            if (!channel.isOpen()) {
                // The name may be another's by now.
                return;
            }
            try (witness) {
                channel.close();
            } finally {
                LOCKED.remove(name);
            }
        }
    }

    @Override
    public String fileSystem(Path path) throws IOException {
        return store(path).type();
    }

    @Override
    public long usableBytes(Path path) throws IOException {
        return store(path).getUsableSpace();
    }

    /** That of the path, or of what will be above it once it is made. */
    private static FileStore store(Path path) throws IOException {
        Path existing = path.toAbsolutePath();
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        return Files.getFileStore(existing);
    }
}
