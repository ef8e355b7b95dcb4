package io.sluice.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.process.Machine;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which faults may be the host's, and that none is hidden. */
class OutcomeTest {

    private static final Attack BORNE = Attack.of("borne", "does nothing", field -> {});
    /** Nobody is as fast. */
    private static final Attack STRICT = BORNE.within(-1);

    @Test
    void onlyWhatGoodClientsWaitForMayBeTheHostsDoing() {
        assertThat(outcome(STRICT, 1, true, "", 0.2).isDoubtful()).isTrue();
        assertThat(outcome(STRICT, 1, true, "", 0.01).isDoubtful()).isFalse();
        assertThat(outcome(STRICT, 1, false, "", 0.2).isDoubtful()).isFalse();
        assertThat(outcome(STRICT, 1, true, "lines are gone", 0.2).isDoubtful()).isFalse();
        assertThat(outcome(STRICT, Outcome.MOST_BYTES + 1, true, "", 0.2).isDoubtful())
                .isFalse();
        assertThat(outcome(STRICT.repelled(), 1, true, "", 0.2).isDoubtful()).isFalse();
        assertThat(outcome(BORNE, 1, true, "", 0.2).isDoubtful())
                .as("what is not served at all, and nobody served is too few")
                .isTrue();
    }

    @Test
    void theVerdictSaysWhatCameOfItBefore(@TempDir Path directory) throws Exception {
        Outcome first = outcome(STRICT, 1, true, "", 0.2);
        Outcome second = outcome(STRICT, 1, true, "lines are gone", 0.01).behind(first);
        assertThat(second.verdict())
                .startsWith("lines are gone; only 0.0 % of good requests were served; p99")
                .containsSubsequence("; before: only 0.0 %", "above -1", ", while the host took 20 %")
                .doesNotContain("took 1 %");
        assertThat(outcome(STRICT, 1, true, "", 0.1).behind(second).earlier()).containsExactly(first, second);
        assertThat(Report.line(second)).contains("FAILED: lines are gone");
        assertThat(Report.markdown(
                        List.of(second), "scripts/attack", false, 50, Instant.EPOCH, Machine.here(directory)))
                .contains("more than 5 % of the processors", "**lines are gone", "while the host took 20 %**");
    }

    private static Outcome outcome(Attack attack, long peakBytes, boolean alive, String brokenLaws, double taken) {
        GoodClients.Seen nobody = new GoodClients.Seen();
        return new Outcome(attack, nobody, nobody, nobody, 1, 0, peakBytes, alive, brokenLaws, taken, List.of());
    }
}
