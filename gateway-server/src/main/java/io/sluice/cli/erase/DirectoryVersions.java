package io.sluice.cli.erase;

import io.sluice.aws.ObjectReader;
import io.sluice.aws.ObjectVersions;
import io.sluice.cli.objects.DirectoryReader;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory in the layout of a bucket, which it is the name of: each file has one version. A file is replaced by
 * another that is on disk as a whole before it takes the name. One thread.
 */
final class DirectoryVersions implements ObjectVersions {

    private static final String UNFINISHED = ".erasing";

    private final Storage storage;
    private final DirectoryReader reader = new DirectoryReader();

    DirectoryVersions(Storage storage) {
        this.storage = storage;
    }

    @Override
    public Listing list(String bucket, String prefix) {
        ObjectReader.Listing files = reader.list(bucket, prefix);
        return () -> {
            ObjectReader.Entry entry = files.next();
            return entry == null
                    ? null
                    : new Version(
                            entry.key(),
                            NO_ID,
                            true,
                            false,
                            entry.bytes(),
                            state(Path.of(bucket).resolve(entry.key())));
        };
    }

    /** What changes with the file. */
    private static String state(Path file) throws IOException {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        return attributes.fileKey() + "," + attributes.lastModifiedTime() + "," + attributes.size();
    }

    @Override
    public InputStream open(String bucket, Version version) throws IOException {
        return reader.open(bucket, version.key());
    }

    @Override
    public String replace(String bucket, Version newest, byte[] bytes) throws IOException {
        Path file = Path.of(bucket).resolve(newest.key());
        Path unfinished = write(file, bytes);
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.setPosixFilePermissions(unfinished, Files.getPosixFilePermissions(file));
        }
        if (!state(file).equals(newest.etag())) {
            storage.delete(unfinished);
            throw new ReplacedException(file + ": was replaced meanwhile");
        }
        storage.rename(unfinished, file);
        storage.syncDirectory(file.getParent());
        return NO_ID;
    }

    @Override
    public void put(String bucket, String key, byte[] bytes) throws IOException {
        Path file = Path.of(bucket).resolve(key);
        Deque<Path> parents = new ArrayDeque<>();
        for (Path parent = file.getParent(); !storage.exists(parent); parent = parent.getParent()) {
            parents.push(parent.getParent());
        }
        storage.createDirectories(file.getParent());
        for (Path parent : parents) {
            storage.syncDirectory(parent);
        }
        storage.rename(write(file, bytes), file);
        storage.syncDirectory(file.getParent());
    }

    /**
     * Counts what interrupted runs have left below the directory, hidden beside objects, and deletes it if
     * {@code really}: it holds records that nobody would find again. Whoever erases there at the same time fails,
     * and has to try again.
     */
    long unfinished(String bucket, boolean really) throws IOException {
        Path root = Path.of(bucket);
        if (!Files.isDirectory(root)) {
            return 0;
        }
        List<Path> found;
        try (Stream<Path> files = Files.walk(root)) {
            found = files.filter(file -> {
                        String name = file.getFileName().toString();
                        return name.startsWith(".") && name.endsWith(UNFINISHED) && Files.isRegularFile(file);
                    })
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        for (Path file : really ? found : List.<Path>of()) {
            storage.delete(file);
            storage.syncDirectory(file.getParent());
        }
        return found.size();
    }

    private Path write(Path file, byte[] bytes) throws IOException {
        Path unfinished = file.resolveSibling("." + file.getFileName() + UNFINISHED);
        storage.delete(unfinished);
        try (StorageFile out = storage.open(unfinished, Storage.Access.WRITE)) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            long offset = 0;
            while (left.hasRemaining()) {
                offset += out.pwrite(left, offset);
            }
            out.sync();
        }
        return unfinished;
    }

    @Override
    public void delete(String bucket, Version version) throws IOException {
        Path file = Path.of(bucket).resolve(version.key());
        storage.delete(file);
        storage.syncDirectory(file.getParent());
    }

    @Override
    public void close() {}
}
