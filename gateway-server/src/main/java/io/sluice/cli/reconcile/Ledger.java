package io.sluice.cli.reconcile;

import io.sluice.common.Position;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Brings manifests and blocks together, whichever comes first, and tells the report what does not go with what.
 *
 * <p>One thread. Memory: {@value BlockTable#ENTRY_BYTES} bytes, one and a half to three times, for each block of which
 * only one side has come, and 16 bytes for each run of blocks that are done with.
 */
final class Ledger {

    private record LogId(UUID incarnation, int log) {}

    private static final class Log {
        final LogId id;
        /** One side has come. */
        final BlockTable open = new BlockTable();
        /** Both have. */
        final RunSet complete = new RunSet();

        final RunSet parked = new RunSet();
        /** In the journal. */
        final RunSet kept = new RunSet();
        /** Of them, those that are complete. */
        final RunSet sealed = new RunSet();
        /** Of these, those that are not delivered, as far as the journal knows. */
        final RunSet unmarked = new RunSet();
        /** Of those in the journal, what ended without a frame, since the disk refused all of them. */
        final RunSet empty = new RunSet();

        Log(LogId id) {
            this.id = id;
        }
    }

    private final Window window;
    private final Report report;
    private final Erasures erasures;
    private final Map<LogId, Log> logs = new HashMap<>();
    private final List<String> groups = new ArrayList<>();
    /** The one that was asked for last; mostly it is the next one too. */
    private Log last;

    Ledger(Window window, Report report, Erasures erasures) {
        this.window = window;
        this.report = report;
        this.erasures = erasures;
    }

    /** The number of a group, the same for the same name. */
    int group(String name) {
        int number = groups.indexOf(name);
        if (number < 0) {
            number = groups.size();
            if (number == BlockTable.MAX_GROUPS) {
                throw new IllegalArgumentException("more than " + BlockTable.MAX_GROUPS + " groups");
            }
            groups.add(name);
        }
        return number;
    }

    String groupName(int number) {
        return groups.get(number);
    }

    /** A block that a journal still holds, delivered or not. */
    void kept(UUID incarnation, int log, long block) {
        log(incarnation, log).kept.add(block);
    }

    /** One of them that is complete. */
    void sealed(UUID incarnation, int log, long block) {
        log(incarnation, log).sealed.add(block);
    }

    /** One of the complete that the journal does not know to be delivered. */
    void unmarked(UUID incarnation, int log, long block) {
        log(incarnation, log).unmarked.add(block);
    }

    /** One of those in the journal of which nothing is to be delivered: it ended without a frame. */
    void empty(UUID incarnation, int log, long block) {
        log(incarnation, log).empty.add(block);
    }

    /**
     * A manifest.
     *
     * @return whether its lines count: it is the first of a block that is judged
     */
    boolean manifest(Manifest manifest) {
        if (!window.touches(manifest.minute())) {
            return false;
        }
        Log log = log(manifest.incarnation(), manifest.log());
        long block = manifest.block();
        int at = log.open.find(block);
        if (log.complete.contains(block) || at >= 0 && log.open.isManifest(at)) {
            return false;
        }
        boolean judged = window.judges(manifest.minute());
        if (manifest.parked()) {
            return parked(log, manifest, judged);
        }
        boolean first = !log.parked.contains(block);
        if (judged) {
            report.expected.add(manifest.facts().records());
        }
        if (at >= 0) {
            Facts found = log.open.facts(at);
            log.open.remove(at);
            match(log, block, manifest.facts(), found, judged);
        } else {
            log.open.put(block, true, manifest.facts(), manifest.minute());
        }
        return judged && first;
    }

    private boolean parked(Log log, Manifest manifest, boolean judged) {
        if (log.parked.contains(manifest.block())) {
            return false;
        }
        log.parked.add(manifest.block());
        if (judged) {
            report.parked.add(manifest.facts().records());
        }
        return judged;
    }

    /**
     * A block in an object.
     *
     * @param minute in which the hour of the object begins
     * @return whether its lines count: it is the first copy of a block that is judged
     */
    boolean found(Position first, Facts facts, int minute) {
        Log log = log(first.incarnation(), first.log());
        long block = first.block();
        Erasures.Erased erased = erased(log, block);
        if (erased != null && erased.isUnfinished(facts)) {
            report.unerased(name(log, block) + " still holds, or holds again, lines that were to be erased");
        }
        if (log.complete.contains(block)) {
            report.duplicates.add(facts.records());
            return false;
        }
        int at = log.open.find(block);
        if (at < 0) {
            log.open.put(block, false, facts, minute);
            return window.judges(minute);
        }
        if (!log.open.isManifest(at)) {
            report.duplicates.add(facts.records());
            String difference = log.open.facts(at).difference(facts);
            if (difference != null && erased == null) {
                report.mismatched(name(log, block) + " lies twice, and one " + difference, facts.records());
            }
            return false;
        }
        boolean judged = window.judges(log.open.minute(at));
        Facts expected = log.open.facts(at);
        log.open.remove(at);
        match(log, block, expected, facts, judged);
        return judged;
    }

    private void match(Log log, long block, Facts expected, Facts found, boolean judged) {
        log.complete.add(block);
        if (!judged) {
            return;
        }
        String difference = expected.difference(found);
        Erasures.Erased erased = difference == null ? null : erased(log, block);
        if (difference == null) {
            report.found.add(found.records());
        } else if (erased != null && erased.left(found)) {
            report.found.add(found.records());
            report.erased.records += expected.records() - found.records();
        } else {
            String group = " of group " + groupName(expected.group()) + " ";
            report.mismatched(name(log, block) + group + difference, expected.records());
        }
    }

    /** Everything has been read: what has only one side is told. */
    void close() {
        List<Log> sorted = new ArrayList<>(logs.values());
        sorted.sort(Comparator.comparing((Log log) -> log.id.incarnation()).thenComparing(log -> log.id.log()));
        for (Log log : sorted) {
            tellOpen(log);
            tellPending(log);
        }
        if (report.unheardBlocks > 0 && window.isSettled()) {
            report.problem(report.unheardBlocks + " blocks are delivered, as the journal says, and neither they nor"
                    + " their manifests are there");
        }
        if (report.objects == 0) {
            report.problem("there are neither manifests nor objects: is it the right place, with the right prefixes?");
        } else if (report.expected.blocks == 0 && report.withoutManifest.blocks > 0) {
            report.problem("there are blocks and no manifests: nothing could be compared");
        }
    }

    private void tellOpen(Log log) {
        Gap gap = null;
        for (long block : log.open.blocks()) {
            int at = log.open.find(block);
            Facts facts = log.open.facts(at);
            int minute = log.open.minute(at);
            if (!log.open.isManifest(at)) {
                boolean kept = log.kept.contains(block) || log.parked.contains(block);
                if (window.judges(minute)) {
                    (kept ? report.manifestPending : report.withoutManifest).add(facts.records());
                }
            } else if (window.judges(minute) && isErased(log, block, facts)) {
                report.erased.add(facts.records());
            } else if (window.judges(minute) && !window.isSettled(minute)) {
                report.recent.add(facts.records());
            } else if (window.judges(minute)) {
                if (gap != null && !gap.goesOn(block, facts)) {
                    gap.tell();
                    gap = null;
                }
                gap = gap == null ? new Gap(log, facts.group(), block) : gap;
                gap.add(block, facts);
            }
        }
        if (gap != null) {
            gap.tell();
        }
    }

    /** Whether nothing is left of the block, and nothing should be. */
    private boolean isErased(Log log, long block, Facts facts) {
        Erasures.Erased erased = erased(log, block);
        return erased != null && erased.isAllOf(facts.records());
    }

    private Erasures.Erased erased(Log log, long block) {
        return erasures.of(log.id.incarnation(), log.id.log(), block);
    }

    private void tellPending(Log log) {
        for (int run = 0; run < log.kept.runs(); run++) {
            for (long block = log.kept.from(run); block <= log.kept.to(run); block++) {
                if (log.complete.contains(block) || log.parked.contains(block) || log.open.find(block) >= 0) {
                    continue;
                }
                if (log.empty.contains(block)) {
                    report.emptyBlocks++;
                } else if (!log.sealed.contains(block) || log.unmarked.contains(block)) {
                    report.pendingBlocks++;
                } else if (window.isAll()) {
                    // Of a part of the hours nobody knows whether it lies in another.
                    report.unheardBlocks++;
                }
            }
        }
    }

    /** Bytes of all that is remembered. */
    long bytes() {
        long bytes = 0;
        for (Log log : logs.values()) {
            bytes += log.open.bytes() + log.complete.bytes() + log.parked.bytes();
            bytes += log.kept.bytes() + log.sealed.bytes() + log.unmarked.bytes() + log.empty.bytes();
        }
        return bytes;
    }

    /** Blocks of which one side has come. */
    long open() {
        long open = 0;
        for (Log log : logs.values()) {
            open += log.open.size();
        }
        return open;
    }

    private Log log(UUID incarnation, int number) {
        if (last == null || last.id.log() != number || !last.id.incarnation().equals(incarnation)) {
            last = logs.computeIfAbsent(new LogId(incarnation, number), Log::new);
        }
        return last;
    }

    private static String name(Log log, long block) {
        return "block " + block + " of log " + log.id.log() + " of " + log.id.incarnation();
    }

    /** Missing blocks of one group with numbers in a row. */
    private final class Gap {

        private final Log log;
        private final int group;
        private final long firstBlock;
        private long lastBlock;
        private int lastRecords;
        private long blocks;
        private long records;
        private long kept;

        Gap(Log log, int group, long firstBlock) {
            this.log = log;
            this.group = group;
            this.firstBlock = firstBlock;
        }

        boolean goesOn(long block, Facts facts) {
            return block == lastBlock + 1 && facts.group() == group;
        }

        void add(long block, Facts facts) {
            lastBlock = block;
            lastRecords = facts.records();
            blocks++;
            records += facts.records();
            kept += log.kept.contains(block) ? 1 : 0;
        }

        void tell() {
            report.gap(new Report.Gap(
                    groupName(group),
                    new Position(log.id.incarnation(), log.id.log(), firstBlock, 0),
                    new Position(log.id.incarnation(), log.id.log(), lastBlock, lastRecords - 1),
                    blocks,
                    records,
                    kept));
        }
    }
}
