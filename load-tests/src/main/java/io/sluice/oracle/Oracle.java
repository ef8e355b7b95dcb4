package io.sluice.oracle;

import io.sluice.common.Position;
import io.sluice.load.acks.EventId;
import io.sluice.oracle.Runs.Run;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * Compares files of acks with delivered objects.
 *
 * <p>One thread. Memory: {@code budgetBytes}, the reader's buffers, and about 200 bytes for each 65,536 numbers sent.
 * What does not fit takes further passes over the objects; blocks that were acked and delivered in order or completely,
 * which is nearly all of them, take no bitmap, so hours fit in one.
 */
final class Oracle {

    private static final byte[] LINE_BEGIN = "{\"id\":\"".getBytes(StandardCharsets.US_ASCII);
    /** How a line about a block begins, which is delivered beside the data. */
    private static final byte[] MANIFEST_BEGIN = "{\"v\":1,\"inc\":\"".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] LINE_END = "\"}".getBytes(StandardCharsets.US_ASCII);

    /** Where the id begins in a line, and how long a line is at least that has one. */
    private static final int ID_AT = LINE_BEGIN.length;

    private static final int LEAST = ID_AT + EventId.LENGTH;

    private final Runs runs;
    private final List<ObjectSource> sources;
    private final long budgetBytes;
    private final LineReader reader = new LineReader();
    private final Verdict verdict = new Verdict();

    // Of the line at hand.
    private Run run;
    private long number;

    private Oracle(Runs runs, List<ObjectSource> sources, long budgetBytes) {
        this.runs = runs;
        this.sources = sources;
        this.budgetBytes = budgetBytes;
    }

    /**
     * The verdict.
     *
     * @param budgetBytes for bitmaps and positions together
     * @throws IOException if a file of acks cannot be read, or the objects cannot be listed
     */
    static Verdict judge(List<Path> acks, List<ObjectSource> sources, long budgetBytes) throws IOException {
        return new Oracle(Runs.read(acks), sources, budgetBytes).judge();
    }

    private Verdict judge() throws IOException {
        verdict.allEnded = runs.runs().stream().allMatch(Run::ended);
        int low = 0;
        do {
            Pass pass = new Pass(runs, low, budgetBytes / 2, verdict);
            pass.readAcks();
            boolean first = verdict.passes++ == 0;
            readAll(first, (bytes, from, to) -> {
                boolean ours = find(bytes, from, to);
                if (first && (ours || !begins(MANIFEST_BEGIN, bytes, from, to))) {
                    verdict.records++;
                    verdict.foreign += ours ? 0 : 1;
                }
                if (ours) {
                    pass.record(run, number);
                }
            });
            pass.close();
            if (pass.duplicates() > 0) {
                tellDuplicatesApart(pass);
            }
            low = pass.high();
        } while (low < runs.slots());
        return verdict;
    }

    private void tellDuplicatesApart(Pass pass) throws IOException {
        for (int low = pass.low(); low < pass.high(); ) {
            Positions positions = new Positions(low, pass.high(), budgetBytes / 2);
            verdict.passes++;
            readAll(false, (bytes, from, to) -> {
                if (find(bytes, from, to)) {
                    int slot = slot();
                    int inBlock = (int) (number & 0xffff);
                    if (slot >= 0 && pass.isTwice(slot, inBlock)) {
                        positions.add(slot, inBlock, position(bytes, from, to));
                    }
                }
            });
            verdict.redelivered += positions.lines() - positions.different();
            verdict.resent += positions.different() - pass.eventsTwice(low, positions.high());
            low = positions.high();
        }
    }

    private int slot() {
        long block = number >>> 16;
        return block < run.sent().length ? run.first() + (int) block : -1;
    }

    private void readAll(boolean first, LineReader.Lines lines) throws IOException {
        for (ObjectSource source : sources) {
            source.list(name -> {
                verdict.objects += first ? 1 : 0;
                try {
                    reader.read(source.open(name), lines);
                } catch (IOException e) {
                    if (first) {
                        verdict.damaged.add(name + ": " + e.getMessage());
                    }
                }
            });
        }
    }

    /** Finds run and number of a line. @return whether it is of one of the runs */
    private boolean find(byte[] bytes, int from, int to) {
        if (to - from < LEAST || !EventId.is(bytes, from + ID_AT) || bytes[from + LEAST] != '"') {
            return false;
        }
        if (!begins(LINE_BEGIN, bytes, from, to)) {
            return false;
        }
        run = runs.find(EventId.runKey(bytes, from + ID_AT));
        if (run == null) {
            return false;
        }
        number = EventId.number(bytes, from + ID_AT);
        return number >= 0;
    }

    private static boolean begins(byte[] begin, byte[] bytes, int from, int to) {
        return to - from >= begin.length && Arrays.equals(bytes, from, from + begin.length, begin, 0, begin.length);
    }

    /** The hash of the position that ends the line, or of nothing if there is none: then all are the same. */
    private static long position(byte[] bytes, int from, int to) {
        int end = to - LINE_END.length;
        int begin = end - Position.TEXT_LENGTH;
        return begin < from ? 0 : Positions.hash(bytes, begin, end);
    }
}
