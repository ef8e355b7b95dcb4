package io.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BillingTest {

    private static final double GIB = 1L << 30;

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 5120", "5120, 5120", "5121, 10240", "1024000, 1024000"})
    void aRecordIsRoundedUpToFiveKilobytes(long payload, long billed) {
        assertThat(Billing.billed(payload)).isEqualTo(billed);
    }

    @Test
    void theFirst500TerabytesCostMost() {
        assertThat(Billing.usd(GIB)).isEqualTo(0.029);
        assertThat(Billing.usd(512_000 * GIB)).isCloseTo(14_848, within(1e-6));
        assertThat(Billing.usd(512_001 * GIB)).isCloseTo(14_848.025, within(1e-6));
        // The worked example of 1.296e12 events of 300 bytes a month, each a record of its own.
        assertThat(Billing.usd(1.296e12 * Billing.STEP_BYTES)).isCloseTo(135_884, within(1.0));
    }

    @Test
    void theMeterCountsEachStoredRecordByItself() throws IOException {
        try (RunningLab lab = new RunningLab(directory)) {
            lab.put("a", List.of(RunningLab.record(new byte[1]), RunningLab.record(new byte[5_121])));
            lab.faults("{\"fault\": \"throttle\"}");
            lab.put("a", "refused");
            lab.clock.advance(Duration.ofSeconds(10));
            assertThat(lab.count(Count.BILLED_BYTES)).isEqualTo(3 * 5_120);
            Map<?, ?> billing = (Map<?, ?>) lab.lab.firehose().json().get("billing");
            assertThat((double) billing.get("billedOverPayload")).isCloseTo(3 * 5_120 / 5_122.0, within(1e-9));
            assertThat((double) billing.get("usdPerMonthAtThisRate"))
                    .isCloseTo(3 * 5_120 / 10.0 * 30 * 86_400 / GIB * 0.029, within(1e-9));
        }
    }
}
