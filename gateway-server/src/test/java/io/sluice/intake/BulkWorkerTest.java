package io.sluice.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.beacon.Decoder;
import io.sluice.beacon.Decoders;
import io.sluice.common.Clock;
import io.sluice.common.LoopHandle;
import io.sluice.common.Uuid7;
import io.sluice.intake.Intake.Admission;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import io.sluice.metrics.Reason;
import io.sluice.privacy.ScrubbedSink;
import io.sluice.privacy.period.Period;
import io.sluice.privacy.period.PeriodSecret;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Protocol;
import io.sluice.record.Encoding;
import io.sluice.record.LineBuffer;
import io.sluice.record.StreamGroup;
import io.sluice.ring.CommitRing;
import io.sluice.ring.Frame;
import io.sluice.ring.Reply;
import io.sluice.ring.Ticket;
import io.sluice.shop.Shop;
import io.sluice.testing.CleanLog;
import io.sluice.testing.ManualLoop;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Requests that would hold up their loop: nobody but the loop notices that another thread has decoded them. */
@Timeout(300)
class BulkWorkerTest {

    private static final int REJECTED = 1;
    private static final int LEAST_DEAR = 16 << 10;
    private static final Pattern OWN_ID = Pattern.compile("\"id\":\"[0-9a-f-]{36}\"");
    private static final UUID INCARNATION = new UUID(1, 2);

    /** What is dear to some detector, and what is dear to none. */
    private static final String[] TEXTS = {
        "+49 ",
        "1 2 ",
        "4111 1111 1111 1111 ",
        "a@b.example ",
        "DE89 3704 0044 0532 0130 00 ",
        "%2540",
        "&#64;",
        "tel 030 1234567 ",
        "\\u0040",
        "\\\"a@b.cd",
        "eyJhIjoxfQ ",
        "52.1234,13.1234 ",
        "192.168.1.1 ",
        "nothing to be seen here, "
    };

    /** Goes on by a nanosecond whenever somebody looks, so that turns end at every place. */
    private static final class LookedAtClock implements Clock {
        private long nanos;

        @Override
        public long nanoTime() {
            return ++nanos;
        }

        @Override
        public long epochMillis() {
            return 1_763_855_999_123L;
        }
    }

    /** One intake and its bulk worker, which work when they are told to, on the test's thread. */
    private static final class Side {
        final LookedAtClock clock = new LookedAtClock();
        final ManualLoop loop = new ManualLoop();
        final Metrics metrics = new Metrics();
        final List<Throwable> fatal = new ArrayList<>();
        final List<Reply> answered = new ArrayList<>();
        final FramedRequest request = new FramedRequest();
        int offers;
        final CommitRing ring;
        final BulkWorker bulk;
        final LoopIntake intake;
        /** Lines of all tickets, by group, and what was answered. */
        final StringBuilder seen = new StringBuilder();

        Side(Duration turn, int tickets, Function<Decoders, Function<Protocol, Decoder>> decoders) {
            List<StreamGroup> groups = List.of(
                    new StreamGroup(0, "events", Encoding.NDJSON, 1, "s", ""),
                    new StreamGroup(REJECTED, "rejected", Encoding.NDJSON, 1, "s", ""));
            IntakeConfig plain = TestIntakes.CONFIG;
            IntakeConfig config = new IntakeConfig(
                    plain.flushBytes(),
                    Duration.ZERO,
                    plain.blockBytes(),
                    plain.blockRawBytes(),
                    Duration.ofHours(1),
                    plain.maxEvents(),
                    plain.maxEventBytes(),
                    plain.targetDelay(),
                    plain.ticketTimeout(),
                    new BulkConfig(turn, 50));
            ring = new CommitRing(1, tickets, 16 << 20);
            ThreadFactory none = work -> new Thread();
            bulk = TestIntakes.bulk(clock, INCARNATION, metrics, decoders, fatal::add, none);
            intake = TestIntakes.create(
                    clock, loop, ring.producer(0), INCARNATION, groups, metrics, decoders, config, bulk, fatal::add);
        }

        Side(Duration turn) {
            this(turn, 8, decoders -> decoders::of);
        }

        Admission offer(String body, Reply reply) {
            return offer("demo", body, reply);
        }

