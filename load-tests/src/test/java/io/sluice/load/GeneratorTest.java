package io.sluice.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class GeneratorTest {

    @TempDir
    Path directory;

    @Test
    void itGoesOnWithTheGatewayThatIsLeft() throws Exception {
        FakeGateway gone = new FakeGateway((number, request) -> FakeGateway.TAKEN);
        try (FakeGateway left = new FakeGateway((number, request) -> FakeGateway.TAKEN);
                Generator load = Generator.start(plan(List.of(address(gone), address(left)), 0))) {
            await(() -> gone.requests() > 0 && left.requests() > 0);
            gone.close();
            long before = load.acked();
            await(() -> load.acked() > before + 200);
            load.stop();
            assertThat(load.sent()).isGreaterThanOrEqualTo(load.acked());
        }
    }

    @Test
    void connectionsMoveOverAllGatewaysWhenTheyAreOpenedAnew() throws Exception {
        try (FakeGateway first = new FakeGateway((number, request) -> FakeGateway.TAKEN);
                FakeGateway second = new FakeGateway((number, request) -> FakeGateway.TAKEN);
                Generator load = Generator.start(plan(List.of(address(first), address(second)), 5))) {
            await(() -> first.connections() > 4 && second.connections() > 4);
            load.stop();
        }
    }

    @Test
    void itKnowsTheLongestTimeWithoutAnAck() throws Exception {
        AtomicLong stalledNanos = new AtomicLong();
        try (FakeGateway gateway = new FakeGateway((number, request) -> {
                    if (number == 10) {
                        long began = System.nanoTime();
                        TimeUnit.MILLISECONDS.sleep(150);
                        stalledNanos.set(System.nanoTime() - began);
                    }
                    return FakeGateway.TAKEN;
                });
                Generator load = Generator.start(new Generator.Plan(
                        List.of(address(gateway)), 1_000, 10, 1, 0, false, 1, "generato", directory))) {
            await(() -> gateway.requests() > 20);
            load.stop();
            assertThat(load.longestStall()).isGreaterThanOrEqualTo(Duration.ofNanos(stalledNanos.get()));
        }
    }

    @Test
    void nobodyListeningIsToldAtTheStop() throws Exception {
        FakeGateway gone = new FakeGateway((number, request) -> FakeGateway.TAKEN);
        gone.close();
        try (Generator load = Generator.start(plan(List.of(address(gone)), 0))) {
            assertThatThrownBy(load::stop)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("is the gateway running?");
        }
    }

    private Generator.Plan plan(List<InetSocketAddress> targets, int churn) {
        return new Generator.Plan(targets, 1_000, 10, 4, churn, false, 1, "generato", directory);
    }

    private static InetSocketAddress address(FakeGateway gateway) {
        return new InetSocketAddress(
                InetAddress.getLoopbackAddress(), URI.create(gateway.url()).getPort());
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) throws InterruptedException {
        while (!condition.holds()) {
            // Polls what other threads change, under the test's timeout.
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }
}
