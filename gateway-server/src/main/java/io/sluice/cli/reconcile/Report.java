package io.sluice.cli.reconcile;

import io.sluice.cli.objects.ShopCounts;
import io.sluice.common.Position;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came out, for people and for programs.
 *
 * <pre>
 *   expected = found + erased + mismatched + missing + recent    blocks, and the records that their manifests tell of
 * </pre>
 *
 * <p>One thread. Keeps {@value #MAX_KEPT} gaps and problems at most, and counts all.
 */
final class Report {

    private static final int MAX_KEPT = 1000;

    private static final int FLUSH_CHARACTERS = 1 << 16;

    /** Blocks, and the records in them. */
    static final class Count {
        long blocks;
        long records;

        void add(long more) {
            blocks++;
            records += more;
        }
    }

    /**
     * Blocks that are missing.
     *
     * @param first position of the first record
     * @param last position of the last
     * @param keptBlocks of them, how many the journal still holds
     */
    record Gap(String group, Position first, Position last, long blocks, long records, long keptBlocks) {}

    /**
     * @param erased one number: lines that tombstones tell of
     * @param minutes since the epoch, of each the lines accepted and rejected; empty unless they were asked for
     */
    private record Lines(long[] expected, long[] found, long[] erased, Map<Long, long[]> minutes) {}

    private final boolean full;

    final Count expected = new Count();
    final Count found = new Count();
    final Count missing = new Count();
    final Count mismatched = new Count();
    final Count duplicates = new Count();
    final Count withoutManifest = new Count();
    final Count manifestPending = new Count();
    final Count recent = new Count();
    final Count parked = new Count();
    /** Blocks of which nothing is left, and all records that were taken out, as tombstones tell. */
    final Count erased = new Count();
    /** Copies of blocks that hold what was to be taken out. */
    long unerased;

    long pendingBlocks;
    /** Delivered, as the journal says, and neither they nor their manifests are there. */
    long unheardBlocks;
    /** Of which the journal holds an end and no line, since the disk refused every one. */
    long emptyBlocks;
    /** Objects that end early, or are not what they seem, and lines that are none of the gateway's. */
    long damaged;
    /** Blocks whose first line has no position. */
    long foreign;

    long unknownManifests;
    long objects;
    long bytes;

    private final List<Gap> gaps = new ArrayList<>();
    private long allGaps;
    private final List<String> problems = new ArrayList<>();
    private long allProblems;
    private final Map<String, Lines> shops = new TreeMap<>();

    Report(boolean full) {
        this.full = full;
    }

    void gap(Gap gap) {
        missing.blocks += gap.blocks();
        missing.records += gap.records();
        allGaps++;
        if (gaps.size() < MAX_KEPT) {
            gaps.add(gap);
        }
    }

    void mismatched(String what, long records) {
        mismatched.add(records);
        problem(what);
    }

    void unerased(String what) {
        unerased++;
        problem(what);
    }

    void damaged(String what) {
        damaged++;
        problem(what);
    }

    void problem(String what) {
        allProblems++;
        if (problems.size() < MAX_KEPT) {
            problems.add(what);
        }
    }

    void expectedLines(ShopCounts counts, boolean rejected) {
        int kind = rejected ? 1 : 0;
        counts.forEach((shop, lines) -> lines(shop).expected[kind] += lines);
        counts.forEachMinute(
                (shop, minute, lines) -> lines(shop).minutes.computeIfAbsent(minute, m -> new long[2])[kind] += lines);
    }

    void foundLines(ShopCounts counts, boolean rejected) {
        counts.forEach((shop, lines) -> lines(shop).found[rejected ? 1 : 0] += lines);
    }

    /** Of a block that lost lines: how many there were of each shop, and how many are left. */
    void erasedLines(ShopCounts counts, Map<String, Long> left) {
        counts.forEach((shop, lines) -> lines(shop).erased[0] += lines - left.getOrDefault(shop, 0L));
    }

    private Lines lines(String shop) {
        return shops.computeIfAbsent(shop, name -> new Lines(new long[2], new long[2], new long[1], new TreeMap<>()));
    }

    boolean isGood() {
        return allGaps == 0 && allProblems == 0;
    }

    void print(PrintWriter out) {
        for (Gap gap : gaps) {
            out.println("gap: group " + gap.group + ", " + gap.blocks + " blocks, " + gap.records + " records, "
                    + gap.first + " to " + gap.last
                    + (gap.keptBlocks > 0 ? "; the journal still holds " + gap.keptBlocks + " of the blocks" : ""));
        }
        more(out, allGaps - gaps.size(), "gaps");
        problems.forEach(problem -> out.println("problem: " + problem));
        more(out, allProblems - problems.size(), "problems");
        if (!isGood()) {
            out.println();
        }
        out.printf(Locale.ROOT, "%-18s %14s %16s%n", "", "blocks", "records");
        row(out, "expected", expected, "in manifests");
        row(out, "found", found, "of them, in objects, as their manifests say");
        row(out, "erased", erased, "taken out on request, as tombstones tell; blocks: those of which nothing is left");
        row(out, "missing", missing, "of them, in no object: gaps");
        row(out, "mismatched", mismatched, "in objects, other than their manifests say");
        row(out, "recent", recent, "of those expected, delivered so lately that no object need hold them");
        row(out, "duplicates", duplicates, "copies beyond the first: readers drop them by pos");
        row(out, "parked", parked, "refused for ever, kept apart");
        row(out, "without manifest", withoutManifest, "in objects; nothing tells what they should be");
        row(out, "manifest pending", manifestPending, "in objects, and still in the journal");
        out.printf(Locale.ROOT, "%-18s %14d %16s  %s%n", "pending", pendingBlocks, "", "in the journal only");
        out.printf(
                Locale.ROOT,
                "%-18s %14d %16s  %s%n",
                "unheard",
                unheardBlocks,
                "",
                "delivered, says the journal, and neither in objects nor in manifests");
        out.printf(
                Locale.ROOT,
                "%-18s %14d %16s  %s%n",
                "empty",
                emptyBlocks,
                "",
                "ended in the journal without a line: the disk refused all of them");
        out.printf(Locale.ROOT, "%-18s %14d %16s  %s%n", "foreign", foreign, "", "in objects, without a position");
        out.println();
        out.println("objects " + objects + ", " + bytes + " bytes; damaged " + damaged + "; manifests of unknown kind "
                + unknownManifests);
        out.println();
        printShops(out);
        out.println();
        out.println(verdict());
    }

    private String verdict() {
        if (isGood()) {
            return "everything that the manifests tell of is there";
        }
        List<String> wrong = new ArrayList<>();
        wrong(wrong, missing.blocks, "blocks missing");
        wrong(wrong, mismatched.blocks, "blocks other than told");
        wrong(wrong, damaged, "objects, blocks or lines damaged");
        wrong(wrong, unerased, "blocks with lines that were to be erased: run the erasure again");
        wrong(wrong, allProblems - mismatched.blocks - damaged - unerased, "other problems");
        boolean complete = allGaps == 0 && allProblems == damaged + unerased;
        return (complete
                        ? "all that the manifests tell of is there, and NOT all is good: "
                        : "NOT everything is there: ")
                + String.join(", ", wrong);
    }

    private static void wrong(List<String> wrong, long times, String what) {
        if (times > 0) {
            wrong.add(times + " " + what);
        }
    }

    private void printShops(PrintWriter out) {
        int width = "shop".length();
        for (String shop : shops.keySet()) {
            width = Math.max(width, shop.length());
        }
        String text = "%-" + width + "s ";
        out.printf(Locale.ROOT, text + "%16s %16s %16s", "shop", "accepted", "rejected", "erased of these");
        out.printf(full ? " %16s %16s%n" : "%n", "accepted found", "rejected found");
        shops.forEach((shop, lines) -> {
            out.printf(
                    Locale.ROOT, text + "%16d %16d %16d", shop, lines.expected[0], lines.expected[1], lines.erased[0]);
            if (full) {
                out.printf(Locale.ROOT, " %16d %16d", lines.found[0], lines.found[1]);
            }
            out.println();
        });
    }

    private static void more(PrintWriter out, long more, String what) {
        if (more > 0) {
            out.println("… and " + more + " more " + what);
        }
    }

    private static void row(PrintWriter out, String name, Count count, String about) {
        out.printf(Locale.ROOT, "%-18s %14d %16d  %s%n", name, count.blocks, count.records, about);
    }

    /** One object of JSON. Names and values hold nothing that needs escapes but the problems. */
    void printJson(PrintWriter out) {
        StringBuilder json = new StringBuilder(4096);
        json.append("{\"good\":").append(isGood()).append(",\"full\":").append(full);
        count(json, "expected", expected);
        count(json, "found", found);
        count(json, "erased", erased);
        count(json, "missing", missing);
        count(json, "mismatched", mismatched);
        count(json, "recent", recent);
        count(json, "duplicates", duplicates);
        count(json, "parked", parked);
        count(json, "withoutManifest", withoutManifest);
        count(json, "manifestPending", manifestPending);
        json.append(",\"pendingBlocks\":").append(pendingBlocks);
        json.append(",\"unheardBlocks\":").append(unheardBlocks);
        json.append(",\"emptyBlocks\":").append(emptyBlocks);
        json.append(",\"unerased\":").append(unerased);
        json.append(",\"foreign\":").append(foreign);
        json.append(",\"damaged\":").append(damaged);
        json.append(",\"unknownManifests\":").append(unknownManifests);
        json.append(",\"objects\":").append(objects).append(",\"bytes\":").append(bytes);
        json.append(",\"gapCount\":").append(allGaps).append(",\"gaps\":[");
        String between = "";
        for (Gap gap : gaps) {
            json.append(between).append("{\"group\":\"").append(gap.group);
            json.append("\",\"first\":\"")
                    .append(gap.first)
                    .append("\",\"last\":\"")
                    .append(gap.last);
            json.append("\",\"blocks\":")
                    .append(gap.blocks)
                    .append(",\"records\":")
                    .append(gap.records);
            json.append(",\"keptBlocks\":").append(gap.keptBlocks).append('}');
            between = ",";
        }
        json.append("],\"problemCount\":").append(allProblems).append(",\"problems\":[");
        between = "";
        for (String problem : problems) {
            json.append(between);
            quote(json, problem);
            between = ",";
        }
        json.append("],\"shops\":{");
        between = "";
        for (Map.Entry<String, Lines> shop : shops.entrySet()) {
            json.append(between);
            quote(json, shop.getKey());
            Lines lines = shop.getValue();
            json.append(":{\"accepted\":").append(lines.expected[0]).append(",\"rejected\":");
            json.append(lines.expected[1]);
            json.append(",\"erased\":").append(lines.erased[0]);
            if (full) {
                json.append(",\"acceptedFound\":").append(lines.found[0]).append(",\"rejectedFound\":");
                json.append(lines.found[1]);
            }
            String comma = ",\"minutes\":{";
            for (Map.Entry<Long, long[]> minute : lines.minutes.entrySet()) {
                json.append(comma).append('"').append(minute.getKey()).append("\":[");
                json.append(minute.getValue()[0]).append(',').append(minute.getValue()[1]);
                json.append(']');
                comma = ",";
            }
            json.append(lines.minutes.isEmpty() ? "}" : "}}");
            between = ",";
            if (json.length() > FLUSH_CHARACTERS) {
                out.print(json);
                json.setLength(0);
            }
        }
        out.println(json.append("}}"));
    }

    private static void count(StringBuilder json, String name, Count count) {
        json.append(",\"").append(name).append("\":{\"blocks\":").append(count.blocks);
        json.append(",\"records\":").append(count.records).append('}');
    }

    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }
}
