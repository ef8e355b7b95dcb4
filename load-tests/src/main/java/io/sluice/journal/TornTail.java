package io.sluice.journal;

import io.sluice.ring.Frame;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/**
 * Writes behind the last whole frame of every log of a dead gateway what a write that was torn may have left there.
 *
 * <p>Only from the next disk block on: a commit begins with one and never touches a block that holds acknowledged
 * bytes, so that nothing which was acknowledged lies there. Half of a frame that was good elsewhere comes first, with
 * the right generation and a header that verifies, then random bytes. Stateless.
 */
public final class TornTail {

    private static final int MOST_BYTES = 64 * 1024;

    private TornTail() {}

    /**
     * Tears the tail of each log below the root of a journal that no process writes.
     *
     * @return how many were torn; logs without a frame have none
     */
    public static int tear(Path root, Random random) throws IOException {
        Storage storage = new DiskStorage();
        int torn = 0;
        for (Path incarnation : storage.list(root)) {
            if (Layout.incarnation(incarnation) == null) {
                continue;
            }
            for (Path log : storage.list(incarnation)) {
                torn += Layout.logNumber(log) >= 0 && tearLog(storage, log, random) ? 1 : 0;
            }
        }
        return torn;
    }

    private static boolean tearLog(Storage storage, Path log, Random random) throws IOException {
        Path last = null;
        int end = 0;
        ByteBuffer frame = null;
        try (SegmentReader reader =
                SegmentReaders.forTools(storage, JournalKeys.NONE).reader()) {
            for (Path segment : Layout.segments(storage, log)) {
                if (reader.open(segment) == null) {
                    continue;
                }
                while (reader.next()) {
                    last = segment;
                    end = reader.position();
                    int length = Frame.length(reader.buffer(), reader.at());
                    frame = ByteBuffer.allocate(length).put(reader.buffer().slice(reader.at(), length));
                }
            }
        } catch (NoSuchFileException e) {
            return false;
        }
        if (last == null) {
            return false;
        }
        long from = (long) (end + Storage.BLOCK_BYTES - 1) / Storage.BLOCK_BYTES * Storage.BLOCK_BYTES;
        int room = (int) Math.min(MOST_BYTES, Files.size(last) - from);
        if (room <= 0) {
            return false;
        }
        byte[] garbage = new byte[1 + random.nextInt(room)];
        random.nextBytes(garbage);
        // All of its header, and not all of the rest: it says how long it is, and is not.
        int half = Math.min(
                Frame.HEADER_BYTES + random.nextInt(Math.max(1, frame.capacity() - Frame.HEADER_BYTES)),
                garbage.length);
        System.arraycopy(frame.array(), 0, garbage, 0, Math.min(half, garbage.length));
        try (FileChannel file = FileChannel.open(last, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(garbage);
            while (bytes.hasRemaining()) {
                file.write(bytes, from + bytes.position());
            }
            file.force(false);
        }
        return true;
    }
}
