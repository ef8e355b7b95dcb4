package io.sluice.prove;

import io.sluice.process.Machine;
import io.sluice.prove.Outcome.Figures;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.ToLongFunction;

/** All that a run of the matrix has shown. */
record Proof(Instant began, Duration took, Plan plan, Machine machine, List<Outcome> outcomes) {

    boolean good() {
        return outcomes.stream().allMatch(Outcome::good);
    }

    private long sum(ToLongFunction<Figures> of) {
        return outcomes.stream()
                .filter(outcome -> outcome.figures() != null)
                .mapToLong(outcome -> of.applyAsLong(outcome.figures()))
                .sum();
    }

    /** {@code ?} where a row broke off: what was acknowledged in it was never looked for. */
    private String lost() {
        boolean unjudged = outcomes.stream().anyMatch(outcome -> !outcome.good() && outcome.figures() == null);
        long lost = sum(Figures::lost);
        return unjudged && lost == 0 ? "?" : Long.toString(lost);
    }

    /** The line for scripts. */
    String result() {
        return "RESULT name=prove faults=" + outcomes.size() + " lost=" + lost() + " duplicates="
                + sum(Figures::duplicates) + " phantom=" + sum(Figures::phantom) + " failed="
                + outcomes.stream().filter(outcome -> !outcome.good()).count() + " sent=" + sum(Figures::sent)
                + " acked=" + sum(Figures::acked) + " delivered=" + sum(Figures::delivered) + " seed=" + plan.seed();
    }
}