        Admission offer(String key, String body, Reply reply) {
            // Each in another hour, so that no sink knows texts of one before: how far it reads depends on them.
            request.begin(
                    Protocol.EVENTS,
                    clock.epochMillis() + Duration.ofHours(offers++).toMillis());
            request.query().set("k=" + key);
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            request.body().set(bytes, 0, bytes.length);
            return intake.offer(request, reply);
        }

        Reply reply() {
            return new Reply(answered::add);
        }

        /** Has everything done that is under way, and notes what came of the request. */
        void settle(Admission admission, Reply reply) {
            if (admission != Admission.ANSWERED) {
                while (answered.isEmpty()) {
                    bulk.decodeNext();
                    loop.iterate();
                    commit();
                }
                assertThat(answered).containsExactly(reply);
                answered.clear();
            }
            seen.append(reply.status())
                    .append(' ')
                    .append(new String(reply.body(), 0, reply.bodyLength(), StandardCharsets.UTF_8))
                    .append('\n');
        }

        void commit() {
            Ticket[] one = new Ticket[1];
            while (ring.poll(one, 1) == 1) {
                note(one[0]);
                ring.handBack(one[0], Ticket.Outcome.COMMITTED);
                ring.wakeProducers();
                loop.iterate();
            }
        }

        private void note(Ticket ticket) {
            ByteBuffer frames = ticket.producer().arena().buffer().duplicate().order(ByteOrder.LITTLE_ENDIAN);
            int at = ticket.offset();
            for (int i = 0; i < ticket.frames(); i++) {
                byte[] payload = new byte[Frame.payloadLength(frames, at)];
                frames.get(at + Frame.HEADER_BYTES, payload);
                if (Frame.type(frames, at) == Frame.DATA) {
                    seen.append(Frame.group(frames, at)).append(' ');
                    seen.append(new String(payload, StandardCharsets.UTF_8));
                }
                at += Frame.length(frames, at);
            }
        }

        /** What was seen since the last call, but for the ids that anonymised events get. */
        String drainSeen() {
            String text = OWN_ID.matcher(seen).replaceAll("\"id\":\"own\"");
            seen.setLength(0);
            return text;
        }

        long total(Counter counter) {
            return metrics.total(counter);
        }
    }

    private static String event(Random random, int i) {
        String text =
                TEXTS[random.nextInt(TEXTS.length)].repeat(1 + random.nextInt(random.nextInt(10) == 0 ? 4_000 : 40));
        return switch (random.nextInt(12)) {
            case 0 -> "{\"id\":\"" + i + "\"}";
            case 1 -> "7";
            case 2 -> "{\"id\":\"" + i + "\",\"event\":7}";
            case 3 ->
                "{\"id\":\"" + i + "\",\"event\":\"e\",\"consent\":\"denied\",\"props\":{\"x\":\"" + text + "\"}}";
            default -> "{\"id\":\"" + i + "\",\"event\":\"e\",\"props\":{\"x\":[\"" + text + "\",1,\"y\"]}}";
        };
    }

    private static String body(Random random) {
        boolean lines = random.nextBoolean();
        StringBuilder body = new StringBuilder(lines ? "" : "[");
        for (int i = 0, least = random.nextInt(2 * LEAST_DEAR); i == 0 || body.length() < least; i++) {
            body.append(i == 0 ? "" : lines ? "\n" : ",").append(event(random, i));
        }
        body.append(lines ? "\n" : "]");
        if (random.nextInt(8) == 0) {
            // Not JSON from somewhere on: an array is refused, of lines one is.
            body.insert(random.nextInt(body.length()), '{');
        }
        return body.toString();
    }

