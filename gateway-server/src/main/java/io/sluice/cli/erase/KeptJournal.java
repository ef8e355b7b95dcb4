package io.sluice.cli.erase;

import io.sluice.cli.JournalFiles;
import io.sluice.cli.objects.Ticker;
import io.sluice.journal.JournalConfig;
import io.sluice.journal.KeptBlocks;
import io.sluice.journal.KeptSegments;
import io.sluice.record.BlockStream;
import io.sluice.record.Encoding;
import io.sluice.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives up what a journal only keeps of a person: segments that hold such lines, and those before them, of starts whose
 * process has ended. One thread.
 *
 * <p>A segment is never rewritten: its frames are chained by their checksums, and what is not delivered is owed. So
 * what is not delivered, and what a living process keeps, is counted as left.
 */
final class KeptJournal {

    private record Hit(long lastSegment, long lines) {}

    /** What was found in a log. */
    private static final class Log {
        final KeptSegments.Marked marked;
        final List<Hit> hits = new ArrayList<>();
        /** Number of the first segment in which something begins that is not done with. */
        long owedFrom = Long.MAX_VALUE;

        long owedLines;

        Log(KeptSegments.Marked marked) {
            this.marked = marked;
        }
    }

    private final Storage storage;
    private final JournalConfig config;
    private final boolean manifests;
    private final Search search;
    private final boolean really;
    private final Tally tally;
    private final Ticker ticker;

    /** @param manifests whether the manifest of a block has to be delivered, too */
    KeptJournal(
            Storage storage,
            JournalConfig config,
            boolean manifests,
            Person person,
            boolean really,
            Tally tally,
            Ticker ticker) {
        this.storage = storage;
        this.config = config;
        this.manifests = manifests;
        this.search = new Search(person);
        this.really = really;
        this.tally = tally;
        this.ticker = ticker;
    }

    /** @throws IOException if there is no such directory; what is wrong with one start stands in the tally */
    void erase(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            throw new NotDirectoryException(root + ": there is no such directory");
        }
        for (Path incarnation : KeptBlocks.incarnations(storage, root)) {
            try (KeptSegments segments = KeptSegments.lock(storage, incarnation)) {
                eraseIn(incarnation, segments);
            } catch (IOException e) {
                tally.problem(incarnation + ": " + e.getMessage());
            }
        }
    }

    /** @param segments {@code null} if a process lives that writes them */
    private void eraseIn(Path incarnation, KeptSegments segments) throws IOException {
        Map<Integer, Log> logs = new HashMap<>();
        new JournalFiles(config.keys())
                .visitPlaced(incarnation, (id, number, block, group, encoding, first, last, packed) -> {
                    ticker.tick();
                    Log log = logs.get(number);
                    if (log == null) {
                        log = new Log(KeptSegments.marked(storage, incarnation, number));
                        logs.put(number, log);
                    }
                    look(log, block, first, last, encoding, packed);
                });
        for (Map.Entry<Integer, Log> log : logs.entrySet()) {
            settle(log.getKey(), log.getValue(), segments);
        }
    }

    private void look(Log log, long block, long first, long last, Encoding encoding, InputStream packed)
            throws IOException {
        boolean done = log.marked.isDone(block, first, manifests);
        if (!done) {
            log.owedFrom = Math.min(log.owedFrom, first);
        }
        Search.Found found;
        try (BlockStream blocks = BlockStream.open(packed)) {
            found = search.read(blocks);
        }
        if (found.unclear() > 0) {
            tally.problem(
                    "block " + block + " of the journal: " + found.unclear() + " lines are no JSON, and may be meant");
        }
        if (found.count() == 0) {
            return;
        }
        if (done) {
            log.hits.add(new Hit(last, found.count()));
        } else {
            log.owedLines += found.count();
        }
    }

    private void settle(int number, Log log, KeptSegments segments) throws IOException {
        long through = -1;
        long left = log.owedLines;
        for (Hit hit : log.hits) {
            if (segments == null || hit.lastSegment >= log.owedFrom) {
                left += hit.lines;
            } else {
                tally.keptLines += hit.lines;
                through = Math.max(through, hit.lastSegment);
            }
        }
        tally.journalLinesLeft += left;
        tally.journalLinesHeld += segments == null ? left : 0;
        tally.journalLinesOwed += segments == null ? log.owedLines : left;
        if (through >= 0 && really) {
            tally.keptSegments += segments.giveUp(number, through);
        }
    }
}
