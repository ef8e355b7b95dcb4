package io.sluice.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class WarmthTest {

    @Test
    void aProcessIsWarmWhenItsCompilersTakeLittleOfItsTime() {
        assertThat(Warmth.compiled(used(2, 0))).isTrue();
        assertThat(Warmth.compiled(used(2, 1))).isFalse();
        assertThat(Warmth.compiled(used(0, 50))).isFalse();
    }

    /** One that did nothing at all has not been warmed by anything. */
    @Test
    void aProcessThatDoesNothingIsNotWarm() {
        assertThat(Warmth.compiled(new CpuUse(CpuTime.NONE, Map.of()))).isFalse();
    }

    /** @return of a process that took 100 ms, so many of them in each compiler */
    private static CpuUse used(long c1, long c2) {
        return new CpuUse(
                millis(100),
                Map.of("C1 CompilerThre", millis(c1), "C2 CompilerThre", millis(c2), "loop-0", millis(100 - c1 - c2)));
    }

    private static CpuTime millis(long millis) {
        return new CpuTime(millis * 1_000_000, 0);
    }
}
