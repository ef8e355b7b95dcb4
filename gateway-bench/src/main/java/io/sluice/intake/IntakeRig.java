package io.sluice.intake;

import io.sluice.common.Clock;
import io.sluice.common.LoopHandle;
import io.sluice.metrics.Metrics;
import io.sluice.protocol.FramedRequest;
import io.sluice.record.Encoding;
import io.sluice.record.StreamGroup;
import io.sluice.ring.CommitRing;
import io.sluice.ring.Reply;
import io.sluice.ring.Ticket;
import io.sluice.shop.ShopRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.UUID;

/**
 * The real intake of one loop, with its ring and arena, and in place of a committer one that hands tickets back at
 * once, but never as an idle one: a flush is one of 64 KiB of lines, as under load. One thread.
 */
final class IntakeRig {

    private static final int REPLIES = 4096;

    private final Reply[] replies = new Reply[REPLIES];
    private final Ticket[] batch = new Ticket[64];
    private final Loop loop = new Loop();
    private final CommitRing ring = new CommitRing(1, 64, 32 << 20);
    private final Intake intake;
    private int nextReply;

    IntakeRig(Encoding encoding) {
        for (int i = 0; i < REPLIES; i++) {
            replies[i] = new Reply(reply -> {});
        }
        List<StreamGroup> groups = List.of(
                new StreamGroup(0, "events", encoding, 1, "sluice-events", "events/"),
                new StreamGroup(1, "rejected", encoding, 1, "sluice-rejected", "rejected/"));
        IntakeConfig config = new IntakeConfig(
                64 * 1024,
                Duration.ofSeconds(1),
                1_024_000,
                16 << 20,
                Duration.ofSeconds(60),
                10_000,
                256 * 1024,
                Duration.ofMillis(200),
                Duration.ofSeconds(2),
                new BulkConfig(Duration.ofMillis(2), 50));
        intake = new Intakes(
                        Clock.system(),
                        ring,
                        new UUID(1, 2),
                        0,
                        groups,
                        1,
                        ShopRegistry.of(Received.shops()),
                        config,
                        millis -> null,
                        new Metrics(),
                        e -> {
                            throw new IllegalStateException(e);
                        })
                .create(0, loop);
    }

    /** Takes the request, and answers those that were flushed. @return tickets that were handed back */
    int take(FramedRequest request) {
        Reply reply = replies[nextReply++ & REPLIES - 1];
        Intake.Admission admission = intake.offer(request, reply);
        if (admission != Intake.Admission.STAGED && admission != Intake.Admission.GIVEN_AWAY) {
            throw new IllegalStateException(admission + ", status " + reply.status());
        }
        loop.run();
        int tickets = ring.poll(batch, batch.length);
        for (int i = 0; i < tickets; i++) {
            ring.handBack(batch[i], Ticket.Outcome.COMMITTED);
        }
        if (tickets > 0) {
            ring.wakeProducers();
            loop.run();
        }
        return tickets;
    }

    /** An event loop of the one thread that there is. Timers never run: blocks end when they are full. */
    private static final class Loop implements LoopHandle {

        private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();

        void run() {
            for (Runnable task; (task = tasks.poll()) != null; ) {
                task.run();
            }
        }

        @Override
        public void execute(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void afterIteration(Runnable task) {
            tasks.add(task);
        }

        @Override
        public void schedule(Runnable task, long delayNanos) {}

        @Override
        public boolean inLoop() {
            return true;
        }
    }
}
