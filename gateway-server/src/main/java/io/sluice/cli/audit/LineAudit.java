package io.sluice.cli.audit;

import io.sluice.cli.objects.LineFields;
import io.sluice.cli.objects.LineWalker;
import io.sluice.json.Scanner;
import io.sluice.privacy.Auditor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Looks at lines, and puts down what leaked. One thread. */
final class LineAudit {

    /** Names of members whose printed form is remembered. */
    private static final int MAX_NAMES = 10_000;

    /** Paths of times, which the gateway has written. */
    private static final Set<List<String>> TIMES = Set.of(List.of("rt"), List.of("st"));

    private final Auditor auditor;
    private final Findings findings;
    private final LineWalker walker = new LineWalker();
    private final Map<String, String> printable = new HashMap<>();
    private boolean leaked;

    LineAudit(Auditor auditor, Findings findings) {
        this.auditor = auditor;
        this.findings = findings;
    }

    /** @return false if it is no JSON */
    boolean look(byte[] bytes, int from, int to) {
        findings.lines++;
        int length = to - from;
        byte[] line = Arrays.copyOf(Arrays.copyOfRange(bytes, from, to), length + Scanner.PADDING);
        OwnFields.blot(line, length);
        int end = length > 0 && line[length - 1] == '\n' ? length - 1 : length;
        if (auditor.isClean(line, end)) {
            return true;
        }
        String shop = LineFields.shop(line, 0, end);
        leaked = false;
        boolean json = walker.walk(line, 0, end, new LineWalker.Visitor() {
            @Override
            public void value(List<String> path, String text, int begin, int behind) {
                if (TIMES.contains(path) && line[begin] != '"') {
                    return;
                }
                // A name that is personal itself is told of as such, and no more with every value behind it.
                List<String> shown = printable(path);
                auditor.value(shown, line, begin, behind, (kind, example) -> found(kind, shop, shown, "", example));
            }

            @Override
            public void name(List<String> path, int begin, int behind) {
                List<String> outer = printable(path.subList(0, path.size() - 1));
                auditor.name(line, begin, behind, (kind, example) -> found(kind, shop, outer, " (a name)", example));
            }
        });
        if (!json) {
            byte[] text = asText(line, end);
            auditor.value(
                    List.of("line"),
                    text,
                    0,
                    text.length,
                    (kind, example) -> found(kind, "?", List.of(), "(no JSON)", example));
        }
        findings.leakedLines += leaked ? 1 : 0;
        return json;
    }

    /** The line as one string of JSON; what it is made of is anybody's guess. */
    private static byte[] asText(byte[] line, int end) {
        String text = new String(line, 0, end, StandardCharsets.UTF_8)
                .replaceAll("[\"\\p{Cntrl}]", " ")
                .replace("\\", "\\\\");
        return ('"' + text + '"').getBytes(StandardCharsets.UTF_8);
    }

    private void found(String kind, String shop, List<String> path, String what, String example) {
        leaked = true;
        findings.found(new Findings.Row(kind, shop, String.join(".", path) + what), example);
    }

    private List<String> printable(List<String> path) {
        List<String> shown = new ArrayList<>(path.size());
        for (String name : path) {
            shown.add(printable(name));
        }
        return shown;
    }

    /** The name, unless it is personal itself. */
    private String printable(String name) {
        String known = printable.get(name);
        if (known != null) {
            return known;
        }
        byte[] text = ("\"" + name.replaceAll("[\"\\\\\\p{Cntrl}]", "_") + "\"").getBytes(StandardCharsets.UTF_8);
        boolean[] personal = new boolean[1];
        auditor.name(text, 0, text.length, (kind, example) -> personal[0] = true);
        String shown = personal[0] ? "[name]" : new String(text, 1, text.length - 2, StandardCharsets.UTF_8);
        if (printable.size() < MAX_NAMES) {
            printable.put(name, shown);
        }
        return shown;
    }
}
