package io.sluice.cli.erase;

import io.sluice.delivery.manifest.ManifestLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What was looked at, found and done. One thread. Keeps {@value #MAX_KEPT} problems at most, and counts all. */
final class Tally {

    private static final int MAX_KEPT = 1000;

    /** Objects, older versions included, and their bytes. */
    long objectsRead;

    long bytesRead;

    /** The person's lines in objects as readers see them, by shop; where those lie; and how many blocks these are. */
    final Map<String, Long> lines = new TreeMap<>();

    long objects;
    long blocks;
    /** Versions that no reader sees any more, and the person's lines in them. */
    long olderVersions;

    long olderLines;

    /** In the journal: the person's lines in what is only kept, and segments that hold them, and are given up. */
    long keptLines;

    long keptSegments;
    /** The person's lines that are still owed to somebody, or lie in the journal of a living process. */
    long journalLinesLeft;

    /** Of those, what a living process holds; and what is not delivered, or lies beside that. A line may be both. */
    long journalLinesHeld;

    long journalLinesOwed;

    /** What an interrupted run has left beside objects. */
    long unfinishedFiles;

    private final List<String> problems = new ArrayList<>();
    private long allProblems;

    void found(Map<String, Long> found) {
        found.forEach((shop, count) -> lines.merge(shop, count, Long::sum));
    }

    long allLines() {
        long all = 0;
        for (long count : lines.values()) {
            all += count;
        }
        return all;
    }

    void problem(String what) {
        allProblems++;
        if (problems.size() < MAX_KEPT) {
            problems.add(what);
        }
    }

    /** Members of an object of JSON, the first comma included: how much, and of which shops; not of whom. */
    void appendTo(StringBuilder line) {
        line.append(",\"lines\":").append(allLines()).append(",\"shops\":{");
        String between = "";
        for (Map.Entry<String, Long> shop : lines.entrySet()) {
            line.append(between)
                    .append(ManifestLine.quoted(shop.getKey()))
                    .append(':')
                    .append(shop.getValue());
            between = ",";
        }
        line.append("},\"blocks\":").append(blocks);
        line.append(",\"objects\":").append(objects);
        line.append(",\"olderVersions\":").append(olderVersions);
        line.append(",\"journalLines\":").append(keptLines);
        line.append(",\"journalSegments\":").append(keptSegments);
        line.append(",\"journalLinesLeft\":").append(journalLinesLeft);
        line.append(",\"problems\":").append(allProblems);
    }

    List<String> problems() {
        return problems;
    }

    long allProblems() {
        return allProblems;
    }
}
