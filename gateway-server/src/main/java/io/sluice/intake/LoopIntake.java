package io.sluice.intake;

import io.sluice.beacon.Decoders;
import io.sluice.common.Clock;
import io.sluice.common.FailureLog;
import io.sluice.common.LoopHandle;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Reason;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Outcome;
import io.sluice.record.LineBuffer;
import io.sluice.ring.Producer;
import io.sluice.ring.Reply;
import io.sluice.ring.Ticket;
import io.sluice.shop.Shop;
import io.sluice.shop.ShopRegistry;
import io.sluice.shop.Shops;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The driver of one loop: decode, scrub, pack, flush, and answer what came back.
 *
 * <p>Role: decides when things happen; what happens is the decoders', the sink's and the flusher's. Threads: its
 * loop's.
 * Ownership: staging, blocks and producer are its own; a reply is lent to it until it comes back. Cost: no allocation
 * per record, no lock, never blocks.
 *
 * <p>When it flushes: at the end of an iteration if the committer is idle; when {@code flushBytes} are staged; when the
 * oldest staged request has waited {@code maxDelay}; and when the timer finds a block due. Otherwise the next hand-back
 * or the committer's going idle brings it here again.
 */
final class LoopIntake implements Intake {

    private static final long TIMER_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

    /** Requests that the bulk worker may have of one loop. */
    private static final int MOST_GIVEN_AWAY = 32;

    /** And of one shop among them: its key is public, and whoever has it shall not take the places of all others. */
    private static final int MOST_OF_A_SHOP = 16;

    private final Clock clock;
    private final LoopHandle loop;
    private final Producer producer;
    private final ShopRegistry shops;
    private final Staging staging;
    private final Flusher flusher;
    private final Decoding decoding;
    private final BulkWorker bulk;
    private final IntakeConfig config;
    private final Cells cells;
    private final Consumer<Throwable> fatal;
    private final FailureLog failures;
    private final Outcome outcome = new Outcome();
    private final Answers answers = new Answers();
    private final AdmissionControl control;
    private final KeyFinder keys = new KeyFinder();
    private final Runnable iterationEnd = guarded(this::iterationEnded);
    private final Runnable tick = guarded(this::ticked);

    private Runnable creditCallback = () -> {};
    private boolean creditWanted;
    private boolean hookArmed;
    private boolean timerArmed;
    private long oldestStagedNanos;

    /** Requests that the bulk worker has, or has handed back. */
    private final List<BulkRequest> givenAway = new ArrayList<>(MOST_GIVEN_AWAY);
    /** What it has handed back and there was no credit for, else {@code null}. */
    private BulkRequest returned;

    private Runnable drained;

    // For others to read.
    private long refusedNanos;
    private volatile double refusedShare;

    LoopIntake(
            Clock clock,
            LoopHandle loop,
            Producer producer,
            ShopRegistry shops,
            Staging staging,
            Flusher flusher,
            Decoding decoding,
            BulkWorker bulk,
            IntakeConfig config,
            Cells cells,
            Consumer<Throwable> fatal) {
        this.clock = clock;
        this.loop = loop;
        this.producer = producer;
        this.shops = shops;
        this.staging = staging;
        this.flusher = flusher;
        this.decoding = decoding;
        this.bulk = bulk;
        this.config = config;
        this.cells = cells;
        this.fatal = fatal;
        this.failures = new FailureLog(clock);
        this.control = new AdmissionControl(config.targetDelay().toNanos());
        producer.attach(loop, guarded(this::ticketsReturned));
    }

    @Override
    public Admission offer(FramedRequest request, Reply reply) {
        assert loop.inLoop();
        if (drained != null) {
            return refuse(reply, Reason.DRAINING, -1);
        }
        long now = clock.nanoTime();
        long ticketNanos = producer.inFlight() > 0 ? now - producer.oldestPublishedNanos() : 0;
        control.offered(now, ticketNanos);
        armHook();
        if (ticketNanos > config.ticketTimeout().toNanos()) {
            // The disk stands still: it would be no kindness to let more clients wait for it.
            return refuse(reply, Reason.OVERLOADED, -1);
        }
        // What has been decoded comes first, else the others' small requests could take each bit of credit before it.
        if (returned != null || !hasCredit(request)) {
            creditWanted = true;
            return Admission.NO_CREDIT;
        }
        if (!keys.find(request)) {
            return refuse(reply, Reason.KEY_MISSING, -1);
        }
        Shop shop = shops.current().find(keys.array(), 0, keys.length());
        if (shop == null) {
            return refuse(reply, Reason.SHOP_UNKNOWN, -1);
        }
        if (!allowed(shop, request.origin())) {
            return refuse(reply, Reason.ORIGIN_REFUSED, -1);
        }
        if (control.refuses(shop, bytes(request))) {
            cells.increment(Counter.LIMIT_DELAY);
            return refuse(reply, Reason.OVERLOADED, -1);
        }
        return stage(request, reply, shop);
    }

