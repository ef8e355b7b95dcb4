package io.sluice.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.Clock;
import io.sluice.common.DeliveredQuery.State;
import io.sluice.common.Position;
import io.sluice.journal.BlockManifest;
import io.sluice.journal.Receipt;
import io.sluice.journal.SealedBlock;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import io.sluice.testing.CleanLog;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeliveryServiceTest {

    private final HandClock clock = new HandClock(Instant.parse("2026-11-22T10:00:00Z"));
    private final Metrics metrics = new Metrics();
    private final FakeSource source = new FakeSource();
    private final FakeDestination destination = new FakeDestination();
    private final DeliveryService service =
            new DeliveryService(source, destination, Blocks.MANIFESTS, Blocks.INCARNATION, clock, metrics);

    @Test
    void marksABlockOnceItIsDelivered() throws Exception {
        SealedBlock block = Blocks.of(1, "{\"a\":1}\n{\"a\":2}\n");
        source.seal(block);
        service.step();
        assertThat(source.marked).isEmpty();
        assertThat(state(1)).isEqualTo(State.PENDING);

        service.step();
        assertThat(source.marked).containsExactly(block);
        assertThat(source.receipts).containsExactly(new Receipt(Receipt.Kind.DELIVERED, "here", clock.epochMillis()));
        assertThat(state(1)).isEqualTo(State.DELIVERED);
        assertThat(metrics.total(Counter.DELIVERED_BLOCKS)).isEqualTo(1);
        assertThat(metrics.total(Counter.DELIVERED_RECORDS)).isEqualTo(2);
        assertThat(metrics.total(Counter.DELIVERED_BYTES))
                .isEqualTo(block.bytes().remaining());
    }

    @Test
    void repeatsWithGrowingPausesAndTakesNothingMeanwhile(CleanLog.Expected log) throws Exception {
        log.line("nothing is lost");
        SealedBlock first = Blocks.of(1, "{}\n");
        SealedBlock second = Blocks.of(2, "{}\n");
        source.seal(first, second);
        destination.failures = 12;
        service.step();

        long last = 0;
        for (int attempt = 1; attempt <= 12; attempt++) {
            long pause = service.step();
            assertThat(pause).isGreaterThan(0).isGreaterThanOrEqualTo(last).isLessThanOrEqualTo(30_000_000_000L);
            assertThat(service.step()).as("still pausing").isEqualTo(pause);
            assertThat(source.maintained).as("marks become durable").isEqualTo(attempt);
            assertThat(metrics.total(Counter.DELIVERY_RETRIES)).isEqualTo(attempt);
            assertThat(destination.taken).containsExactly(first);
            last = pause;
            clock.advanceMillis(pause / 1_000_000);
        }
        assertThat(last).isEqualTo(30_000_000_000L);
        service.step();
        service.step();
        assertThat(source.marked).containsExactly(first, second);
    }

    @Test
    void beginsWithAShortPauseAgainAfterASuccess(CleanLog.Expected log) throws Exception {
        log.line("nothing is lost");
        source.seal(Blocks.of(1, "{}\n"), Blocks.of(2, "{}\n"));
        destination.failures = 3;
        service.step();
        long first = service.step();
        for (long pause = first; destination.failures > 0; pause = service.step()) {
            clock.advanceMillis(pause / 1_000_000);
        }
        clock.advanceMillis(60_000);
        service.step();
        destination.failures = 1;
        assertThat(service.step()).isEqualTo(first);
    }

    @Test
    void outlivesABugInTheDestination(CleanLog.Expected log) throws Exception {
        log.line("a bug");
        SealedBlock block = Blocks.of(1, "{}\n");
        source.seal(block);
        destination.bug = new IllegalStateException("a bug");
        service.step();
        clock.advanceMillis(service.step() / 1_000_000);
        service.step();
        assertThat(source.marked).containsExactly(block);
    }

    @Test
    void givesBackABlockThatTheDestinationDoesNotTake(CleanLog.Expected log) throws Exception {
        log.line("nothing is lost: a bug");
        SealedBlock block = Blocks.of(1, "{}\n");
        source.seal(block);
        destination.acceptBug = new IllegalStateException("a bug");
        clock.advanceMillis(service.step() / 1_000_000);
        service.step();
        service.step();
        assertThat(source.marked).containsExactly(block);
    }

    @Test
    void aStopDoesNotWaitForADestinationThatHangs(CleanLog.Expected log) throws Exception {
        log.line("delivery has not ended within");
        DeliveryService real =
                new DeliveryService(source, destination, Blocks.MANIFESTS, Blocks.INCARNATION, Clock.system(), metrics);
        source.waits = true;
        destination.hang = new CountDownLatch(1);
        source.seal(Blocks.of(1, "{}\n"));
        real.start();
        destination.entered.await();
        real.close(Duration.ofMillis(1));
        assertThat(real.isAlive()).isTrue();
        source.closed = true;
        destination.hang.countDown();
        real.close(Duration.ofSeconds(30));
        assertThat(real.isAlive()).isFalse();
    }

    @Test
    void aDrainDeliversEverythingWithoutWaitingForBuffersAndEndsTheThread() throws Exception {
        DeliveryService real =
                new DeliveryService(source, destination, Blocks.MANIFESTS, Blocks.INCARNATION, Clock.system(), metrics);
        source.waits = true;
        destination.onlyWhenAll = true;
        real.start();
        source.seal(Blocks.of(1, "{}\n"), Blocks.of(2, "{}\n"), Blocks.of(3, "{}\n"));

        assertThat(real.drain(Duration.ofSeconds(30))).isZero();
        assertThat(source.marked).hasSize(3);
        assertThat(real.isAlive()).isFalse();
        assertThat(destination.closed).isTrue();
    }

    @Test
    void aDrainThatRunsOutOfTimeSaysWhatIsLeft(CleanLog.Expected log) throws Exception {
        log.line("nothing is lost");
        DeliveryService real =
                new DeliveryService(source, destination, Blocks.MANIFESTS, Blocks.INCARNATION, Clock.system(), metrics);
        source.waits = true;
        destination.failures = Integer.MAX_VALUE;
        real.start();
        source.seal(Blocks.of(1, "{}\n"), Blocks.of(2, "{}\n"));

        assertThat(real.drain(Duration.ofMillis(50))).isEqualTo(2);
        real.close();
        assertThat(source.marked).isEmpty();
        assertThat(real.isAlive()).isFalse();
    }

    @Test
    void aDrainTriesAtOnceWhatWasPausing(CleanLog.Expected log) throws Exception {
        log.line("nothing is lost");
        DeliveryService real =
                new DeliveryService(source, destination, Blocks.MANIFESTS, Blocks.INCARNATION, Clock.system(), metrics);
        source.waits = true;
        destination.failures = 2;
        real.start();
        source.seal(Blocks.of(1, "{}\n"));

        assertThat(real.drain(Duration.ofSeconds(30))).isZero();
        assertThat(metrics.total(Counter.DELIVERY_RETRIES)).isEqualTo(2);
    }

    @Test
    void takesNoBlockForWhichThereIsNoRoom() throws Exception {
        SealedBlock first = Blocks.of(1, "{}\n");
        SealedBlock second = Blocks.of(2, "{}\n");
        source.seal(first, second);
        destination.room = 1;
        destination.onlyWhenAll = true;
        service.step();
        for (int i = 0; i < 10; i++) {
            service.step();
        }
        assertThat(destination.taken).containsExactly(first);

        destination.onlyWhenAll = false;
        service.step();
        service.step();
        assertThat(source.marked).containsExactly(first, second);
    }

    @Test
    void aParkedBlockIsDoneWithAndCountedApart(CleanLog.Expected log) throws Exception {
        log.line("is parked: invalid-argument");
        SealedBlock block = Blocks.of(1, "{\"a\":1}\n{\"a\":2}\n");
        source.seal(block);
        destination.refusal = "invalid-argument";
        service.step();
        service.step();
        assertThat(source.marked).containsExactly(block);
        assertThat(state(1)).isEqualTo(State.DELIVERED);
        assertThat(metrics.total(Counter.PARKED_BLOCKS)).isEqualTo(1);
        assertThat(metrics.total(Counter.PARKED_RECORDS)).isEqualTo(2);
        assertThat(metrics.total(Counter.DELIVERED_RECORDS)).isZero();
    }

    @Test
    void deliversTheManifestsOfDeliveredBlocksAndThenConfirmsThem() throws Exception {
        source.keepsManifests = true;
        source.seal(Blocks.of(1, "{}\n"), Blocks.of(2, "{}\n{}\n"));
        for (int i = 0; i < 10; i++) {
            service.step();
        }
        assertThat(source.marked).hasSize(2);
        assertThat(destination.written).as("gathered, not sent").hasSize(2);
        clock.advanceMillis(10_000);
        service.step();
        assertThat(destination.taken).singleElement().satisfies(block -> {
            assertThat(block.group()).isEqualTo("manifests");
            assertThat(block.records()).isEqualTo(2);
        });
        assertThat(source.manifested).isEmpty();
        service.step();
        assertThat(source.manifested).extracting(BlockManifest::block).containsExactly(1L, 2L);
        assertThat(source.marked).as("they are no blocks of the journal").hasSize(2);
        assertThat(metrics.total(Counter.DELIVERED_BLOCKS)).isEqualTo(2);
        assertThat(metrics.total(Counter.DELIVERED_RECORDS)).isEqualTo(3);
        assertThat(metrics.total(Counter.DELIVERED_MANIFESTS)).isEqualTo(2);
    }

    @Test
    void aManifestThatIsParkedIsConfirmedAndIsNoLineOfTheJournal(CleanLog.Expected log) throws Exception {
        log.line("is parked: invalid-argument");
        source.manifests.add(FakeSource.manifest(Blocks.of(1, "{}\n"), new Receipt(Receipt.Kind.DELIVERED, "x", 1)));
        service.step();
        clock.advanceMillis(10_000);
        destination.refusal = "invalid-argument";
        service.step();
        service.step();
        assertThat(source.manifested).hasSize(1);
        assertThat(metrics.total(Counter.PARKED_BLOCKS)).isEqualTo(1);
        assertThat(metrics.total(Counter.PARKED_RECORDS)).isZero();
    }

    @Test
    void aDrainSendsTheManifestsOfWhatItDelivered() throws Exception {
        DeliveryService real =
                new DeliveryService(source, destination, Blocks.MANIFESTS, Blocks.INCARNATION, Clock.system(), metrics);
        source.waits = true;
        source.keepsManifests = true;
        destination.onlyWhenAll = true;
        real.start();
        source.seal(Blocks.of(1, "{}\n"), Blocks.of(2, "{}\n"), Blocks.of(3, "{}\n"));
        assertThat(real.drain(Duration.ofSeconds(30))).isZero();
        assertThat(source.manifested).hasSize(3);
    }

    @Test
    void aManifestsBlockThatTheDestinationDoesNotTakeIsGivenToItAgain(CleanLog.Expected log) throws Exception {
        log.line("nothing is lost: a bug");
        source.manifests.add(FakeSource.manifest(Blocks.of(1, "{}\n"), new Receipt(Receipt.Kind.DELIVERED, "x", 1)));
        service.step();
        clock.advanceMillis(10_000);
        destination.acceptBug = new IllegalStateException("a bug");
        clock.advanceMillis(service.step() / 1_000_000);
        service.step();
        service.step();
        assertThat(source.manifested).hasSize(1);
    }

    @Test
    void manifestsThatAreDueWaitForRoomWithoutSpinning() throws Exception {
        source.manifests.add(FakeSource.manifest(Blocks.of(1, "{}\n"), new Receipt(Receipt.Kind.DELIVERED, "x", 1)));
        service.step();
        destination.room = 0;
        clock.advanceMillis(10_000);
        service.step();
        assertThat(source.timeoutNanos).isPositive();
        destination.room = 1;
        service.step();
        assertThat(destination.taken).hasSize(1);
    }

    private State state(long block) {
        return service.state(new Position(Blocks.INCARNATION, 0, block, 0));
    }
}
