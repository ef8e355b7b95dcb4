package io.sluice.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class Uuid7Test {

    private final Uuid7 ids = new Uuid7();

    @Test
    void carriesVersionVariantAndMilliseconds() {
        long millis = 1_763_855_999_123L;
        UUID id = ids.next(millis);
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
        assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(millis);
    }

    @Test
    void ascendsWithinAMillisecondAndNeverRepeats() {
        Set<UUID> seen = new HashSet<>();
        String last = "";
        for (int i = 0; i < 100_000; i++) {
            UUID id = ids.next(1_763_855_999_123L);
            assertThat(seen.add(id)).isTrue();
            assertThat(id.toString()).isGreaterThan(last);
            last = id.toString();
        }
    }

    @Test
    void goesOnAscendingWhenTheClockIsSetBack() {
        String first = ids.next(2_000).toString();
        assertThat(ids.next(1_000).toString()).isGreaterThan(first);
    }

    @Test
    void writesTheTextThatTheJdkReads() {
        byte[] text = new byte[Uuid7.TEXT_LENGTH + 2];
        ids.write(1_763_855_999_123L, text, 1);
        String written = new String(text, 1, Uuid7.TEXT_LENGTH, StandardCharsets.US_ASCII);
        UUID id = UUID.fromString(written);
        assertThat(id.toString()).isEqualTo(written);
        assertThat(id.version()).isEqualTo(7);
        assertThat(id.variant()).isEqualTo(2);
    }
}