    @Override
    public void onCredit(Runnable callback) {
        creditCallback = callback;
    }

    @Override
    public void drain(Runnable done) {
        drained = done;
        continueDrain();
    }

    /** A page may send for a shop that lists its origin, or lists none; what is no page has no origin. */
    private static boolean allowed(Shop shop, FramedRequest.Bytes origin) {
        return origin.isEmpty() || Shops.originAllowed(shop, origin.array(), 0, origin.length());
    }

    /** Decodes the request into staging, whole or not at all; or gives it to the bulk worker. */
    private Admission stage(FramedRequest request, Reply reply, Shop shop) {
        LineBuffer lines = staging.lines(shop.group());
        LineBuffer rejected = staging.rejected();
        int firstLine = lines.lines();
        int firstRejected = rejected.lines();
        int bytes = bytes(request);
        long turnNanos = bytes < LEAST_DEAR_BYTES ? 0 : config.bulk().turn().toNanos();
        try {
            if (!decoding.decode(request, shop, lines, outcome, turnNanos)) {
                return giveAway(request, reply, shop);
            }
            if (outcome.refusal() != null) {
                assert lines.lines() == firstLine && rejected.lines() == firstRejected : "a refusal left lines behind";
                return refuse(reply, outcome.refusal(), outcome.refusalOffset());
            }
            answers.staged(request.protocol(), outcome, reply);
            if (lines.lines() == firstLine && rejected.lines() == firstRejected) {
                // An empty array, say: nothing to be made durable, and no frame that a reply could wait for.
                return Admission.ANSWERED;
            }
            if (staging.isEmpty()) {
                oldestStagedNanos = clock.nanoTime();
            }
            // Last: from here on the lines belong to a request.
            staging.add(reply, shop, firstLine, firstRejected, request.receivedMillis());
        } catch (Throwable e) {
            // Nothing but the two buffers has been touched. Counted and answered by the caller as an internal error.
            lines.rollback(firstLine);
            rejected.rollback(firstRejected);
            throw e;
        }
        count(request, outcome, lines.lines() - firstLine, rejected.lines() - firstRejected);
        if (staging.bytes() >= config.flushBytes()) {
            flush();
        }
        return Admission.STAGED;
    }

    private static int bytes(FramedRequest request) {
        return request.body().length() + request.query().length();
    }

    /** Has the bulk worker decode the request, which would hold up the loop. */
    private Admission giveAway(FramedRequest request, Reply reply, Shop shop) {
        if (givenAway.size() == MOST_GIVEN_AWAY
                || givenAwayOf(shop) == MOST_OF_A_SHOP
                || !bulk.reserve(request.bytes())) {
            cells.increment(Counter.LIMIT_BULK);
            return refuse(reply, Reason.OVERLOADED, -1);
        }
        BulkRequest away = new BulkRequest(this, request, reply, shop);
        givenAway.add(away);
        bulk.add(away);
        return Admission.GIVEN_AWAY;
    }

    private int givenAwayOf(Shop shop) {
        int count = 0;
        for (int i = 0; i < givenAway.size(); i++) {
            // By name: what is read anew meanwhile makes another object of it.
            count += givenAway.get(i).shop.id().equals(shop.id()) ? 1 : 0;
        }
        return count;
    }

    /** Brings back a request that was given away. On the bulk worker. */
    void handBack(BulkRequest done) {
        loop.execute(done);
    }

    /** The bulk worker is done with a request. */
    void returned(BulkRequest done) {
        assert loop.inLoop() && returned == null;
        returned = done;
        try {
            stageReturned();
        } catch (Throwable e) {
            fatal.accept(e);
        }
    }

    /** Stages what the bulk worker has brought back, or answers it; waits for credit if it must. */
    private void stageReturned() {
        BulkRequest done = returned;
        Outcome outcome = done.outcome;
        int bytes = done.failure == null ? done.lines.size() + done.rejected.size() : 0;
        boolean staged = bytes > 0;
        if (staged && !hasCredit(bytes)) {
            // There is a ticket under way then, and its return comes here again.
            return;
        }
        returned = null;
        givenAway.remove(done);
        if (done.failure != null) {
            failures.report("Request answered 500", done.failure);
            refuse(done.reply, Reason.INTERNAL, -1);
        } else if (outcome.refusal() != null) {
            refuse(done.reply, outcome.refusal(), outcome.refusalOffset());
        } else {
            answers.staged(done.request.protocol(), outcome, done.reply);
            if (staged) {
                stage(done);
            }
        }
        bulk.taken(done);
        if (!staged) {
            done.reply.target().replied(done.reply);
        } else if (staging.bytes() >= config.flushBytes()) {
            flush();
        }
        if (drained != null) {
            continueDrain();
        }
    }

