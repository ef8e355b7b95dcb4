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
import java.util.regex.Pattern;

/** Looks at lines, and puts down what leaked. One thread. */
final class LineAudit {

    /** Names of members whose printed form is remembered. */
    private static final int MAX_NAMES = 10_000;

    /** Paths of times, which the gateway has written. */
    private static final Set<List<String>> TIMES = Set.of(List.of("rt"), List.of("st"));

    /** What the gateway has written of why an event was not kept whole. */
    private static final List<String> CONSENT = List.of("consent");

    private static final Pattern CONSENT_NOTE = Pattern.compile("(?:anonymised|counted):[a-z-]{1,16}");

    private final Auditors auditors;
    /** Tells of names whether they may be printed. */
    private final Auditor names;

    private final Findings findings;
    private final LineWalker walker = new LineWalker();
    private final Map<String, String> printable = new HashMap<>();
    private boolean leaked;

    LineAudit(Auditors auditors, Auditor names, Findings findings) {
        this.auditors = auditors;
        this.names = names;
        this.findings = findings;
    }

    /** @return false if it is no JSON */
    boolean look(byte[] bytes, int from, int to) {
        findings.lines++;
        int length = to - from;
        byte[] line = Arrays.copyOf(Arrays.copyOfRange(bytes, from, to), length + Scanner.PADDING);
        OwnFields.blot(line, length);
        int end = length > 0 && line[length - 1] == '\n' ? length - 1 : length;
        String shop = LineFields.shop(line, 0, end);
        Auditor auditor = auditors.of(LineFields.policy(line, 0, end), shop);
        if (auditor.isClean(line, end)) {
            return true;
        }
        leaked = false;
        boolean json = walker.walk(line, 0, end, new LineWalker.Visitor() {
            @Override
            public void value(List<String> path, String text, int begin, int behind) {
                if (TIMES.contains(path) && line[begin] != '"'
                        || path.equals(CONSENT) && CONSENT_NOTE.matcher(text).matches()) {
                    return;
                }
                // A name that is personal itself is told of as such, and no more with every value behind it.
                List<String> shown = printable(path);
                auditor.value(
                        shown,
                        line,
                        begin,
                        behind,
                        (kind, example, possible) -> found(kind, shop, shown, "", example, possible));
            }

            @Override
            public void name(List<String> path, int begin, int behind) {
                List<String> outer = printable(path.subList(0, path.size() - 1));
                auditor.name(
                        line,
                        begin,
                        behind,
                        (kind, example, possible) -> found(kind, shop, outer, " (a name)", example, possible));
            }
        });
        if (!json) {
            byte[] text = asText(line, end);
            auditor.value(
                    List.of("line"),
                    text,
                    0,
                    text.length,
                    (kind, example, possible) -> found(kind, "?", List.of(), "(no JSON)", example, possible));
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

    private void found(String kind, String shop, List<String> path, String what, String example, boolean possible) {
        leaked |= !possible || findings.isBroad();
        findings.found(new Findings.Row(kind, shop, String.join(".", path) + what, possible), example);
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
        names.name(text, 0, text.length, (kind, example, possible) -> personal[0] = true);
        String shown = personal[0] ? "[name]" : new String(text, 1, text.length - 2, StandardCharsets.UTF_8);
        if (printable.size() < MAX_NAMES) {
            printable.put(name, shown);
        }
        return shown;
    }
}
