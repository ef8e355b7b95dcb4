package io.sluice.journal;

import io.sluice.ring.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * How the segment behind the one being read begins. After a failed sync a committer ends every open block there, and
 * whatever the failed segment holds behind the last good sync, a SEAL too, is as if it had never been.
 *
 * <p>Confined to who reads the log. Memory: the reader's window, and a number for each block ended there.
 */
final class LookAhead {

    private final SegmentReader reader;
    private LongSet ended = new LongSet();
    private boolean frames;

    /** @param reader which is open only during a look */
    LookAhead(SegmentReader reader) {
        this.reader = reader;
    }

    /**
     * Looks at another segment; the call may be repeated.
     *
     * @param segment {@code null} if there is none
     */
    void at(Path segment) throws IOException {
        ended = new LongSet();
        frames = false;
        if (segment == null) {
            return;
        }
        try {
            SegmentHeader header = reader.open(segment);
            if (header == null || header.recovered()) {
                return;
            }
            while (reader.next()) {
                frames = true;
                ByteBuffer buffer = reader.buffer();
                int at = reader.at();
                if (Frame.type(buffer, at) != Frame.SEAL || (Frame.flags(buffer, at) & Frame.FLAG_NO_SUMMARY) == 0) {
                    return;
                }
                ended.add(Frame.block(buffer, at));
            }
        } finally {
            reader.close();
        }
    }

    /** Whether it holds frames of a committer. */
    boolean hasFrames() {
        return frames;
    }

    /** Whether it begins by ending this block. */
    boolean ends(long block) {
        return ended.contains(block);
    }
}
