package io.sluice.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Protocol;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class LaneThreadTest {

    private static final int REQUESTS = 200_000;

    @Test
    void takesEveryRequestOnceAndInOrderWhoeverSleeps() throws InterruptedException {
        long[] seen = {0, 0};
        CountDownLatch all = new CountDownLatch(1);
        LaneThread lane = new LaneThread(Thread.currentThread(), request -> {
            long number = request.receivedMillis();
            if (number != seen[0] + 1) {
                seen[1]++;
            }
            seen[0] = number;
            if (number == REQUESTS) {
                all.countDown();
            }
            return 0;
        });
        try (lane) {
            for (int i = 1; i <= REQUESTS; i++) {
                lane.awaitFree().begin(Protocol.EVENTS, i);
                lane.publish();
                if (i % 1000 == 0) {
                    // So that the lane falls asleep now and then.
                    Thread.yield();
                }
            }
            all.await();
        }

        assertThat(seen[0]).isEqualTo(REQUESTS);
        assertThat(seen[1]).isZero();
    }

    @Test
    void theLoopIsToldThatTheLaneHasEnded() throws InterruptedException {
        IllegalArgumentException failure = new IllegalArgumentException("refused");
        LaneThread lane = new LaneThread(Thread.currentThread(), (FramedRequest request) -> {
            throw failure;
        });
        try (lane) {
            assertThatThrownBy(() -> {
                        for (int i = 0; i <= 2 * LaneThread.REQUESTS; i++) {
                            lane.awaitFree();
                            lane.publish();
                        }
                    })
                    .isInstanceOf(IllegalStateException.class)
                    .hasCause(failure);
        }
    }
}
