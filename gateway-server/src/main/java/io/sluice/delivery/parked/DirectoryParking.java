package io.sluice.delivery.parked;

import io.sluice.journal.SealedBlock;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Keeps refused blocks in a directory of this machine. Delivery thread only, which it holds up for a sync: this happens
 * hardly ever.
 */
public final class DirectoryParking implements Parking {

    private static final String UNFINISHED = ".tmp";

    private final Storage storage;
    private final Path root;

    public DirectoryParking(Storage storage, Path root) {
        this.storage = storage;
        this.root = root.toAbsolutePath().normalize();
    }

    @Override
    public void park(SealedBlock block, byte[] data, String reason, Consumer<String> ended) {
        String problem = null;
        try {
            write(root.resolve(ParkedKeys.key(block, reason)), data);
        } catch (IOException e) {
            problem = e.toString();
        }
        ended.accept(problem);
    }

    private void write(Path file, byte[] data) throws IOException {
        Path directory = file.getParent();
        storage.createDirectories(directory);
        for (Path child = directory; !child.equals(root.getParent()); child = child.getParent()) {
            storage.syncDirectory(child.getParent());
        }
        Path unfinished = directory.resolve("." + file.getFileName() + UNFINISHED);
        try (StorageFile out = storage.open(unfinished, Storage.Access.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(data);
            long offset = 0;
            while (bytes.hasRemaining()) {
                offset += out.pwrite(bytes, offset);
            }
            out.sync();
        }
        storage.rename(unfinished, file);
        storage.syncDirectory(directory);
    }

    @Override
    public void close() {}
}
