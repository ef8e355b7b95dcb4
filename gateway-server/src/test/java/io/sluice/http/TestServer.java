package io.sluice.http;

import io.netty.handler.ssl.SslProvider;
import io.sluice.common.Clock;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import io.sluice.shop.Shop;
import io.sluice.shop.ShopRegistry;
import io.sluice.shop.Shops;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

/** A real server on a free port, with one loop and a fake intake, that knows the law of requests. */
final class TestServer implements AutoCloseable {

    static final String ORIGIN = "https://shop.example";

    static final HttpConfig CONFIG = new HttpConfig(
            "127.0.0.1",
            0,
            HttpConfig.Transport.AUTO,
            1,
            4096,
            8192,
            100_000,
            Duration.ofSeconds(60),
            Duration.ofSeconds(30),
            64,
            16,
            TlsConfig.NONE);

    final Metrics metrics = new Metrics();
    final AtomicReference<Throwable> fatal = new AtomicReference<>();
    final HttpServer server;
    FakeIntake intake;

    TestServer() throws IOException {
        this(CONFIG);
    }

    TestServer(HttpConfig config) throws IOException {
        this(config, Tls.provider());
    }

    TestServer(HttpConfig config, SslProvider provider) throws IOException {
        this(config, provider, Clock.system());
    }

    TestServer(HttpConfig config, Clock clock) throws IOException {
        this(config, Tls.provider(), clock);
    }

    private TestServer(HttpConfig config, SslProvider provider, Clock clock) throws IOException {
        Shop shop = new Shop("demo", 0, Set.of(ORIGIN));
        ShopRegistry shops = ShopRegistry.of(new Shops(List.of(new Shops.Entry(shop, List.of("demo")))));
        try {
            server = new HttpServer(config, shops, metrics, clock, fatal::set, provider);
        } catch (BadTlsException e) {
            throw new IOException(e);
        }
        server.start((index, loop) -> intake = new FakeIntake(loop));
    }

    RawClient connect() throws IOException {
        return new RawClient(server.port());
    }

    long total(Counter counter) {
        return metrics.total(counter);
    }

    long inFlight() {
        return (long) metrics.value(Gauge.REQUESTS_IN_FLIGHT);
    }

    long connections() {
        return (long) metrics.value(Gauge.CONNECTIONS);
    }

    /** Returns when the loop has been through all that its sockets held at the call. */
    void settle() throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            CountDownLatch turned = new CountDownLatch(1);
            intake.loop.execute(turned::countDown);
            turned.await();
        }
    }

    /** Checks the law of requests, which holds exactly once the loop stands still. */
    void checkLaw() {
        long received = total(Counter.REQUESTS_RECEIVED);
        long answered = total(Counter.REQUESTS_2XX) + total(Counter.REQUESTS_4XX) + total(Counter.REQUESTS_5XX);
        long abandoned = total(Counter.REQUESTS_ABANDONED);
        if (received != answered + inFlight() + abandoned) {
            throw new AssertionError("received " + received + ", answered " + answered + ", in flight " + inFlight()
                    + ", abandoned " + abandoned);
        }
    }

    @Override
    public void close() {
        server.close();
        checkLaw();
        if (inFlight() != 0 || metrics.value(Gauge.CONNECTIONS) != 0) {
            throw new AssertionError(
                    inFlight() + " requests, " + metrics.value(Gauge.CONNECTIONS) + " connections are left");
        }
        if (fatal.get() != null) {
            throw new AssertionError("fatal", fatal.get());
        }
    }
}
