package io.sluice.attack;

import io.sluice.process.Machine;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** The outcomes in words: for the terminal, and as docs/ATTACKS.md. Stateless. */
final class Report {

    private Report() {}

    static String header() {
        return String.format(
                Locale.ROOT,
                "%-19s %22s %26s %12s %9s  %s",
                "attack",
                "good served: during",
                "p99 ms: before/during/after",
                "peak memory",
                "refused",
                "verdict");
    }

    static String line(Outcome outcome) {
        return String.format(
                Locale.ROOT,
                "%-19s %,12d (%5.1f %%) %9.1f /%8.1f /%7.1f %8d MiB %,9d  %s",
                outcome.attack().name(),
                outcome.during().served(),
                100 * outcome.during().share(),
                outcome.before().millisAt(99),
                outcome.during().millisAt(99),
                outcome.after().millisAt(99),
                outcome.peakBytes() >> 20,
                outcome.refused(),
                outcome.held() ? "held" : "FAILED: " + String.join("; ", outcome.faults()));
    }

    static String markdown(List<Outcome> outcomes, String command, double rate, Instant began, Machine machine) {
        StringBuilder text = new StringBuilder("# Attacks\n\n");
        text.append(
                        "Each attack on a real gateway with its defaults, while good clients go on: pixels and small batches,")
                .append(String.format(Locale.ROOT, " %,.0f requests a second", rate))
                .append(
                        " that do not wait for answers, each tenth on a new connection. Good clients, attackers and the")
                .append(" gateway share the machine. `")
                .append(command)
                .append("`, ")
                .append(began.truncatedTo(ChronoUnit.MINUTES))
                .append(", ")
                .append(machine.text())
                .append(".\n\n");
        text.append("An attack has failed to do harm if the process lives, at least ")
                .append(Math.round(100 * Outcome.LEAST_SHARE))
                .append(
                        " % of good requests are served meanwhile and all of them afterwards, their p99 stays below the")
                .append(" bound, memory below ")
                .append(Outcome.MOST_BYTES >> 20)
                .append(" MiB, and the laws of the counters hold.\n\n");
        text.append("| attack | what | good served | p99 before / during / after, ms (bound) | attackers' connections")
                .append(" | refused | peak MiB | verdict |\n|---|---|---|---|---|---|---|---|\n");
        for (Outcome outcome : outcomes) {
            Attack attack = outcome.attack();
            text.append(String.format(
                    Locale.ROOT,
                    "| `%s` | %s%s | %,d, %.2f %% | %.1f / %.1f / %.1f (%d) | %,d | %,d | %d | %s |%n",
                    attack.name(),
                    attack.about(),
                    attack.known().isEmpty() ? "" : " (" + attack.known() + ")",
                    outcome.during().served(),
                    100 * outcome.during().share(),
                    outcome.before().millisAt(99),
                    outcome.during().millisAt(99),
                    outcome.after().millisAt(99),
                    attack.most(),
                    outcome.connections(),
                    outcome.refused(),
                    outcome.peakBytes() >> 20,
                    outcome.held() ? "held" : "**" + String.join("; ", outcome.faults()) + "**"));
        }
        return text.toString();
    }
}