    private void stage(BulkRequest done) {
        LineBuffer lines = staging.lines(done.shop.group());
        LineBuffer rejected = staging.rejected();
        int firstLine = lines.lines();
        int firstRejected = rejected.lines();
        if (staging.isEmpty()) {
            oldestStagedNanos = clock.nanoTime();
        }
        lines.append(done.lines);
        rejected.append(done.rejected);
        staging.add(done.reply, done.shop, firstLine, firstRejected, done.request.receivedMillis());
        count(done.request, done.outcome, done.lines.lines(), done.rejected.lines());
        armHook();
    }

    private void count(FramedRequest request, Outcome outcome, int accepted, int rejected) {
        cells.add(Counter.REQUEST_BYTES, bytes(request));
        // What the decoder says that it found, beside what lies in staging: a law is worth only two counts.
        cells.add(Counter.EVENTS_DECODED, (long) outcome.accepted() + outcome.rejected());
        cells.add(Counter.EVENTS_ACCEPTED, accepted);
        cells.add(Counter.EVENTS_REJECTED, rejected);
        outcome.countRejected(cells);
    }

    private Admission refuse(Reply reply, Reason reason, int offset) {
        cells.refuse(reason, 1);
        answers.refused(reason, offset, -1, reply);
        return Admission.ANSWERED;
    }

    /** Credit for the worst that the request can become, taken before any of it is looked at. */
    private boolean hasCredit(FramedRequest request) {
        return hasCredit(Decoders.stagedBound(bytes(request)));
    }

    /** Credit for so many bytes of lines. */
    private boolean hasCredit(int bytes) {
        // What is staged already counts too; once it is on its way, the request may fit.
        return flusher.hasCredit(bytes) || !staging.isEmpty() && flush() && flusher.hasCredit(bytes);
    }

    private boolean flush() {
        return flush(false);
    }

    private boolean flush(boolean sealAll) {
        long now = clock.nanoTime();
        try {
            if (!flusher.flush(now, sealAll)) {
                return false;
            }
        } catch (Throwable e) {
            // Also within offer, whose caller would take it for the fault of one request.
            fatal.accept(e);
            throw e;
        }
        armTimer();
        return true;
    }

    /** Arms the callback at the end of the iteration; never from inside it, where the loop would run it at once. */
    private void armHook() {
        if (!hookArmed) {
            hookArmed = true;
            loop.afterIteration(iterationEnd);
        }
    }

    private void iterationEnded() {
        hookArmed = false;
        flushIfTime();
        long now = clock.nanoTime();
        control.iterationEnded(now);
        if (control.refused() > 0 || refusedShare > 0) {
            refusedNanos = now;
            refusedShare = control.refused();
        }
    }

    /** The share of the work that is refused because delay lasts, as of about now. Any thread. */
    double refusedShare() {
        double share = refusedShare;
        // With nobody coming there is nobody refused, and no iteration that would say so.
        return clock.nanoTime() - refusedNanos > AdmissionControl.REMEMBERED_NANOS ? 0 : share;
    }

    private void flushIfTime() {
        if (staging.isEmpty()) {
            return;
        }
        if (clock.nanoTime() - oldestStagedNanos >= config.maxDelay().toNanos() || producer.wantIdle()) {
            flush();
        }
    }

    private void armTimer() {
        if (!timerArmed && flusher.anyOpen()) {
            timerArmed = true;
            loop.schedule(
                    tick, Math.min(TIMER_NANOS, Math.max(1, config.lingerMax().toNanos() / 4)));
        }
    }

    private void ticked() {
        timerArmed = false;
        flush();
        armTimer();
    }

    private void ticketsReturned() {
        Ticket ticket;
        while ((ticket = producer.pollReturned()) != null) {
            flusher.returned(ticket);
            answer(ticket);
            producer.recycle(ticket);
        }
        flusher.renewEpoch();
        flushIfTime();
        if (returned != null) {
            stageReturned();
        }
        if (creditWanted && returned == null) {
            creditWanted = false;
            creditCallback.run();
        }
        if (drained != null) {
            continueDrain();
        }
    }

    private void answer(Ticket ticket) {
        boolean committed = ticket.outcome() == Ticket.Outcome.COMMITTED;
        if (!committed) {
            cells.increment(Counter.TICKETS_REFUSED);
            cells.add(Counter.EVENTS_UNKEPT, ticket.records());
        }
        for (int i = 0; i < ticket.replyCount(); i++) {
            Reply reply = ticket.reply(i);
            if (!committed) {
                cells.refuse(Reason.JOURNAL_FAILED, 1);
                answers.refused(Reason.JOURNAL_FAILED, -1, -1, reply);
            }
            reply.target().replied(reply);
        }
    }

    private void continueDrain() {
        boolean flushed = flush(true);
        if (flushed && producer.inFlight() == 0 && givenAway.isEmpty()) {
            Runnable done = drained;
            drained = () -> {};
            done.run();
        }
    }

    /** What throws in a callback has left encoders, arena or ring in an unknown state; the loop would swallow it. */
    private Runnable guarded(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (Throwable e) {
                fatal.accept(e);
            }
        };
    }
}
