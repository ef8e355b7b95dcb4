package io.sluice.prove;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** The proof as Markdown. Stateless. */
final class MarkdownReport {

    private MarkdownReport() {}

    static String render(Proof proof) {
        StringBuilder text = new StringBuilder("# Nothing acknowledged is ever lost\n\n");
        text.append(String.format(
                Locale.ROOT,
                "Written by `scripts/prove` at %s, after %d min %d s, with seed %d, on %s.%n%n",
                proof.began().truncatedTo(ChronoUnit.SECONDS),
                proof.took().toMinutes(),
                proof.took().toSecondsPart(),
                proof.plan().seed(),
                proof.machine().text()));
        text.append(String.format(
                Locale.ROOT, """
                Each row has a gateway process that delivers to the lab, and a load of %,.0f events a second that does
                not wait for it. A fault begins while it runs, lasts %.0f s unless said otherwise, and ends; then
                everything that was answered with 2xx must lie among the objects. The same as a page, with charts:
                [PROOF.html](PROOF.html).

                """, proof.plan().eventsPerSecond(), proof.plan().seconds()));
        row(text, Table.HEAD);
        text.append("|---|").append("---:|".repeat(Table.HEAD.size() - 2)).append("---|\n");
        for (Outcome outcome : proof.outcomes()) {
            row(text, Table.cells(outcome));
        }
        text.append("""

                | column | meaning |
                |---|---|
                | sent, acked | events sent; of those, answered with 2xx |
                | delivered | different events found in the objects; more than acked, if an answer was lost |
                | lost | acked and not found: must be 0 |
                | duplicates, allowed | records of an event beyond its first; those that the row allows, see below |
                | phantom | records that were never sent: must be 0 |
                | reconciled | blocks that manifests tell of and that lie in the objects as told; `NO` if \
                `sluice reconcile --full --journal` finds a gap, a mismatch, or a block nobody heard of again |
                | longest stall | the longest time without an ack |
                | recovered in | from the end of a fault until events are acknowledged at their rate for half a second, \
                and no undelivered line is older than 2 s; where a row has many faults, the longest |

                ## The rows

                """);
        for (Outcome outcome : proof.outcomes()) {
            text.append("**").append(outcome.row().title()).append("** (`");
            text.append(outcome.row().name())
                    .append("`): ")
                    .append(outcome.row().about());
            text.append(" May be delivered twice: ")
                    .append(outcome.row().duplicates().text())
                    .append('.');
            if (!outcome.notes().isEmpty()) {
                text.append(" Seen: ")
                        .append(String.join(", ", outcome.notes()))
                        .append('.');
            }
            text.append("\n\n");
            for (String problem : outcome.problems()) {
                text.append("    ").append(problem.replace("\n", "\n    ")).append("\n\n");
            }
        }
        return text.append("```\n").append(proof.result()).append("\n```\n").toString();
    }

    private static void row(StringBuilder text, List<String> cells) {
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }
}
