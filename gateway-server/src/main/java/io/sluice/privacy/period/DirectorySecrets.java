package io.sluice.privacy.period;

import io.sluice.common.SecretStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Secrets as files of a directory, {@code NAME.secret} with 64 hexadecimal digits, which the gateway alone may read.
 *
 * <p>A secret is written and synced under another name and then linked to its own, which fails if that is taken: so it
 * is made once, also on a directory that machines share, and is never seen in part. A draft that a crash leaves behind
 * is the same file as the secret, or never became one. Destroying overwrites the file's bytes first, with what is no
 * secret: so what a crash leaves is none. Whether the disk overwrites in place is the file system's affair.
 */
public final class DirectorySecrets implements SecretStore {

    private static final String SUFFIX = ".secret";
    private static final int TEXT_BYTES = 2 * SECRET_BYTES;
    /** What destroyed secrets are overwritten with. */
    private static final char DESTROYED = 'x';

    private static final HexFormat HEX = HexFormat.of();

    private final Path directory;

    /** Made with the first secret. */
    public DirectorySecrets(Path directory) {
        this.directory = directory;
    }

    @Override
    public byte[] find(String name) throws IOException {
        Path file = file(name);
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1).strip();
        } catch (NoSuchFileException e) {
            return null;
        }
        if (isDestroyed(text)) {
            return null;
        }
        if (text.length() == TEXT_BYTES) {
            try {
                return HEX.parseHex(text);
            } catch (IllegalArgumentException e) {
                // Told below, without its message, which quotes the text.
            }
        }
        throw new IOException(file + ": expected a secret of " + TEXT_BYTES + " hexadecimal digits, found "
                + text.length() + " characters that are none");
    }

    /** Whether it was overwritten, and only its name is left. */
    private static boolean isDestroyed(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c == DESTROYED);
    }

    @Override
    public byte[] make(String name, byte[] proposal) throws IOException {
        byte[] found = find(name);
        if (found != null) {
            return found;
        }
        createDirectory();
        Path draft = Files.createTempFile(directory, name + "-", ".new", ownerOnly("rw-------"));
        try {
            write(draft, (HEX.formatHex(proposal) + "\n").getBytes(StandardCharsets.US_ASCII));
            try {
                Files.createLink(file(name), draft);
            } catch (FileAlreadyExistsException e) {
                // Another was faster.
                found = find(name);
                if (found == null) {
                    throw new IOException(
                            file(name) + ": was destroyed and is no secret any more, expected it to be deleted");
                }
                return found;
            }
            sync(directory);
        } finally {
            Files.delete(draft);
        }
        return proposal.clone();
    }

    /** By the times of the files: restoring one without its time makes it a new one, never an older one. */
    @Override
    public SortedMap<String, Long> made() throws IOException {
        SortedMap<String, Long> made = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                made.put(name.substring(0, name.length() - SUFFIX.length()), modified(file));
            }
        } catch (NoSuchFileException e) {
            return new TreeMap<>();
        }
        return made;
    }

    /** The time that a new file of the directory gets: that of the machine whose disk it is. */
    @Override
    public long nowMillis() throws IOException {
        createDirectory();
        Path probe = Files.createTempFile(directory, "clock-", ".new", ownerOnly("rw-------"));
        try {
            return modified(probe);
        } finally {
            Files.delete(probe);
        }
    }

    private static long modified(Path file) throws IOException {
        return Files.getLastModifiedTime(file).toMillis();
    }

    @Override
    public void destroy(String name) throws IOException {
        Path file = file(name);
        try {
            // All of it, which may be more than a secret if people have edited it.
            byte[] over = new byte[(int) Math.min(Files.size(file), 1 << 16)];
            Arrays.fill(over, (byte) DESTROYED);
            write(file, over);
            Files.delete(file);
        } catch (NoSuchFileException e) {
            // Another node was faster.
            return;
        }
        sync(directory);
    }

    private Path file(String name) {
        if (!name.matches(NAME)) {
            throw new IllegalArgumentException(name + ": expected a name of " + NAME);
        }
        return directory.resolve(name + SUFFIX);
    }

    private void createDirectory() throws IOException {
        if (!Files.isDirectory(directory)) {
            Path parent = directory.toAbsolutePath().getParent();
            Files.createDirectories(directory, ownerOnly("rwx------"));
            sync(parent);
        }
    }

    /** Without truncation, so that bytes are written over those that were there. */
    private static void write(Path file, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private FileAttribute<?>[] ownerOnly(String permissions) throws IOException {
        Set<String> views = directory.getFileSystem().supportedFileAttributeViews();
        return views.contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    @Override
    public String toString() {
        return directory.toString();
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
