package io.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ladder.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class SyncProbeTest {

    /** On a disk: what is in memory takes no writes past the page cache. */
    private final Path file = Path.of("target/sync-probe");

    @Test
    void syncsAsOftenAsItIsToldAndLeavesNothingBehind() throws Exception {
        Figures figures = new Figures();
        SyncProbe probe = SyncProbe.start(file, 200);
        while (probe.count() < 20) {
            Thread.onSpinWait();
        }
        probe.end(figures);
        assertThat(figures.of("probe_p50_ms")).isPositive();
        assertThat(figures.of("probe_p999_ms")).isGreaterThanOrEqualTo(figures.of("probe_p99_ms"));
        assertThat(figures.of("probe_p99_ms")).isGreaterThanOrEqualTo(figures.of("probe_p50_ms"));
        assertThat(figures.of("probe_due_p999_ms")).isGreaterThanOrEqualTo(figures.of("probe_p999_ms"));
        assertThat(file).doesNotExist();
    }

    @Test
    void doesNothingWhereNobodyWantsIt() throws Exception {
        Figures figures = new Figures();
        SyncProbe.start(file, 0).end(figures);
        assertThat(figures.toString()).isEmpty();
        assertThat(Files.exists(file)).isFalse();
    }

    @Test
    void whereThereIsNoFileItDoesNotStart() {
        assertThatThrownBy(() -> SyncProbe.start(Path.of("target/no/such/directory/probe"), 100))
                .isInstanceOf(IOException.class);
    }

    @Test
    void endsWithTheRunThatFails() throws Exception {
        SyncProbe probe = SyncProbe.start(file, 200);
        try (probe) {
            assertThat(file).exists();
        }
        long count = probe.count();
        assertThat(file).doesNotExist();
        probe.close();
        assertThat(probe.count()).isEqualTo(count);
    }
}
