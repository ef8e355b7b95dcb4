package io.sluice.load.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

final class CapturesTest {

    private final Captures captures = Captures.read();

    @Test
    void batchesAreTakenApartIntoTheirEvents() {
        // 49 requests were recorded, many of them batches.
        assertThat(captures.size()).isGreaterThan(80);
    }

    @Test
    void eachIsOneObjectAndSeldomTheSameTwice() {
        SplittableRandom random = new SplittableRandom(7);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 2_000; i++) {
            String event = captures.any(random);
            assertThat(event).startsWith("{").endsWith("}");
            assertThat(event.chars().filter(c -> c == '{').count())
                    .as(event)
                    .isEqualTo(event.chars().filter(c -> c == '}').count());
            seen.add(event);
        }
        assertThat(seen).hasSizeGreaterThan(1_800);
    }
}