    @Test
    void whoeverDecodesLinesAnswersAndRefusalsAreTheSame() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 4; round++) {
            Side given = new Side(Duration.ofNanos(1 + random.nextInt(round == 0 ? 1 : 12)));
            Side inOneGo = new Side(Duration.ofHours(1));
            for (int i = 0; i < 25; i++) {
                String body = body(random);
                for (Side side : List.of(inOneGo, given)) {
                    Reply reply = side.reply();
                    side.settle(side.offer(body, reply), reply);
                }
                String what = "seed " + seed + ", round " + round + ", body " + i;
                assertThat(given.drainSeen().equals(inOneGo.drainSeen()))
                        .as(what)
                        .isTrue();
                // What a half-done turn has counted would show here.
                for (Counter counter : Counter.values()) {
                    if (counter != Counter.BULK_REQUESTS) {
                        assertThat(given.total(counter))
                                .as("%s of %s", counter, what)
                                .isEqualTo(inOneGo.total(counter));
                    }
                }
                for (Reason reason : Reason.values()) {
                    assertThat(given.metrics.total(reason))
                            .as("%s of %s", reason, what)
                            .isEqualTo(inOneGo.metrics.total(reason));
                }
            }
            assertThat(given.total(Counter.BULK_REQUESTS)).isPositive();
            assertThat(inOneGo.total(Counter.BULK_REQUESTS)).isZero();
            assertThat(given.fatal).isEmpty();
        }
    }

    private static String dear() {
        return "{\"id\":\"1\",\"event\":\"e\",\"props\":{\"x\":\"" + "+49 ".repeat(10_000) + "\"}}";
    }

    @Test
    void othersGoOnWhileTheWorkerIsAtIt() {
        Side side = new Side(Duration.ofNanos(1));
        Reply dear = side.reply();
        Reply other = side.reply();
        assertThat(side.offer(dear(), dear)).isEqualTo(Admission.GIVEN_AWAY);
        side.offer("{\"event\":\"a\"}", other);
        side.loop.iterate();
        side.commit();
        assertThat(side.answered).containsExactly(other);
        side.bulk.decodeNext();
        side.loop.iterate();
        assertThat(side.answered).as("not before it is on disk").containsExactly(other);
        side.commit();
        assertThat(side.answered).containsExactly(other, dear);
        assertThat(side.total(Counter.EVENTS_ACCEPTED)).isEqualTo(2);
    }

    @Test
    void aRequestThatThrowsIsAnswered500AndLeavesNothingBehind(CleanLog.Expected log) {
        log.line("Request answered 500");
        boolean[] throwing = {true};
        Side side = new Side(
                Duration.ofNanos(1),
                8,
                decoders -> protocol -> (request, sink, outcome) -> {
                    decoders.of(protocol).decode(request, sink, outcome);
                    if (throwing[0]) {
                        throw new IllegalStateException("behind its last event");
                    }
                });
        Reply first = side.reply();
        side.settle(side.offer(dear(), first), first);
        throwing[0] = false;
        Reply second = side.reply();
        side.settle(side.offer(dear(), second), second);
        assertThat(first.status()).isEqualTo(500);
        assertThat(second.status()).isEqualTo(200);
        assertThat(side.total(Counter.EVENTS_ACCEPTED)).isEqualTo(1);
        assertThat(side.metrics.total(Reason.INTERNAL)).isEqualTo(1);
        assertThat(side.fatal).isEmpty();
    }

    @Test
    void aLoopMayGiveAwaySoManyOfAShopAndInAllAndNoMore() {
        Side side = new Side(Duration.ofNanos(1));
        for (int i = 0; i < 16; i++) {
            assertThat(side.offer(dear(), side.reply())).isEqualTo(Admission.GIVEN_AWAY);
        }
        assertRefused(side, "demo");
        for (int i = 0; i < 16; i++) {
            assertThat(side.offer("second", dear(), side.reply())).isEqualTo(Admission.GIVEN_AWAY);
        }
        assertRefused(side, "third");
        assertThat(side.total(Counter.LIMIT_BULK)).isEqualTo(2);
        while (side.answered.size() < 32) {
            side.bulk.decodeNext();
            side.loop.iterate();
            side.commit();
        }
        assertThat(side.offer(dear(), side.reply())).isEqualTo(Admission.GIVEN_AWAY);
    }

    @Test
    void whatAllLoopsGiveAwayIsBoundedInBytes() {
        Side side = new Side(Duration.ofNanos(1));
        // As if other loops had given away all of it but for a byte, and then but for the request.
        int one = "k=demo".length() + dear().length();
        assertThat(side.bulk.reserve(BulkConfig.MOST_BYTES - one + 1)).isTrue();
        assertRefused(side, "demo");
        assertThat(side.total(Counter.LIMIT_BULK)).isEqualTo(1);
        assertThat(side.bulk.reserve(-1)).isTrue();
        for (int i = 0; i < 2; i++) {
            // The second time that the first has been taken back.
            Reply reply = side.reply();
            Admission admission = side.offer(dear(), reply);
            assertThat(admission).isEqualTo(Admission.GIVEN_AWAY);
            assertRefused(side, "second");
            side.settle(admission, reply);
        }
    }

    @Test
    void itIsBusyWhileItDecodesAndNotWhileItsLinesAreLent() {
        long[] busy = {0};
        Side[] side = {null};
        side[0] = new Side(
                Duration.ofNanos(1),
                8,
                decoders -> protocol -> (request, sink, outcome) -> {
                    busy[0] = side[0].bulk.busyNanos();
                    decoders.of(protocol).decode(request, sink, outcome);
                });
        side[0].offer(dear(), side[0].reply());
        assertThat(busy[0]).as("on the loop").isZero();
        side[0].bulk.decodeNext();
        assertThat(busy[0]).isPositive();
        assertThat(side[0].bulk.busyNanos()).isZero();
    }

    @Test
    void withNothingToDoItHasForgottenWhatItSaw() {
        Side side = new Side(Duration.ofNanos(1));
        List<Long> asked = new ArrayList<>();
        long now = side.clock.epochMillis();
        PeriodSecret secret = new PeriodSecret(Period.at(Period.Length.MONTH, now), new byte[32]);
        Cells cells = side.metrics.newCells();
        LineBuffer rejected = new LineBuffer(64);
        ScrubbedSink sink = new ScrubbedSink(side.metrics, cells, new Uuid7(), INCARNATION, 0, rejected, millis -> {
            asked.add(millis);
            return secret;
        });
        Decoding decoding = new Decoding(new Decoders(10, 1 << 18)::of, sink, side.clock);
        BulkWorker worker = new BulkWorker(
                side.clock, decoding, new LineBuffer(64), rejected, cells, 50, side.fatal::add, work -> new Thread());
        Shop shop = new Shop("demo", 0, Set.of(), null);
        side.request.begin(Protocol.EVENTS, now);
        side.request.body().set(dear());
        for (int i = 0; i < 2; i++) {
            worker.add(new BulkRequest(side.intake, side.request, side.reply(), shop));
        }
        for (int i = 0; i < 2; i++) {
            assertThat(worker.decodeNext()).isTrue();
            worker.taken(new BulkRequest(side.intake, side.request, side.reply(), shop));
        }
        assertThat(asked).as("for a secret").hasSize(1);
        assertThat(worker.decodeNext()).isFalse();
        worker.add(new BulkRequest(side.intake, side.request, side.reply(), shop));
        assertThat(worker.decodeNext()).isTrue();
        assertThat(asked).hasSize(2);
    }

    private static void assertRefused(Side side, String key) {
        Reply refused = side.reply();
        assertThat(side.offer(key, dear(), refused)).isEqualTo(Admission.ANSWERED);
        assertThat(refused.status()).isEqualTo(503);
        assertThat(refused.retryAfterSeconds()).isPositive();
    }

    @Test
    void linesForWhichThereIsNoCreditWaitForATicketAndTheWorkerWithThem() {
        Side side = new Side(Duration.ofNanos(1), 2, decoders -> decoders::of);
        Reply one = side.reply();
        Reply two = side.reply();
        side.offer(dear(), one);
        side.offer(dear(), two);
        Reply small = side.reply();
        side.offer("{\"event\":\"a\"}", small);
        side.loop.iterate();
        assertThat(side.ring.producer(0).inFlight())
                .as("the one ticket that is not kept for seals")
                .isEqualTo(1);
        assertThat(side.bulk.decodeNext()).isTrue();
        side.loop.iterate();
        assertThat(side.bulk.decodeNext()).as("its lines are lent").isFalse();
        assertThat(side.total(Counter.EVENTS_ACCEPTED)).isEqualTo(1);
        side.commit();
        assertThat(side.bulk.decodeNext()).isTrue();
        side.loop.iterate();
        side.commit();
        assertThat(side.answered).containsExactly(small, one, two);
        assertThat(side.answered).allMatch(reply -> reply.status() == 200);
    }

    @Test
    void linesThatWaitForCreditComeBeforeRequestsThatWantIt() {
        Side side = new Side(Duration.ofNanos(1), 2, decoders -> decoders::of);
        Reply dear = side.reply();
        side.offer(dear(), dear);
        Reply first = side.reply();
        side.offer("{\"event\":\"a\"}", first);
        side.loop.iterate();
        side.bulk.decodeNext();
        side.loop.iterate();
        assertThat(side.total(Counter.EVENTS_ACCEPTED)).as("the lines wait").isEqualTo(1);
        List<Reply> waiting = new ArrayList<>(List.of(side.reply(), side.reply(), side.reply()));
        assertThat(side.offer("{\"event\":\"b\"}", waiting.getFirst())).isEqualTo(Admission.NO_CREDIT);
        // As http does: all that wait, until there is no credit, and newcomers behind them.
        side.intake.onCredit(() -> {
            while (!waiting.isEmpty() && side.offer("{\"event\":\"b\"}", waiting.getFirst()) == Admission.STAGED) {
                waiting.removeFirst();
            }
        });
        while (!waiting.isEmpty() || side.answered.size() < 5) {
            int before = side.answered.size();
            side.loop.iterate();
            side.commit();
            assertThat(side.answered).as("somebody goes on").hasSizeGreaterThan(before);
        }
        assertThat(side.answered).startsWith(first, dear).hasSize(5);
    }

    @Test
    void aDrainWaitsForWhatWasGivenAway() {
        Side side = new Side(Duration.ofNanos(1));
        Reply dear = side.reply();
        side.offer(dear(), dear);
        boolean[] done = {false};
        side.intake.drain(() -> done[0] = true);
        side.loop.iterate();
        side.commit();
        assertThat(done[0]).isFalse();
        side.bulk.decodeNext();
        side.loop.iterate();
        side.commit();
        assertThat(done[0]).isTrue();
        assertThat(dear.status()).isEqualTo(200);
    }

    /** A loop whose tasks the test's thread waits for. */
    private static final class QueueLoop implements LoopHandle {
        final BlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void afterIteration(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void schedule(Runnable task, long delayNanos) {
            // Nothing lingers in this test.
        }

        @Override
        public boolean inLoop() {
            return true;
        }
    }

    @Test
    void onAThreadOfItsOwnItTakesOneAfterTheOther() throws Exception {
        QueueLoop loop = new QueueLoop();
        Metrics metrics = new Metrics();
        List<Throwable> fatal = new ArrayList<>();
        List<Reply> answered = new ArrayList<>();
        CommitRing ring = new CommitRing(1, 8, 16 << 20);
        ThreadFactory threads = Thread.ofPlatform().daemon().name("sluice-bulk").factory();
        IntakeConfig config = new IntakeConfig(
                1,
                Duration.ZERO,
                1_024_000,
                16 << 20,
                Duration.ofHours(1),
                10_000,
                262_144,
                Duration.ofHours(1),
                Duration.ofHours(1),
                new BulkConfig(Duration.ofNanos(1), 100));
        List<StreamGroup> groups = List.of(
                new StreamGroup(0, "events", Encoding.NDJSON, 1, "s", ""),
                new StreamGroup(REJECTED, "rejected", Encoding.NDJSON, 1, "s", ""));
        Function<Decoders, Function<Protocol, Decoder>> decoders = all -> all::of;
        try (BulkWorker bulk = TestIntakes.bulk(Clock.system(), INCARNATION, metrics, decoders, fatal::add, threads)) {
            LoopIntake intake = TestIntakes.create(
                    Clock.system(),
                    loop,
                    ring.producer(0),
                    INCARNATION,
                    groups,
                    metrics,
                    decoders,
                    config,
                    bulk,
                    fatal::add);
            FramedRequest request = new FramedRequest();
            for (int i = 0; i < 5; i++) {
                request.begin(Protocol.EVENTS, 1_763_855_999_123L);
                request.query().set("k=demo");
                request.body().set(dear());
                assertThat(intake.offer(request, new Reply(answered::add))).isEqualTo(Admission.GIVEN_AWAY);
            }
            Ticket[] one = new Ticket[1];
            while (answered.size() < 5) {
                Runnable task = loop.tasks.poll(60, TimeUnit.SECONDS);
                assertThat(task).as("after %d answers", answered.size()).isNotNull();
                task.run();
                while (ring.poll(one, 1) == 1) {
                    ring.handBack(one[0], Ticket.Outcome.COMMITTED);
                    ring.wakeProducers();
                }
            }
        }
        assertThat(answered).allMatch(reply -> reply.status() == 200);
        assertThat(metrics.total(Counter.BULK_REQUESTS)).isEqualTo(5);
        assertThat(fatal).isEmpty();
    }
}
