package io.sluice.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Set;

/**
 * Objects as files {@code <root>/<bucket>/<key>}: the buffer's file gets its name by a rename, so none is half there.
 */
final class DirectoryStore implements ObjectStore {

    private final Path root;
    /** An object comes every few milliseconds, and few directories. */
    private final Set<Path> made = new HashSet<>();

    /** @param root on the same file system as the files to come */
    DirectoryStore(Path root) throws IOException {
        this.root = root.toAbsolutePath().normalize();
        Files.createDirectories(this.root);
    }

    @Override
    public void put(String bucket, String key, Path file) throws IOException {
        Path target = root.resolve(bucket).resolve(key).normalize();
        if (!target.startsWith(root.resolve(bucket))) {
            throw new IOException("the key " + key + " leads out of " + root);
        }
        if (made.add(target.getParent())) {
            Files.createDirectories(target.getParent());
        }
        Files.move(file, target, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public String description() {
        return root.toString();
    }
}
