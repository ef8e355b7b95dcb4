package io.sluice.cli.audit;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** What came out of an audit, by kind, shop and path; what leaked apart from what only may have. One thread. */
final class Findings {

    /** Rows kept apart; what is beyond is counted. */
    static final int MAX_ROWS = 10_000;

    private static final int MAX_PROBLEMS = 1000;

    /** @param possible whether it is a number of digits alone that may be a person's, or an article's */
    record Row(String kind, String shop, String path, boolean possible) implements Comparable<Row> {

        @Override
        public int compareTo(Row other) {
            if (possible != other.possible) {
                return possible ? 1 : -1;
            }
            int byKind = kind.compareTo(other.kind);
            int byShop = byKind != 0 ? byKind : shop.compareTo(other.shop);
            return byShop != 0 ? byShop : path.compareTo(other.path);
        }
    }

    private static final class Count {
        final String example;
        long times;

        Count(String example) {
            this.example = example;
        }
    }

    long objects;
    long skipped;
    long bytes;
    long lines;
    long leakedLines;
    private final boolean broad;
    private long all;
    private long possible;
    private long beyond;
    private final Map<Row, Count> rows = new HashMap<>();
    private final List<String> problems = new ArrayList<>();
    private long allProblems;

    /** @param broad whether what is only possible counts as a leak */
    Findings(boolean broad) {
        this.broad = broad;
    }

    boolean isBroad() {
        return broad;
    }

    void found(Row row, String example) {
        if (row.possible && !broad) {
            possible++;
        } else {
            all++;
        }
        Count count = rows.get(row);
        if (count == null) {
            if (rows.size() == MAX_ROWS) {
                beyond++;
                return;
            }
            count = new Count(example);
            rows.put(row, count);
        }
        count.times++;
    }

    void problem(String what) {
        allProblems++;
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(what);
        }
    }

    boolean isClean() {
        return all == 0;
    }

    boolean isComplete() {
        return allProblems == 0;
    }

    /** Whether nothing is known, since nothing could be read. */
    private boolean isUnread() {
        return lines == 0 && !isComplete();
    }

    void print(PrintWriter out) {
        problems.forEach(problem -> out.println("problem: " + problem));
        if (allProblems > problems.size()) {
            out.println("… and " + (allProblems - problems.size()) + " more problems");
        }
        for (Row row : sorted()) {
            Count count = rows.get(row);
            out.println((row.possible ? "possible " : "") + row.kind + ": shop " + row.shop + ", " + row.path + ": "
                    + count.times + " times, such as " + count.example);
        }
        if (beyond > 0) {
            out.println("… and " + beyond + " more findings elsewhere");
        }
        out.println("objects " + objects + (skipped > 0 ? " (and " + skipped + " left out)" : "") + ", " + bytes
                + " bytes, lines " + lines + "; findings " + all + ", in " + leakedLines + " lines"
                + (possible > 0 ? "; possible " + possible : ""));
        String verdict = isUnread()
                ? "nothing was looked at"
                : !isClean()
                        ? "PERSONAL DATA was found"
                        : possible == 0
                                ? "nothing personal was found"
                                : "nothing personal was found but numbers that may be; look at those, or --broad counts"
                                        + " them";
        out.println(isComplete() ? verdict : verdict + ", and NOT everything could be read");
    }

    void printJson(PrintWriter out) {
        StringBuilder json = new StringBuilder(1024);
        json.append("{\"clean\":")
                .append(isClean() && !isUnread())
                .append(",\"complete\":")
                .append(isComplete());
        json.append(",\"objects\":").append(objects).append(",\"leftOut\":").append(skipped);
        json.append(",\"bytes\":").append(bytes).append(",\"lines\":").append(lines);
        json.append(",\"leakedLines\":")
                .append(leakedLines)
                .append(",\"findingCount\":")
                .append(all)
                .append(",\"possibleCount\":")
                .append(possible);
        json.append(",\"findings\":[");
        String between = "";
        for (Row row : sorted()) {
            Count count = rows.get(row);
            json.append(between).append("{\"kind\":").append(quoted(row.kind));
            json.append(",\"shop\":")
                    .append(quoted(row.shop))
                    .append(",\"path\":")
                    .append(quoted(row.path));
            json.append(",\"possible\":").append(row.possible);
            json.append(",\"count\":")
                    .append(count.times)
                    .append(",\"example\":")
                    .append(quoted(count.example));
            json.append('}');
            between = ",";
        }
        json.append("],\"problemCount\":").append(allProblems).append(",\"problems\":[");
        between = "";
        for (String problem : problems) {
            json.append(between).append(quoted(problem));
            between = ",";
        }
        out.println(json.append("]}"));
    }

    private List<Row> sorted() {
        return rows.keySet().stream().sorted().toList();
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < ' ') {
                quoted.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
