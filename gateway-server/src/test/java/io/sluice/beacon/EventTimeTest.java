package io.sluice.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.Scanner;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventTimeTest {

    private static final long NOW = 1_763_769_600_123L;

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1763769600, 1763769600000",
        "1763769600.5, 1763769600500",
        "1763769600.123456, 1763769600123",
        "1999999999, 1999999999000",
        "2000000000, 2000000000000",
        "1000000000000, 1000000000000",
        "1999999999999, 1999999999999",
        "2000000000000, 2000000000000",
        "1763769600123, 1763769600123",
        "1763769600123.99, 1763769600123",
        "2025-11-22T00:00:00Z, 1763769600000",
        "2025-11-22t00:00:00.1234567z, 1763769600123",
        "2025-11-22 01:30:00+01:30, 1763769600000",
        "2025-11-21T19:00:00-0500, 1763769600000",
        "2025-11-22T00:00Z, 1763769600000",
        "2024-02-29T23:59:60Z, 1709251200000",
        "1970-01-01T00:00:00Z, 0",
    })
    void readsATime(String text, long expected) {
        byte[] bytes = padded(text);
        assertThat(EventTime.text(bytes, 0, text.length(), NOW)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-1",
                "1e9",
                "1763769600.",
                ".5",
                "100000000000000",
                "4222222222222",
                "30569309025904",
                "500000000009",
                "2200000000",
                "86095742719",
                "99999999999",
                "1763769600123456789",
                "17637696001234567890",
                "12a",
                "2025-11-22T00:00:00",
                "2025-11-22",
                "2025-13-01T00:00:00Z",
                "2025-02-29T00:00:00Z",
                "2025-00-10T00:00:00Z",
                "2025-04-31T00:00:00Z",
                "2025-11-22T24:00:00Z",
                "2025-11-22T00:60:00Z",
                "2025-11-22T00:00:61Z",
                "2025-11-22T00:00:00.Z",
                "2025-11-22T00:00:00+1",
                "2025-11-22T00:00:00+24:00",
                "2025-11-22T00:00:00 Z",
                "1969-12-31T23:59:59Z",
                "2025/11/22T00:00:00Z",
                "2025-11-22T00:00:0",
                "2025-11-22T00:00:",
                "2025-11-22T00:00:00ZZ"
            })
    void leavesWhatIsNoTime(String text) {
        assertThat(EventTime.text(padded(text), 0, text.length(), NOW)).isEqualTo(EventTime.NONE);
    }

    @Test
    void agreesWithTheJdkOnAnyTime() {
        Random random = new Random(3);
        for (int i = 0; i < 20_000; i++) {
            long millis = random.nextLong(253_402_300_799_999L);
            OffsetDateTime time = OffsetDateTime.ofInstant(
                    java.time.Instant.ofEpochMilli(millis), ZoneOffset.ofTotalSeconds(60 * random.nextInt(-900, 900)));
            String text = time.getYear() > 9999 ? "1970-01-01T00:00:00Z" : time.toString();
            long expected = OffsetDateTime.parse(text).toInstant().toEpochMilli();
            assertThat(EventTime.text(padded(text), 0, text.length(), NOW))
                    .as(text)
                    .isEqualTo(expected);
        }
    }

    @Test
    void takesNumbersFarFromTodayForNoTime() {
        byte[] later = padded("2400000000000");
        assertThat(EventTime.text(later, 0, 13, NOW)).isEqualTo(EventTime.NONE);
        assertThat(EventTime.text(later, 0, 13, 2_390_000_000_000L)).isEqualTo(2_400_000_000_000L);
        assertThat(EventTime.isMillis(later, 0, 13)).isFalse();
        assertThat(EventTime.isMillis(padded("1763769600123"), 0, 13)).isTrue();
    }

    /** More digits behind, which are not the text's. */
    private static byte[] padded(String text) {
        byte[] bytes = Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), text.length() + Scanner.PADDING);
        Arrays.fill(bytes, text.length(), bytes.length, (byte) '0');
        return bytes;
    }
}
