package io.sluice.journal;

import io.sluice.record.Encoding;
import io.sluice.ring.Frame;
import io.sluice.storage.Storage;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Reads every frame of a journal's directory without any lock, while it is written or long after: for people and tools,
 * never for delivery.
 *
 * <p>One thread. It sees what was written, acknowledged or not, and it may miss what is recycled under it. When
 * {@link #next} has nothing more it can be asked again: it goes on where it stood, with new segments, logs and
 * incarnations.
 */
public final class JournalReader implements AutoCloseable {

    /**
     * One frame.
     *
     * @param incarnation the start that wrote it
     * @param log number of its log
     * @param type {@link Frame#DATA}, {@link Frame#SEAL} or {@link Frame#PARK}
     * @param block number of its block
     * @param chunk number of the frame in its block; of a SEAL, how many DATA frames the block has
     * @param group name of its stream group
     * @param encoding how the lines of its block are packed
     * @param records lines in it
     * @param segment number of the segment that it lies in
     * @param payload encoded lines; of a SEAL, see {@link Frame}. Little-endian, valid until the next call
     */
    public record Entry(
            UUID incarnation,
            int log,
            int type,
            long block,
            int chunk,
            String group,
            Encoding encoding,
            int records,
            long segment,
            ByteBuffer payload) {}

    /** Where the reading of one log stands. */
    private static final class Cursor {
        final Path directory;
        final UUID incarnation;
        final int log;
        Groups groups;
        /** The segment being read, or -1 before the first. */
        long sequence = -1;

        int offset;
        /** Its key is not here: passed over. */
        boolean unreadable;

        Cursor(Path directory, UUID incarnation, int log) {
            this.directory = directory;
            this.incarnation = incarnation;
            this.log = log;
        }
    }

    private final Storage storage;
    private final Path directory;
    private final SegmentReader reader;
    private final List<Cursor> cursors = new ArrayList<>();
    private final Map<Path, Cursor> known = new HashMap<>();
    private int turn;
    /** Logs in a row that had nothing. */
    private int idle;

    private JournalReader(Storage storage, Path directory, JournalKeys keys) {
        this.storage = storage;
        this.directory = directory;
        reader = SegmentReaders.forTools(storage, keys).reader();
    }

    /**
     * Begins at the oldest frame of every log.
     *
     * @param directory the root of a journal, or the directory of one of its incarnations
     * @param keys those that it is encrypted with, or {@link JournalKeys#NONE}
     */
    public static JournalReader open(Storage storage, Path directory, JournalKeys keys) throws IOException {
        JournalReader reader = new JournalReader(storage, directory, keys);
        reader.look();
        return reader;
    }

    /**
     * The next frame, log after log, each in the order in which it was written.
     *
     * @return {@code null} if there is none now
     * @throws UnreadableSegmentException once for each log that cannot be decrypted; the next call goes on with others
     */
    public Entry next() throws IOException {
        while (idle < cursors.size()) {
            Cursor cursor = cursors.get(turn % cursors.size());
            Entry entry = cursor.unreadable ? null : next(cursor);
            if (entry != null) {
                idle = 0;
                return entry;
            }
            reader.close();
            turn++;
            idle++;
        }
        // The next call begins a new round, with whatever has come meanwhile.
        idle = 0;
        look();
        return null;
    }

    private void look() throws IOException {
        if (Layout.incarnation(directory) != null) {
            look(directory);
            return;
        }
        for (Path path : storage.list(directory)) {
            if (Layout.incarnation(path) != null) {
                look(path);
            }
        }
    }

    private void look(Path incarnation) throws IOException {
        for (Path path : storage.list(incarnation)) {
            int log = Layout.logNumber(path);
            if (log >= 0 && !known.containsKey(path)) {
                Cursor cursor = new Cursor(path, Layout.incarnation(incarnation), log);
                known.put(path, cursor);
                cursors.add(cursor);
            }
        }
    }

    private Entry next(Cursor cursor) throws IOException {
        try {
            while (true) {
                if (!reader.isOpen() && !reopen(cursor)) {
                    return null;
                }
                if (reader.next()) {
                    cursor.offset = reader.position();
                    return entry(cursor);
                }
                if (!advance(cursor)) {
                    return null;
                }
            }
        } catch (UnreadableSegmentException e) {
            cursor.unreadable = true;
            throw e;
        } catch (FileNotFoundException | NoSuchFileException e) {
            // Recycled or removed between listing and opening; the next round finds what is there.
            reader.close();
            return null;
        }
    }

    private boolean reopen(Cursor cursor) throws IOException {
        if (cursor.sequence < 0) {
            return advance(cursor);
        }
        Path path = Layout.segment(cursor.directory, cursor.sequence);
        if (!storage.exists(path)) {
            return advance(cursor);
        }
        reader.open(path);
        if (!reader.isOpen()) {
            return false;
        }
        reader.seek(cursor.offset);
        return true;
    }

    /**
     * Goes on with the first later segment that has frames.
     *
     * @return false if there is none, and the present one stays
     */
    private boolean advance(Cursor cursor) throws IOException {
        reader.close();
        for (Path path : Layout.segments(storage, cursor.directory)) {
            long sequence = Layout.segmentNumber(path);
            if (sequence <= cursor.sequence) {
                continue;
            }
            if (reader.open(path) == null || !reader.next()) {
                reader.close();
                continue;
            }
            cursor.sequence = sequence;
            cursor.offset = SegmentHeader.BYTES;
            reader.seek(SegmentHeader.BYTES);
            return true;
        }
        return false;
    }

    private Entry entry(Cursor cursor) throws IOException {
        if (cursor.groups == null) {
            Groups groups = Groups.read(storage, cursor.directory.resolveSibling(Layout.GROUPS));
            cursor.groups = groups == null ? Groups.of(List.of()) : groups;
        }
        ByteBuffer buffer = reader.buffer();
        int at = reader.at();
        return new Entry(
                cursor.incarnation,
                cursor.log,
                Frame.type(buffer, at),
                Frame.block(buffer, at),
                Frame.chunk(buffer, at),
                cursor.groups.name(Frame.group(buffer, at)),
                Encoding.ofId(Frame.encoding(buffer, at)),
                Frame.records(buffer, at),
                cursor.sequence,
                buffer.slice(at + Frame.HEADER_BYTES, Frame.payloadLength(buffer, at))
                        .asReadOnlyBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN));
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
