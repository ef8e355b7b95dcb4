package io.sluice.prove;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlanTest {

    private static final int ROWS = Matrix.rows().size();

    @Test
    void theDefaultKillsAHundredTimesAndTheQuickFormTen() {
        assertThat(plan(10).kills()).isEqualTo(100);
        assertThat(plan(2).kills()).isEqualTo(10);
        assertThat(plan(2).seconds()).isEqualTo(2);
    }

    @Test
    void moreTimeMakesFaultsLonger() {
        double last = 0;
        for (int minutes = 10; minutes <= 240; minutes += 10) {
            assertThat(plan(minutes).seconds()).as("%d minutes", minutes).isGreaterThan(last);
            last = plan(minutes).seconds();
        }
    }

    @Test
    void everyRowHasANameOfItsOwnAndSaysWhatItDoes() {
        Set<String> names = new HashSet<>();
        for (Row row : Matrix.rows()) {
            assertThat(names.add(row.name())).as(row.name()).isTrue();
            assertThat(row.name()).matches("[a-z0-9-]+");
            assertThat(row.about()).isNotBlank();
        }
    }

    private static Plan plan(double minutes) {
        return Plan.of(minutes, ROWS, 1, Path.of("target"), null);
    }
}
