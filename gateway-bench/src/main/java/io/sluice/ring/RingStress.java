package io.sluice.ring;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Races the two sides of the ring against each other: every interleaving that jcstress can provoke must end in one of
 * the named outcomes. {@code scripts/stress} runs them.
 *
 * <p>A lost wake-up does not hang a test. The committer waits {@link #LONG_NANOS}; if it was still waiting after half
 * of that, only the timeout can have woken it, and the outcome is forbidden.
 */
final class RingStress {

    /** Far beyond what a scheduler keeps a runnable thread waiting, so that no busy machine fakes a lost wake-up. */
    private static final long LONG_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final int ARENA_BYTES = 64;
    private static final int FIRST = 0x11111111;
    private static final int SECOND = 0x22222222;

    private RingStress() {}

    private static void publish(Producer producer, int content) {
        Ticket ticket = producer.open(Integer.BYTES, true);
        producer.arena().buffer().putInt(ticket.offset(), content);
        producer.publish(ticket, Integer.BYTES, 1, content, 0, content);
    }

    /** Waits as the committer does. @return whether something other than the timeout ended it */
    private static boolean awaitTicket(CommitRing ring) {
        long start = System.nanoTime();
        return ring.await(LONG_NANOS) && System.nanoTime() - start < LONG_NANOS / 2;
    }

    /** A producer publishes while the committer goes idle. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The committer got the ticket, before it parked or by a wake-up.")
    @Outcome(id = "0", expect = FORBIDDEN, desc = "The committer slept through the ticket.")
    @State
    public static class PublishAgainstIdle {
        private final CommitRing ring = new CommitRing(1, 2, ARENA_BYTES);

        @Actor
        public void loop() {
            publish(ring.producer(0), FIRST);
        }

        @Actor
        public void committer(I_Result r) {
            r.r1 = awaitTicket(ring) ? ring.poll(new Ticket[2], 2) : 0;
        }
    }

    /**
     * Two producers claim and publish while the committer goes idle. The second runs on the committer's thread, and its
     * slot may lie behind one that is claimed and not yet published.
     */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The committer got both tickets.")
    @Outcome(expect = FORBIDDEN, desc = "The committer slept through a ticket.")
    @State
    public static class TwoPublishAgainstIdle {
        private final CommitRing ring = new CommitRing(2, 2, ARENA_BYTES);

        @Actor
        public void loop() {
            publish(ring.producer(0), FIRST);
        }

        @Actor
        public void committer(I_Result r) {
            publish(ring.producer(1), SECOND);
            Ticket[] batch = new Ticket[2];
            while (r.r1 < 2 && awaitTicket(ring)) {
                r.r1 += ring.poll(batch, 2);
            }
        }
    }

    /** A loop with staged work says that it wants the committer idle, and publishes only once it knows that it is. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "The loop saw that the committer is idle.")
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "The committer woke the loop when it went idle.")
    @Outcome(expect = FORBIDDEN, desc = "Both slept, or one of them.")
    @State
    public static class WantAgainstIdle {
        private final CommitRing ring = new CommitRing(1, 2, ARENA_BYTES);
        private final StressLoop loop = new StressLoop();

        public WantAgainstIdle() {
            ring.producer(0).attach(loop, () -> {});
        }

        @Actor
        public void loop(II_Result r) {
            if (ring.producer(0).wantIdle()) {
                r.r1 = 1;
            } else if (loop.awaitWakeUp(LONG_NANOS / 4)) {
                r.r1 = 2;
            }
            publish(ring.producer(0), FIRST);
        }

        @Actor
        public void committer(II_Result r) {
            r.r2 = awaitTicket(ring) ? ring.poll(new Ticket[2], 2) : 0;
        }
    }

    /** The committer ends a commit while a loop says that it wants to hear of it. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The commit's end woke the loop.")
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "The wish came later and is kept for the next end or idleness.")
    @Outcome(id = "3", expect = FORBIDDEN, desc = "The wish was acted upon twice.")
    @Outcome(id = "0", expect = FORBIDDEN, desc = "The wish was lost.")
    @State
    public static class WantAgainstCommitEnd {
        private final CommitRing ring = new CommitRing(1, 2, ARENA_BYTES);
        private final StressLoop loop = new StressLoop();

        public WantAgainstCommitEnd() {
            ring.producer(0).attach(loop, () -> {});
        }

        @Actor
        public void loop() {
            ring.producer(0).wantIdle();
        }

        @Actor
        public void committer() {
            ring.wakeProducers();
        }

        @Arbiter
        public void after(I_Result r) {
            int before = loop.wakeUps();
            if (before > 0) {
                loop.runWakeUp();
            }
            ring.wakeProducers();
            r.r1 = before + 2 * (loop.wakeUps() - before);
        }
    }

    /** The committer hands a ticket back while the loop runs the wake-up for an earlier one. */
    @JCStressTest
    @Outcome(id = "2, 0", expect = ACCEPTABLE, desc = "The wake-up under way took both; it served for both.")
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "It took both, and another that finds nothing is under way.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "It took the first, and another is under way for the second.")
    @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "A ticket lies in the inbox and nobody will look.")
    @Outcome(expect = FORBIDDEN, desc = "A ticket is gone, or a wake-up too many.")
    @State
    public static class HandBackAgainstWoken {
        private final CommitRing ring = new CommitRing(1, 2, ARENA_BYTES);
        private final StressLoop loop = new StressLoop();
        private final Ticket[] batch = new Ticket[2];
        private int taken;

        public HandBackAgainstWoken() {
            Producer producer = ring.producer(0);
            producer.attach(loop, () -> {
                for (Ticket ticket; (ticket = producer.pollReturned()) != null; taken++) {
                    producer.recycle(ticket);
                }
            });
            publish(producer, FIRST);
            publish(producer, SECOND);
            ring.poll(batch, 2);
            ring.handBack(batch[0], Ticket.Outcome.COMMITTED);
            ring.wakeProducers();
        }

        @Actor
        public void committer() {
            ring.handBack(batch[1], Ticket.Outcome.COMMITTED);
            ring.wakeProducers();
        }

        @Actor
        public void loop(II_Result r) {
            loop.runWakeUp();
            r.r1 = taken;
        }

        @Arbiter
        public void after(II_Result r) {
            r.r2 = loop.wakeUps() - 1;
        }
    }

    /**
     * What a producer wrote before it published is there for the committer; what that answered is there for the loop.
     */
    @JCStressTest
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "The committer looked before the ticket was there.")
    @Outcome(
            id = "1, 0",
            expect = ACCEPTABLE,
            desc = "It saw the whole ticket; the loop looked before it was answered.")
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING, desc = "The loop saw the answer and reused the memory.")
    @Outcome(expect = FORBIDDEN, desc = "A part of the ticket, of its frames or of its outcome was not visible.")
    @State
    public static class ContentsAgainstPoll {
        private static final int LOOKS = 200;

        private final CommitRing ring = new CommitRing(1, 2, Integer.BYTES);

        @Actor
        public void loop(II_Result r) {
            Producer producer = ring.producer(0);
            publish(producer, FIRST);
            Ticket returned = null;
            for (int i = 0; i < LOOKS && returned == null; i++) {
                returned = producer.pollReturned();
            }
            if (returned != null) {
                r.r2 = returned.outcome() == Ticket.Outcome.COMMITTED ? 1 : -1;
                producer.recycle(returned);
                // The arena holds one frame, so this one lies where the first was.
                publish(producer, SECOND);
            }
        }

        @Actor
        public void committer(II_Result r) {
            Ticket[] batch = new Ticket[1];
            for (int i = 0; i < LOOKS; i++) {
                if (ring.poll(batch, 1) > 0) {
                    r.r1 = isFirst(batch[0]) ? 1 : -1;
                    ring.handBack(batch[0], Ticket.Outcome.COMMITTED);
                    return;
                }
            }
        }

        private static boolean isFirst(Ticket ticket) {
            int content = ticket.producer().arena().buffer().getInt(ticket.offset());
            return content == FIRST
                    && ticket.length() == Integer.BYTES
                    && ticket.frames() == 1
                    && ticket.records() == FIRST
                    && ticket.publishedNanos() == FIRST
                    && ticket.outcome() == null;
        }
    }

    /** The ring is closed while the committer goes idle. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "The committer came back at once.")
    @Outcome(id = "0", expect = FORBIDDEN, desc = "The committer slept on.")
    @State
    public static class CloseAgainstIdle {
        private final CommitRing ring = new CommitRing(1, 2, ARENA_BYTES);

        @Actor
        public void closer() {
            ring.close();
        }

        @Actor
        public void committer(I_Result r) {
            long start = System.nanoTime();
            boolean ticket = ring.await(LONG_NANOS);
            r.r1 = !ticket && System.nanoTime() - start < LONG_NANOS / 2 ? 1 : 0;
        }
    }
}
