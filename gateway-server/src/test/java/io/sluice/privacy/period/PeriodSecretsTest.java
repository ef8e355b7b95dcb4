package io.sluice.privacy.period;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.Clock;
import io.sluice.common.SecretStore;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PeriodSecretsTest {

    /** Months are simulated; nothing sleeps. */
    private static final class HandClock implements Clock {
        long millis;

        @Override
        public long nanoTime() {
            return millis * 1_000_000;
        }

        @Override
        public long epochMillis() {
            return millis;
        }

        void at(String instant) {
            millis = Instant.parse(instant).toEpochMilli();
        }
    }

    /** A store that several nodes share, and that can be away. */
    private static final class SharedStore implements SecretStore {
        final Map<String, byte[]> secrets = new TreeMap<>();
        final SortedMap<String, Long> made = new TreeMap<>();
        final HandClock clock;
        boolean away;

        SharedStore(HandClock clock) {
            this.clock = clock;
        }

        @Override
        public byte[] find(String name) throws IOException {
            present();
            return secrets.get(name);
        }

        @Override
        public byte[] make(String name, byte[] proposal) throws IOException {
            present();
            secrets.putIfAbsent(name, proposal);
            made.putIfAbsent(name, clock.millis);
            return secrets.get(name);
        }

        @Override
        public SortedMap<String, Long> made() throws IOException {
            present();
            return new TreeMap<>(made);
        }

        @Override
        public long nowMillis() throws IOException {
            present();
            return clock.millis;
        }

        @Override
        public void destroy(String name) throws IOException {
            present();
            secrets.remove(name);
            made.remove(name);
        }

        /** As one that was made then. */
        void put(String name, String instant) {
            secrets.put(name, new byte[32]);
            made.put(name, Instant.parse(instant).toEpochMilli());
        }

        private void present() throws IOException {
            if (away) {
                throw new IOException("the store is away");
            }
        }

        @Override
        public String toString() {
            return "the shared store";
        }

        @Override
        public void close() {}
    }

    private final HandClock clock = new HandClock();
    private final SharedStore store = new SharedStore(clock);
    private final Metrics metrics = new Metrics();

    private PeriodSecrets node(Period.Length length, Duration keep) {
        return node(length, keep, clock);
    }

    private PeriodSecrets node(Period.Length length, Duration keep, HandClock clock) {
        return new PeriodSecrets(new PseudonymConfig(length, Path.of("unused"), null, keep), store, clock, metrics);
    }

    @Test
    void nothingIsMadeUnlessAPolicyHashes() {
        clock.at("2026-11-23T12:00:00Z");
        PeriodSecrets secrets = node(Period.Length.MONTH, Duration.ofDays(31));

        secrets.look();

        assertThat(store.secrets).isEmpty();
        assertThat(metrics.value(Gauge.PSEUDONYM_SECONDS)).isInfinite();
    }

    @Test
    void periodsBeginAtMidnightAndBothSidesOfItHaveTheirSecret() throws Exception {
        clock.at("2026-11-29T23:00:00Z");
        PeriodSecrets secrets = node(Period.Length.MONTH, Duration.ofDays(31));
        secrets.require();
        secrets.look();
        assertThat(store.secrets).containsOnlyKeys("2026-11");

        clock.at("2026-11-30T00:00:00Z");
        secrets.look();
        assertThat(store.secrets).as("made a day ahead").containsOnlyKeys("2026-11", "2026-12");
        assertThat(metrics.value(Gauge.PSEUDONYM_SECONDS))
                .isEqualTo(Duration.ofDays(32).toSeconds());

        // Nobody has looked since, and still the boundary is sharp.
        long midnight = Instant.parse("2026-12-01T00:00:00Z").toEpochMilli();
        assertThat(secrets.at(midnight - 1).bytes()).isEqualTo(store.secrets.get("2026-11"));
        assertThat(secrets.at(midnight).bytes()).isEqualTo(store.secrets.get("2026-12"));

        clock.millis = midnight;
        secrets.look();
        assertThat(secrets.at(midnight - 1).bytes())
                .as("requests from before midnight")
                .isEqualTo(store.secrets.get("2026-11"));
        assertThat(secrets.at(midnight).bytes()).isEqualTo(store.secrets.get("2026-12"));
        assertThat(secrets.at(Instant.parse("2026-10-31T23:59:59Z").toEpochMilli()))
                .isNull();
    }

    @Test
    void twoNodesHaveTheSameSecrets() throws Exception {
        clock.at("2026-11-23T12:00:00Z");
        PeriodSecrets one = node(Period.Length.DAY, Duration.ofDays(31));
        PeriodSecrets other = node(Period.Length.DAY, Duration.ofDays(31));
        one.require();
        other.require();
        for (int hour = 0; hour < 100; hour++) {
            clock.millis += Duration.ofHours(1).toMillis();
            (hour % 2 == 0 ? one : other).look();
            (hour % 2 == 0 ? other : one).look();
            assertThat(one.at(clock.millis).bytes())
                    .isEqualTo(other.at(clock.millis).bytes());
        }
        assertThat(store.secrets).hasSize(6);
        assertThat(store.secrets.values().stream()
                        .map(java.util.Arrays::hashCode)
                        .distinct())
                .hasSize(6);
    }

    @Test
    void aGatewayThatHashesDoesNotStartWithoutASecret() {
        clock.at("2026-11-23T12:00:00Z");
        store.away = true;
        PeriodSecrets secrets = node(Period.Length.MONTH, Duration.ofDays(31));

        assertThatThrownBy(secrets::require)
                .isInstanceOf(IOException.class)
                .hasMessage("a policy hashes values, but the secret of 2026-11 cannot be had from the shared store: "
                        + "the store is away");
    }

    @Test
    void aSecretThatDoesNotComeIsToldADayAheadAndNeverReplacedByAnother(CleanLog.Expected log) throws Exception {
        clock.at("2026-11-30T12:00:00Z");
        PeriodSecrets secrets = node(Period.Length.MONTH, Duration.ofDays(31));
        secrets.require();
        store.away = true;
        log.line("From 2026-12-01T00:00:00Z on, values that policies hash will be removed instead");
        log.line("Secrets past privacy.secrets.keep stay in the shared store: the store is away");
        secrets.look();
        assertThat(metrics.value(Gauge.PSEUDONYM_SECONDS))
                .isEqualTo(Duration.ofHours(12).toSeconds());
        assertThat(secrets.at(clock.millis)).isNotNull();

        clock.at("2026-12-01T00:00:00Z");
        log.line("Values that policies hash are removed instead: the secret of 2026-12 cannot be had");
        secrets.look();
        assertThat(secrets.at(clock.millis)).isNull();
        assertThat(metrics.value(Gauge.PSEUDONYM_SECONDS)).isZero();

        store.away = false;
        clock.millis += 60_000;
        secrets.look();
        assertThat(secrets.at(clock.millis).bytes()).isEqualTo(store.secrets.get("2026-12"));
    }

    @Test
    void secretsAreDestroyedWhenTheyArePastTheirTimeAndForgotten() throws Exception {
        clock.at("2026-11-23T12:00:00Z");
        PeriodSecrets secrets = node(Period.Length.DAY, Duration.ofDays(2));
        secrets.require();
        secrets.look();
        assertThat(store.secrets).containsOnlyKeys("2026-11-23", "2026-11-24");
        byte[] first = store.secrets.get("2026-11-23");

        clock.at("2026-11-25T23:00:00Z");
        secrets.look();
        assertThat(store.secrets).containsKey("2026-11-23");
        assertThat(secrets.at(Instant.parse("2026-11-23T12:00:00Z").toEpochMilli()))
                .as("out of memory")
                .isNull();

        clock.at("2026-11-26T00:00:00Z");
        secrets.look();
        assertThat(store.secrets).doesNotContainKey("2026-11-23").containsKeys("2026-11-25", "2026-11-26");

        // Nothing that is left leads back to it: what is made anew is another.
        clock.at("2026-11-23T12:00:00Z");
        PeriodSecrets again = node(Period.Length.DAY, Duration.ofDays(2));
        again.require();
        assertThat(again.at(clock.millis).bytes()).isNotEqualTo(first);
    }

    @Test
    void memoryForgetsASecretThatIsNotToBeKept() throws Exception {
        clock.at("2026-11-29T23:00:00Z");
        PeriodSecrets secrets = node(Period.Length.MONTH, Duration.ofDays(2));
        secrets.require();
        long november = clock.epochMillis();

        clock.at("2026-12-02T23:59:00Z");
        secrets.look();
        assertThat(secrets.at(november)).isNotNull();

        clock.at("2026-12-03T00:00:00Z");
        secrets.look();
        assertThat(secrets.at(november)).isNull();
        assertThat(secrets.at(clock.epochMillis())).isNotNull();
    }

    @Test
    void whatIsNoSecretOfAPeriodIsLeftAlone() {
        clock.at("2026-11-23T12:00:00Z");
        store.put("always", "2020-01-01T00:00:00Z");
        store.put("journal", "2020-01-01T00:00:00Z");
        store.put("2020-01", "2020-01-01T00:00:00Z");
        store.put("2020-02", "2020-01-31T00:00:00Z");
        store.put("2026-11", "2026-10-31T00:00:00Z");

        node(Period.Length.MONTH, Duration.ZERO).look();

        assertThat(store.secrets).containsOnlyKeys("always", "journal", "2026-11");
    }

    /** The store's clock is right, that of the node a year ahead. */
    @Test
    void aNodeWhoseClockIsFarAheadDestroysAndMakesNothing(CleanLog.Expected log) throws Exception {
        clock.at("2026-11-23T12:00:00Z");
        PeriodSecrets good = node(Period.Length.MONTH, Duration.ofDays(31));
        good.require();
        byte[] november = store.secrets.get("2026-11");
        HandClock ahead = new HandClock();
        ahead.at("2027-11-23T12:00:00Z");
        PeriodSecrets bad = node(Period.Length.MONTH, Duration.ofDays(31), ahead);
        log.line("Secrets past privacy.secrets.keep stay in the shared store: the clock here is 31536000 seconds ahead"
                + " of that of the shared store, expected at most 600");

        assertThatThrownBy(bad::require)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("the secret of 2027-11 cannot be had")
                .hasMessageContaining("the clock here is 31536000 seconds ahead");
        bad.look();

        assertThat(store.secrets).containsOnlyKeys("2026-11").containsEntry("2026-11", november);
    }

    /** One machine and its own disk: both clocks are wrong together, and only time that goes by tells. */
    @Test
    void aClockThatJumpsAheadWithItsStoreDestroysNothingBeforeKeepHasGoneBy() throws Exception {
        clock.at("2026-11-23T12:00:00Z");
        PeriodSecrets secrets = node(Period.Length.MONTH, Duration.ofDays(31));
        secrets.require();

        clock.at("2027-11-02T12:00:00Z");
        secrets.look();
        clock.at("2027-11-30T13:00:00Z");
        secrets.look();
        assertThat(store.secrets).containsKeys("2026-11", "2027-11");

        clock.at("2027-12-03T13:00:00Z");
        secrets.look();
        assertThat(store.secrets).doesNotContainKey("2026-11").containsKeys("2027-11", "2027-12");
    }

    /** All that the machine has is old then, and later secrets are among it: none of them says that time went by. */
    @ParameterizedTest
    @CsvSource({"DAY,400", "MONTH,400", "DAY,100", "MONTH,100", "DAY,3650", "MONTH,3650"})
    void aJumpDestroysNoneOfTheSecretsThatFollowEachOther(Period.Length length, int days) throws Exception {
        clock.at("2026-09-01T12:00:00Z");
        PeriodSecrets before = node(length, Duration.ofDays(31));
        before.require();
        hours(before, 24 * 83);
        assertThat(store.secrets).hasSize(length == Period.Length.DAY ? 33 : 2);
        Map<String, byte[]> kept = Map.copyOf(store.secrets);

        clock.millis += Duration.ofDays(days).toMillis();
        PeriodSecrets after = node(length, Duration.ofDays(31));
        after.require();
        hours(after, 24 * 29);
        assertThat(store.secrets).as("a month to mend it").containsAllEntriesOf(kept);

        hours(after, 24 * 36);
        assertThat(store.secrets).doesNotContainKeys(kept.keySet().toArray(new String[0]));
    }

    /** As long as a gateway runs, none outlives its time by more than the search takes. */
    @ParameterizedTest
    @CsvSource({"DAY,0", "DAY,2", "DAY,31", "MONTH,0", "MONTH,31", "MONTH,100"})
    void eachIsDestroyedInTimeWhileAGatewayRuns(Period.Length length, int keepDays) throws Exception {
        clock.at("2026-01-10T12:00:00Z");
        Duration keep = Duration.ofDays(keepDays);
        PeriodSecrets secrets = node(length, keep);
        secrets.require();
        for (int hour = 0; hour < 24 * 400; hour++) {
            hours(secrets, 1);
            for (String name : store.secrets.keySet()) {
                assertThat(clock.millis)
                        .as(name)
                        .isLessThanOrEqualTo(Period.named(name).toMillis() + keep.toMillis() + 3_600_000);
            }
        }
    }

    private void hours(PeriodSecrets secrets, int hours) {
        for (int hour = 0; hour < hours; hour++) {
            clock.millis += Duration.ofHours(1).toMillis();
            secrets.look();
        }
    }

    @Test
    void fewAreDestroyedAtOnceAndTheOldestFirst() {
        clock.at("2026-11-23T12:00:00Z");
        for (int day = 11; day < 21; day++) {
            store.put("2026-09-" + day, "2026-09-" + (day - 1) + "T00:00:00Z");
        }
        store.put("2026-10-24", "2026-10-23T00:00:00Z");
        PeriodSecrets secrets = node(Period.Length.DAY, Duration.ofDays(31));

        secrets.look();
        assertThat(store.secrets).hasSize(11 - PeriodSecrets.MOST_AT_ONCE).doesNotContainKey("2026-09-11");
        secrets.look();
        assertThat(store.secrets).as("within the hour").hasSize(8);

        for (int hour = 0; hour < 3; hour++) {
            clock.millis += Duration.ofHours(1).toMillis();
            secrets.look();
        }
        assertThat(store.secrets).as("not past yet").containsOnlyKeys("2026-10-24");
    }

    @Test
    void theLastOneIsDestroyedTooWhenNobodyHashesAnyMore() {
        clock.at("2026-11-23T12:00:00Z");
        store.put("2026-09", "2026-08-31T00:00:00Z");
        PeriodSecrets secrets = node(Period.Length.MONTH, Duration.ofDays(31));

        secrets.look();
        assertThat(store.secrets).containsOnlyKeys("2026-09");

        clock.millis += PeriodSecrets.SETTLED.toMillis();
        secrets.look();
        assertThat(store.secrets).isEmpty();
    }

    @Test
    void oneSecretForAllTimeHasNoEnd() throws Exception {
        clock.at("2026-11-23T12:00:00Z");
        PeriodSecrets secrets = node(Period.Length.NEVER, Duration.ZERO);
        secrets.require();
        byte[] secret = secrets.at(clock.millis).bytes();

        clock.at("2036-11-23T12:00:00Z");
        secrets.look();

        assertThat(secrets.at(clock.millis).bytes()).isEqualTo(secret);
        assertThat(store.secrets).containsOnlyKeys("always");
    }

    @Test
    void aSecretIsInNoText() throws Exception {
        FixedSecret secret = FixedSecret.parse("ab".repeat(32), "SLUICE_PSEUDONYM_SECRET");
        Period period = Period.named("always");

        assertThat("" + secret + new PeriodSecret(period, secret.find("always"))
                        + new PseudonymConfig(Period.Length.NEVER, Path.of("d"), secret, Duration.ZERO))
                .doesNotContain("abab");
        assertThatThrownBy(() -> FixedSecret.parse("xyz", "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("xyz");
    }
}
