package io.sluice.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.metrics.Metrics;
import io.sluice.metrics.Reason;
import org.junit.jupiter.api.Test;

class OutcomeTest {

    private final Metrics metrics = new Metrics();
    private final Outcome outcome = new Outcome();

    @Test
    void countsEachRejectedEventAlsoThoseThatItDoesNotList() {
        var cells = metrics.newCells();
        for (int i = 0; i < 250; i++) {
            outcome.reject(i, i < 150 ? Reason.EVENT_MISSING : Reason.TOO_DEEP, 0);
        }

        outcome.countRejected(cells);

        assertThat(outcome.listed()).isEqualTo(Outcome.MAX_LISTED);
        assertThat(metrics.total(Reason.EVENT_MISSING)).isEqualTo(150);
        assertThat(metrics.total(Reason.TOO_DEEP)).isEqualTo(100);
    }

    @Test
    void forgetsTheRejectedEventsOfTheRequestBefore() {
        var cells = metrics.newCells();
        outcome.reject(0, Reason.EVENT_MISSING, 0);
        outcome.clear();
        outcome.countRejected(cells);
        outcome.reject(0, Reason.TOO_DEEP, 0);

        outcome.countRejected(cells);

        assertThat(metrics.total(Reason.EVENT_MISSING)).isZero();
        assertThat(metrics.total(Reason.TOO_DEEP)).isEqualTo(1);
    }
}
