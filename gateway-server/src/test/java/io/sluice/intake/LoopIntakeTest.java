package io.sluice.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.beacon.Decoder;
import io.sluice.beacon.Decoders;
import io.sluice.common.Clock;
import io.sluice.common.Uuid7;
import io.sluice.intake.Intake.Admission;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import io.sluice.metrics.Reason;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Protocol;
import io.sluice.record.Encoding;
import io.sluice.record.StreamGroup;
import io.sluice.ring.CommitRing;
import io.sluice.ring.Frame;
import io.sluice.ring.Producer;
import io.sluice.ring.Reply;
import io.sluice.ring.Ticket;
import io.sluice.testing.ManualLoop;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class LoopIntakeTest {

    private static final int REJECTED = 1;

    private static final class ManualClock implements Clock {
        long nanos;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long epochMillis() {
            return 1_763_855_999_123L + TimeUnit.NANOSECONDS.toMillis(nanos);
        }
    }

    private final ManualClock clock = new ManualClock();
    private final ManualLoop loop = new ManualLoop();
    private final Metrics metrics = new Metrics();
    private final List<Reply> answered = new ArrayList<>();
    private final List<Throwable> fatal = new ArrayList<>();
    private final FramedRequest request = new FramedRequest();
    private CommitRing ring;
    private Producer producer;
    private Intake intake;

    @Test
    void aRequestIsAnsweredOnlyOnceItsTicketIsCommitted() {
        start(8, 4 << 20);
        Reply reply = reply();
        assertThat(offer("{\"event\":\"a\"}", reply)).isEqualTo(Admission.STAGED);
        clock.nanos += 1_000_000;
        loop.iterate();
        assertThat(answered).isEmpty();
        commit(Ticket.Outcome.COMMITTED);
        assertThat(answered).containsExactly(reply);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(text(reply)).matches("\\{\"accepted\":1,\"rejected\":0,\"pos\":\"[0-9A-Za-z_~]{34}");
    }

    @Test
    void theThirdOfTenRequestsThrowsInDecodeAndLeavesNothingBehind() {
        Decoder[] real = new Decoder[1];
        int[] calls = {0};
        Decoder throwsAtTheThird = (request, sink, outcome) -> {
            real[0].decode(request, sink, outcome);
            if (++calls[0] == 3) {
                throw new IllegalStateException("the third");
            }
        };
        start(8, 4 << 20, decoders -> {
            real[0] = decoders.of(Protocol.EVENTS);
            return protocol -> throwsAtTheThird;
        });
        List<Reply> replies = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Reply reply = reply();
            String body = "[{\"id\":\"" + i + "\",\"event\":\"e\"},{\"id\":\"" + i + "x\"}]";
            if (i == 2) {
                assertThatThrownBy(() -> offer(body, reply)).hasMessage("the third");
            } else {
                assertThat(offer(body, reply)).isEqualTo(Admission.STAGED);
                replies.add(reply);
            }
        }
        clock.nanos += 1_000_000;
        loop.iterate();
        Ticket ticket = poll();
        assertThat(ticket.records())
                .as("one accepted, one rejected line of each of nine")
                .isEqualTo(18);
        handBack(ticket, Ticket.Outcome.COMMITTED);
        assertThat(answered).containsExactlyElementsOf(replies);
        assertThat(replies).allMatch(r -> r.status() == 200);
        assertThat(metrics.total(Counter.EVENTS_DECODED)).isEqualTo(18);
        assertThat(metrics.total(Counter.EVENTS_ACCEPTED)).isEqualTo(9);
        assertThat(metrics.total(Counter.EVENTS_REJECTED)).isEqualTo(9);
        assertThat(fatal).isEmpty();
    }

    @Test
    void underLastingDelaySomeAreRefusedAndAskedToComeAgain() {
        start(64, 16 << 20);
        int refused = 0;
        for (int millis = 0; millis < 3_000; millis += 10) {
            Reply reply = reply();
            if (offer("{\"event\":\"a\"}", reply) == Admission.ANSWERED) {
                assertThat(reply.status()).isEqualTo(503);
                assertThat(reply.retryAfterSeconds()).isPositive();
                refused++;
            }
            clock.nanos += 10_000_000;
            loop.iterate();
            // The disk answers, but always too late.
            while (producer.inFlight() > 0 && clock.nanos - producer.oldestPublishedNanos() > 250_000_000L) {
                commit(Ticket.Outcome.COMMITTED);
            }
            if (millis < 600) {
                assertThat(refused).as("at %d ms", millis).isZero();
            }
        }
        assertThat(refused).isBetween(50, 250);
        assertThat(metrics.total(Counter.LIMIT_DELAY)).isEqualTo(refused);
        assertThat(((LoopIntake) intake).refusedShare()).isBetween(0.1, 0.9);
        clock.nanos += 10_000_000_000L;
        assertThat(((LoopIntake) intake).refusedShare())
                .as("when nobody has come for a while")
                .isZero();
        assertThat(metrics.total(Reason.OVERLOADED)).isEqualTo(refused);
    }

    @Test
    void whatCouldNotBeCommittedIsAnswered503AndTheNextBlockIsNew() {
        start(8, 4 << 20);
        Reply first = reply();
        offer("{\"event\":\"a\"}", first);
        clock.nanos += 1_000_000;
        loop.iterate();
        Ticket ticket = poll();
        long block = firstBlock(ticket);
        ring.nextEpoch();
        handBack(ticket, Ticket.Outcome.FAILED);
        assertThat(first.status()).isEqualTo(503);
        assertThat(first.retryAfterSeconds()).isPositive();
        assertThat(text(first)).contains("journal-failed").doesNotContain("pos");

        offer("{\"event\":\"b\"}", reply());
        clock.nanos += 1_000_000;
        loop.iterate();
        Ticket next = poll();
        assertThat(next.epoch()).isEqualTo(1);
        assertThat(firstBlock(next)).isNotEqualTo(block);
    }

    @Test
    void requestsWaitWhileTheCommitterIsBusyAndGoTogetherWhenItComesBack() {
        start(8, 4 << 20);
        offer("{\"event\":\"a\"}", reply());
        loop.iterate();
        assertThat(producer.inFlight())
                .as("the committer is not idle, nothing is urgent")
                .isZero();
        offer("{\"event\":\"b\"}", reply());
        loop.iterate();
        ring.wakeProducers();
        clock.nanos += 600_000;
        loop.iterate();
        assertThat(poll().records()).isEqualTo(2);
    }

    @Test
    void withoutCreditNothingIsLookedAtUntilATicketReturns() {
        start(2, 4 << 20);
        offer("{\"event\":\"a\"}", reply());
        clock.nanos += 1_000_000;
        loop.iterate();
        int[] credits = {0};
        intake.onCredit(() -> credits[0]++);
        assertThat(offer("not even JSON", reply())).isEqualTo(Admission.NO_CREDIT);
        assertThat(credits[0]).isZero();
        commit(Ticket.Outcome.COMMITTED);
        assertThat(credits[0]).isEqualTo(1);
        assertThat(offer("{\"event\":\"b\"}", reply())).isEqualTo(Admission.STAGED);
    }

    @Test
    void withoutCreditForTooLongRequestsAreRefused() {
        start(2, 4 << 20);
        offer("{\"event\":\"a\"}", reply());
        clock.nanos += 1_000_000;
        loop.iterate();
        clock.nanos += TimeUnit.SECONDS.toNanos(3);
        Reply reply = reply();
        assertThat(offer("{\"event\":\"b\"}", reply)).isEqualTo(Admission.ANSWERED);
        assertThat(reply.status()).isEqualTo(503);
        assertThat(metrics.total(Reason.OVERLOADED)).isEqualTo(1);
    }

    @Test
    void aStalledDiskIsNotedWhileThereIsStillCredit() {
        start(8, 4 << 20);
        offer("{\"event\":\"a\"}", reply());
        clock.nanos += 1_000_000;
        loop.iterate();
        clock.nanos += TimeUnit.MILLISECONDS.toNanos(1_900);
        offer("{\"event\":\"b\"}", reply());
        clock.nanos += TimeUnit.MILLISECONDS.toNanos(200);
        Reply refused = reply();
        assertThat(offer("{\"event\":\"c\"}", refused))
                .as("the first is too old")
                .isEqualTo(Admission.ANSWERED);
        assertThat(refused.status()).isEqualTo(503);
        loop.iterate();
        commit(Ticket.Outcome.COMMITTED);
        assertThat(offer("{\"event\":\"d\"}", reply())).as("the second is not").isEqualTo(Admission.STAGED);
    }

    @Test
    void aStagedRequestIsFlushedAfterItsDelayThoughTheCommitterStaysBusy() {
        start(8, 4 << 20);
        offer("{\"event\":\"a\"}", reply());
        loop.iterate();
        assertThat(producer.inFlight()).isZero();
        clock.nanos += 600_000;
        offer("{\"event\":\"b\"}", reply());
        loop.iterate();
        assertThat(poll().records()).isEqualTo(2);
    }

    @Test
    void anOpenBlockIsSealedWhenItHasLingered() {
        start(8, 4 << 20);
        offer("{\"event\":\"a\"}", reply());
        clock.nanos += 1_000_000;
        loop.iterate();
        commit(Ticket.Outcome.COMMITTED);
        assertThat(metrics.total(Counter.BLOCKS_SEALED)).isZero();
        clock.nanos += TimeUnit.SECONDS.toNanos(1);
        loop.runTimers();
        assertThat(metrics.total(Counter.BLOCKS_SEALED)).isEqualTo(1);
        assertThat(poll().records()).isZero();
    }

    @Test
    void aDrainSealsEverythingRefusesWhatComesAndTellsWhenAllIsBack() {
        start(8, 4 << 20);
        offer("[{\"event\":\"a\"},{}]", reply());
        boolean[] done = {false};
        intake.drain(() -> done[0] = true);
        assertThat(metrics.total(Counter.BLOCKS_SEALED)).isEqualTo(2);
        Reply late = reply();
        assertThat(offer("{\"event\":\"b\"}", late)).isEqualTo(Admission.ANSWERED);
        assertThat(late.status()).isEqualTo(503);
        assertThat(done[0]).isFalse();
        commit(Ticket.Outcome.COMMITTED);
        assertThat(done[0]).isTrue();
    }

    @Test
    void aRequestWithoutEventsIsAnsweredAtOnce() {
        start(8, 4 << 20);
        Reply reply = reply();
        assertThat(offer("[ ]", reply)).isEqualTo(Admission.ANSWERED);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(text(reply)).startsWith("{\"accepted\":0,\"rejected\":0,");
        clock.nanos += 1_000_000;
        loop.iterate();
        assertThat(producer.inFlight()).isZero();
    }

    @Test
    void keysAreFoundInQueryAndHeaderAndUnknownOnesRefused() {
        start(8, 4 << 20);
        assertThat(status("k=demo", "")).isEqualTo(200);
        assertThat(status("a=b&k=%64emo", "")).isEqualTo(200);
        assertThat(status("", "demo")).isEqualTo(200);
        assertThat(status("k=", "demo")).isEqualTo(200);
        assertThat(status("k=other", "demo")).isEqualTo(403);
        assertThat(status("", "")).isEqualTo(401);
    }

    private int status(String query, String headerKey) {
        Reply reply = reply();
        request.begin(Protocol.EVENTS, clock.epochMillis());
        request.query().set(query);
        request.headerKey().set(headerKey);
        request.body().set("{\"event\":\"a\"}");
        intake.offer(request, reply);
        return reply.status();
    }

    private Admission offer(String body, Reply reply) {
        request.begin(Protocol.EVENTS, clock.epochMillis());
        request.query().set("k=demo");
        request.body().set(body);
        return intake.offer(request, reply);
    }

    private Reply reply() {
        return new Reply(answered::add);
    }

    private static String text(Reply reply) {
        return new String(reply.body(), 0, reply.bodyLength(), StandardCharsets.UTF_8);
    }

    private Ticket poll() {
        Ticket[] one = new Ticket[1];
        assertThat(ring.poll(one, 1)).isEqualTo(1);
        return one[0];
    }

    private void handBack(Ticket ticket, Ticket.Outcome outcome) {
        ring.handBack(ticket, outcome);
        ring.wakeProducers();
        loop.iterate();
    }

    private void commit(Ticket.Outcome outcome) {
        handBack(poll(), outcome);
    }

    private static long firstBlock(Ticket ticket) {
        ByteBuffer frames = ticket.producer().arena().buffer().duplicate().order(ByteOrder.LITTLE_ENDIAN);
        return Frame.block(frames, ticket.offset());
    }

    private void start(int tickets, int arenaBytes) {
        start(tickets, arenaBytes, decoders -> decoders::of);
    }

    private void start(int tickets, int arenaBytes, Function<Decoders, Function<Protocol, Decoder>> decoders) {
        List<StreamGroup> groups = List.of(
                new StreamGroup(0, "events", Encoding.GZIP, 1, "s", ""),
                new StreamGroup(REJECTED, "rejected", Encoding.GZIP, 1, "s", ""));
        ring = new CommitRing(1, tickets, arenaBytes);
        producer = ring.producer(0);
        intake = TestIntakes.create(
                clock, loop, producer, new Uuid7().next(clock.epochMillis()), groups, metrics, decoders, fatal::add);
    }
}
