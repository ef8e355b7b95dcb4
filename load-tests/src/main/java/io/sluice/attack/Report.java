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

    /** What a line begins with, while the rest is awaited. */
    static String name(Attack attack) {
        return String.format(Locale.ROOT, "%-19s", attack.name());
    }

    /** The rest of the line. */
    static String line(Outcome outcome) {
        return String.format(
                Locale.ROOT,
                " %,12d (%5.1f %%) %9.1f /%8.1f /%7.1f %8d MiB %,9d  %s",
                outcome.during().served(),
                100 * outcome.during().share(),
                outcome.before().millisAt(99),
                outcome.during().millisAt(99),
                outcome.after().millisAt(99),
                outcome.peakBytes() >> 20,
                outcome.refused(),
                (outcome.held() ? "" : "FAILED: ") + outcome.verdict());
    }

    static String markdown(
            List<Outcome> outcomes, String command, boolean aot, double rate, Instant began, Machine machine) {
        StringBuilder text = new StringBuilder("# Attacks\n\n");
        text.append(String.format(
                Locale.ROOT,
                """
                Each attack on a real gateway with its defaults and a heap of 256 MiB, started %s
                and warmed by batches and single events of ordinary traffic until its compilers take less than a fifth
                of a processor, 8 s at most, which is less than a gateway in production has behind it. Good clients
                go on meanwhile: pixels and small batches, %,.0f requests a second that do not wait for answers, each tenth on a
                new connection. Their latency counts from when a request was due. Seconds of peace, the attack, seconds
                of peace again; attackers come from 500 addresses that no good client has. Good clients, attackers and
                the gateway share the machine, so what attackers and clients take of it is in the latencies, too.

                `%s`, %s, %s.

                An attack has done no harm if the process lives, at least %d %% of good requests are served meanwhile and
                all of them afterwards, their p99 stays below the bound in brackets, memory (resident set, looked at ten
                times a second) below %d MiB, and the laws of the counters hold. *Refused* are connections of attackers
                that were not taken or were ended; where it says (> 0), there must be some. What is wrong while the
                host takes more than %d %% of the processors for other machines may be its doing: such an attack is
                made again, %d times at most, and the verdict says so. [SECURITY.md](SECURITY.md)
                says what stands against each, [LIMITS.md](LIMITS.md) where the limits come from.

                """,
                aot ? "with the AOT cache" : "without an AOT cache",
                rate,
                command,
                began.truncatedTo(ChronoUnit.MINUTES),
                machine.text(),
                Math.round(100 * Outcome.LEAST_SHARE),
                Outcome.MOST_BYTES >> 20,
                Math.round(100 * Outcome.MOST_TAKEN),
                AttackCommand.MOST_AGAIN));
        text.append("| attack | what | good served | p99 before / during / after, ms (bound) | attackers' connections")
                .append(" | refused | peak MiB | verdict |\n|---|---|---|---|---|---|---|---|\n");
        for (Outcome outcome : outcomes) {
            Attack attack = outcome.attack();
            text.append(String.format(
                    Locale.ROOT,
                    "| `%s` | %s%s | %,d, %.2f %% | %.1f / %.1f / %.1f (%d) | %,d | %,d%s | %d | %s |%n",
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
                    attack.toBeRepelled() ? " (> 0)" : "",
                    outcome.peakBytes() >> 20,
                    outcome.held() ? outcome.verdict() : "**" + outcome.verdict() + "**"));
        }
        return text.toString();
    }
}
