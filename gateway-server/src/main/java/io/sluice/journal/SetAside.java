package io.sluice.journal;

import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.ring.BlockSummary;
import io.sluice.ring.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Blocks of one log whose groups delivery does not want now, so that they hold up no other group: in the memory of the
 * log as long as nobody else needs it, then known by their places only and read again when they are wanted.
 *
 * <pre>
 *   LogSource ─┬ wanted ────────────────────────────────────▶ delivery
 *              └ not wanted ─▶ held ─drop─▶ places ─pass──▶ delivery, once wanted
 * </pre>
 *
 * <p>Confined to delivery. Memory: some 200 bytes for each of at most {@link #MOST} places and those that were held,
 * and for each group that is read again a window and a {@link Room} for each block that is open there. A <i>pass</i>
 * reads the log once, forward, from the first block of one group that was set aside, and hands out each of them at
 * its SEAL.
 */
final class SetAside implements AutoCloseable {

    /** Places; a log that would need more waits. */
    static final int MOST = 1 << 17;

    /** Most bytes read in one call, about. */
    private static final int TURN_BYTES = 1 << 20;

    /** What opening a segment counts as, so that a turn ends. */
    private static final int OPENING_BYTES = TURN_BYTES / 8;

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final ByteBuffer NO_BYTES = ByteBuffer.allocate(0).asReadOnlyBuffer();
    private static final BlockSummary NO_SUMMARY = new BlockSummary();

    private static final Logger LOG = LoggerFactory.getLogger(SetAside.class);

    /** @param number counts what was set aside: a pass covers what was when it began */
    private record Place(Handed handed, long number) {}

    /** The places of one group, and how far the pass over them has come. */
    private final class Pass {
        final Map<Long, Place> places = new LinkedHashMap<>();
        SegmentReader reader;
        BlockAssembler assembler;
        long sequence;
        long lastSequence;
        long covered;

        /** The next block, having read about a mebibyte at most; {@link #more} says whether there is more to read. */
        Handed next() throws IOException {
            if (reader == null) {
                begin();
            }
            long left = TURN_BYTES;
            while (left > 0) {
                if (places.isEmpty()) {
                    end();
                    return null;
                }
                if (!reader.isOpen()) {
                    long opened = sequence > lastSequence ? -1 : source.open(reader, sequence);
                    if (opened < 0 || opened > lastSequence) {
                        reader.close();
                        sequence = lastSequence + 1;
                        return finish();
                    }
                    sequence = opened;
                }
                int before = reader.position();
                if (reader.next() || !reader.atLimit() && reader.skipToNext()) {
                    left -= reader.position() - before;
                    Handed found = take();
                    if (found != null) {
                        if (places.isEmpty()) {
                            end();
                        }
                        return found;
                    }
                } else {
                    left -= OPENING_BYTES;
                    reader.close();
                    sequence++;
                }
            }
            more = true;
            return null;
        }

        private void begin() {
            sequence = Long.MAX_VALUE;
            lastSequence = 0;
            covered = number;
            for (Place place : places.values()) {
                sequence = Math.min(sequence, place.handed.firstSequence);
                lastSequence = Math.max(lastSequence, place.handed.sealSequence);
            }
            reader = readers.reader();
            assembler = new BlockAssembler(log, memory, cells);
        }

        private Handed take() throws IOException {
            ByteBuffer buffer = reader.buffer();
            int at = reader.at();
            Place place = places.get(Frame.block(buffer, at));
            if (place == null || place.number >= covered) {
                return null;
            }
            if (Frame.type(buffer, at) == Frame.DATA) {
                // Behind a tear there may be frames that do not count.
                if (assembler.goesOn(buffer, at)) {
                    assembler.data(buffer, at, sequence);
                }
                return null;
            }
            if (Frame.type(buffer, at) != Frame.SEAL || sequence != place.handed.sealSequence) {
                return null;
            }
            FoundBlock found = assembler.seal(buffer, at, sequence);
            places.remove(place.handed.block.block());
            count--;
            if (found == null) {
                lost(place.handed);
                return null;
            }
            source.foundAgain(place.handed, found);
            return place.handed;
        }

        /** The SEAL of what was not found is lost: what verifies of the rest counts. One block a call. */
        private Handed finish() {
            for (Iterator<Place> i = places.values().iterator(); i.hasNext(); ) {
                Place place = i.next();
                if (place.number < covered) {
                    i.remove();
                    count--;
                    FoundBlock found = assembler.sealLost(place.handed.id, place.handed.sealSequence);
                    if (found != null) {
                        source.foundAgain(place.handed, found);
                        return place.handed;
                    }
                    lost(place.handed);
                }
            }
            end();
            return null;
        }

        /** Nothing of it will be delivered. It gets no mark, but holds no segment either, lest the journal fill up. */
        private void lost(Handed handed) {
            source.delivered(handed, handed.block);
            source.settled(handed);
        }

        private void end() {
            if (assembler != null) {
                assembler.clear();
                assembler = null;
            }
            if (reader == null) {
                return;
            }
            try {
                reader.close();
            } catch (IOException e) {
                LOG.warn("a segment of {} that was read could not be closed: {}", log, e.toString());
            }
            reader = null;
        }
    }

    private final LogSource source;
    private final SegmentReaders readers;
    private final BlockMemory memory;
    private final String log;
    private final Cells cells;

    private final Map<String, Deque<Handed>> held = new LinkedHashMap<>();
    private final Map<String, Pass> passes = new LinkedHashMap<>();
    /** The groups of the passes, in turn. */
    private final Deque<String> turns = new ArrayDeque<>();

    /** Not wanted, when there was no place for it: the log waits. */
    private Handed waiting;

    private int count;
    private long number;
    private boolean more;
    private boolean paused;
    private long pausedUntilNanos;

    /**
     * @param memory for what is read again, as far as it can be spared; {@code null} for arrays
     * @param log what to call it in messages
     */
    SetAside(LogSource source, SegmentReaders readers, BlockMemory memory, String log, Cells cells) {
        this.source = source;
        this.readers = readers;
        this.memory = memory;
        this.log = log;
        this.cells = cells;
    }

    /** @return the block if it is wanted; else it is set aside, or its log waits if there is no place for it */
    Handed offer(Handed handed, Predicate<String> wanted) {
        waiting = null;
        if (wanted.test(handed.block.group())) {
            return handed;
        }
        if (count >= MOST) {
            waiting = handed;
        } else {
            put(handed);
        }
        return null;
    }

    /** Offers the block that waits, if there is one. Then {@link #isWaiting} says whether the log may go on. */
    Handed waited(Predicate<String> wanted) {
        return waiting == null ? null : offer(waiting, wanted);
    }

    /** Whether the log hands out nothing and reads nothing before a block that has no place here is wanted. */
    boolean isWaiting() {
        return waiting != null;
    }

    /** Keeps a block with its bytes. */
    void hold(Handed handed) {
        held.computeIfAbsent(handed.block.group(), g -> new ArrayDeque<>()).add(handed);
    }

    /** A block that was held and is wanted now, or {@code null}. */
    Handed held(Predicate<String> wanted) {
        for (Map.Entry<String, Deque<Handed>> blocks : held.entrySet()) {
            if (!blocks.getValue().isEmpty() && wanted.test(blocks.getKey())) {
                return blocks.getValue().poll();
            }
        }
        return null;
    }

    /** Keeps of one held block its place alone, so that its memory is free. @return {@code null} if none is held */
    Handed drop() {
        for (Deque<Handed> blocks : held.values()) {
            Handed handed = blocks.poll();
            if (handed != null) {
                put(handed);
                return handed;
            }
        }
        return null;
    }

    /** Keeps the place of a block alone; its segments stay until it is delivered. */
    void put(Handed handed) {
        SealedBlock block = handed.block;
        handed.freeRoom();
        handed.block = new SealedBlock(
                block.incarnation(),
                block.log(),
                block.block(),
                block.group(),
                block.encoding(),
                NO_BYTES,
                block.records(),
                block.rawLength(),
                block.crc32(),
                block.firstReceivedMillis(),
                NO_SUMMARY);
        Pass pass = passes.get(block.group());
        if (pass == null) {
            pass = new Pass();
            passes.put(block.group(), pass);
            turns.add(block.group());
        }
        pass.places.put(block.block(), new Place(handed, number++));
        count++;
    }

    /** When the oldest line of what is here was received, about; MAX_VALUE if nothing is. */
    long oldestMillis() {
        long oldest = waiting == null ? Long.MAX_VALUE : waiting.block.firstReceivedMillis();
        for (Deque<Handed> blocks : held.values()) {
            if (!blocks.isEmpty()) {
                oldest = Math.min(oldest, blocks.peek().block.firstReceivedMillis());
            }
        }
        for (Pass pass : passes.values()) {
            if (!pass.places.isEmpty()) {
                Place first = pass.places.values().iterator().next();
                oldest = Math.min(oldest, first.handed.block.firstReceivedMillis());
            }
        }
        return oldest;
    }

    /** Whether the next call of {@link #next} goes on reading, although the last one found nothing. */
    boolean hasMore() {
        return more;
    }

    /** The next block that is wanted of those whose places are kept, having read about a mebibyte a group at most. */
    Handed next(Predicate<String> wanted, long nowNanos) {
        more = false;
        paused = paused && pausedUntilNanos - nowNanos > 0;
        for (int i = paused || count == 0 ? 0 : turns.size(); i > 0; i--) {
            String group = turns.poll();
            turns.add(group);
            Pass pass = passes.get(group);
            if (pass.places.isEmpty() && pass.reader == null || !wanted.test(group)) {
                continue;
            }
            try {
                Handed handed = pass.next();
                if (handed != null) {
                    return handed;
                }
            } catch (IOException e) {
                cells.increment(Counter.JOURNAL_READ_FAILURES);
                LOG.warn("blocks of {} that were set aside cannot be read, trying on: {}", log, e.toString());
                // From its beginning: it reads what is on disk, and nothing else depends on how far it came.
                pass.end();
                paused = true;
                pausedUntilNanos = nowNanos + PAUSE_NANOS;
                return null;
            }
        }
        return null;
    }

    @Override
    public void close() {
        for (Pass pass : passes.values()) {
            pass.end();
        }
    }
}
