package io.sluice.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.LoopHandle;
import io.sluice.testing.ManualLoop;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CommitRingTest {

    @Test
    void keepsOneCreditForSeals() {
        CommitRing ring = new CommitRing(1, 4, 4096);
        Producer producer = ring.producer(0);
        for (int i = 0; i < 3; i++) {
            assertThat(producer.hasCredit(100)).isTrue();
            publish(producer, false);
        }
        assertThat(producer.hasCredit(100)).isFalse();
        assertThat(producer.open(100, false)).isNull();
        publish(producer, true);
        assertThat(producer.open(100, true)).isNull();
        assertThat(producer.inFlight()).isEqualTo(4);
    }

    @Test
    void answersComeBackInOrderWithOneWakeUpABatch() {
        CommitRing ring = new CommitRing(1, 8, 4096);
        Producer producer = ring.producer(0);
        ManualLoop loop = new ManualLoop();
        AtomicInteger wakeUps = new AtomicInteger();
        producer.attach(loop, wakeUps::incrementAndGet);
        Ticket[] sent = {publish(producer, false), publish(producer, false), publish(producer, false)};

        Ticket[] batch = new Ticket[8];
        assertThat(ring.poll(batch, 2)).isEqualTo(2);
        assertThat(ring.poll(batch, 8)).isEqualTo(1);
        for (Ticket ticket : sent) {
            ring.handBack(ticket, Ticket.Outcome.COMMITTED);
        }
        ring.wakeProducers();
        ring.wakeProducers();

        assertThat(loop.iterate()).isTrue();
        assertThat(wakeUps).hasValue(1);
        for (Ticket ticket : sent) {
            assertThat(producer.pollReturned()).isSameAs(ticket);
            assertThat(ticket.outcome()).isEqualTo(Ticket.Outcome.COMMITTED);
            producer.recycle(ticket);
        }
        assertThat(producer.pollReturned()).isNull();
        assertThat(producer.inFlight()).isZero();
        assertThat(producer.arena().used()).isZero();
    }

    @Test
    void anAbandonedTicketCostsNothing() {
        CommitRing ring = new CommitRing(1, 2, 4096);
        Producer producer = ring.producer(0);
        for (int i = 0; i < 10; i++) {
            producer.abandon(producer.open(4096, false));
        }
        assertThat(producer.hasCredit(4096)).isTrue();
    }

    @Test
    void theOldestTicketInFlightIsKnownAcrossManyTurns() {
        CommitRing ring = new CommitRing(1, 4, 4096);
        Producer producer = ring.producer(0);
        producer.attach(new ManualLoop(), () -> {});
        Ticket[] one = new Ticket[1];
        for (int i = 0; i < 20; i++) {
            producer.publish(producer.open(100, false), 80, 1, 1, 0, i);
            assertThat(producer.oldestPublishedNanos()).isEqualTo(Math.max(0, i - 1));
            if (i > 0) {
                ring.poll(one, 1);
                ring.handBack(one[0], Ticket.Outcome.COMMITTED);
                producer.recycle(producer.pollReturned());
                assertThat(producer.oldestPublishedNanos()).isEqualTo(i);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(RingConfig.CommitWait.class)
    @Timeout(60)
    void noTicketAndNoWishIsEverSleptThrough(RingConfig.CommitWait wait) throws InterruptedException {
        int producers = 3;
        // A committer that never sleeps takes whole turns of the processors that producers wait for.
        int ticketsPerProducer = wait == RingConfig.CommitWait.PARK ? 30_000 : 3_000;
        CommitRing ring = new CommitRing(producers, 4, 64 * 1024, wait);
        Thread committer = new Thread(() -> commit(ring), "committer");
        committer.start();
        CountDownLatch done = new CountDownLatch(producers);
        for (int i = 0; i < producers; i++) {
            Producer producer = ring.producer(i);
            new Thread(() -> produce(producer, ticketsPerProducer, done), "producer-" + i).start();
        }
        assertThat(done.await(50, TimeUnit.SECONDS))
                .as("every ticket came back")
                .isTrue();
        ring.close();
        committer.join();
    }

    @ParameterizedTest
    @EnumSource(RingConfig.CommitWait.class)
    @Timeout(60)
    void aWaitEndsWithItsTimeAndWithTheRing(RingConfig.CommitWait wait) {
        CommitRing ring = new CommitRing(1, 4, 4096, wait);
        ring.producer(0).attach(new ManualLoop(), () -> {});
        assertThat(ring.await(1_000_000)).isFalse();
        assertThat(ring.producer(0).wantIdle()).as("idle behind the wait").isFalse();
        publish(ring.producer(0), false);
        assertThat(ring.await(Long.MAX_VALUE)).isTrue();
        assertThat(ring.poll(new Ticket[1], 1)).isEqualTo(1);
        ring.close();
        assertThat(ring.await(Long.MAX_VALUE)).isFalse();
    }

    private static void commit(CommitRing ring) {
        Ticket[] batch = new Ticket[2];
        while (!ring.isClosed()) {
            int count = ring.poll(batch, batch.length);
            for (int i = 0; i < count; i++) {
                ring.handBack(batch[i], Ticket.Outcome.COMMITTED);
            }
            ring.wakeProducers();
            if (count == 0) {
                ring.await(Long.MAX_VALUE);
            }
        }
    }

    /** Publishes either when it has just staged something, or only once it learns that the committer is idle. */
    private static void produce(Producer producer, int tickets, CountDownLatch done) {
        LinkedBlockingQueue<Runnable> tasks = new LinkedBlockingQueue<>();
        LoopHandle loop = new LoopHandle() {
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
        };
        int[] returned = {0};
        producer.attach(loop, () -> {
            for (Ticket ticket; (ticket = producer.pollReturned()) != null; returned[0]++) {
                producer.recycle(ticket);
            }
        });
        int published = 0;
        try {
            while (returned[0] < tickets) {
                boolean staged = published < tickets && producer.hasCredit(100);
                if (staged && (published % 3 == 0 || producer.wantIdle())) {
                    publish(producer, false);
                    published++;
                    continue;
                }
                // Nothing to do until the committer says something: a lost wake-up hangs here, and the test fails.
                tasks.take().run();
            }
            done.countDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Ticket publish(Producer producer, boolean seal) {
        Ticket ticket = producer.open(100, seal);
        producer.publish(ticket, 80, 1, 1, 0, 0);
        return ticket;
    }
}
