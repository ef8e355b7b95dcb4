package io.sluice.bootstrap;

import io.sluice.admin.AdminServer;
import io.sluice.cli.SecretStores;
import io.sluice.common.Clock;
import io.sluice.config.InvalidConfig;
import io.sluice.config.Problem;
import io.sluice.config.SluiceConfig;
import io.sluice.delivery.DeliveryService;
import io.sluice.delivery.Destination;
import io.sluice.http.BadTlsException;
import io.sluice.http.HttpServer;
import io.sluice.intake.Intakes;
import io.sluice.journal.Journal;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import io.sluice.privacy.period.PeriodSecrets;
import io.sluice.ring.CommitRing;
import io.sluice.ring.RingConfig;
import io.sluice.shop.ShopPolicy;
import io.sluice.shop.ShopRegistry;
import io.sluice.shop.ShopsWatch;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole server, wired on one screen, with its order of start and of stop.
 *
 * <p>Start goes from the log outwards, so that nothing is taken in before it can be kept; stop goes the other way, so
 * that what was taken in is kept before the log closes. One thread starts and one stops.
 */
final class Server implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    /** Longer than any stall of a disk that is worth sitting out, shorter than a balancer's patience. */
    private static final Duration WEDGED = Duration.ofSeconds(30);

    private static final Duration CONNECTIONS_DRAIN = Duration.ofSeconds(10);
    private static final int LOG_NUMBER = 0;

    private final SluiceConfig config;
    private final Clock clock = Clock.system();
    private final Storage storage;
    private final Metrics metrics = new Metrics();
    private final Watchdog watchdog = new Watchdog(WEDGED, message -> Fatal.end(message, null));
    private final Journal journal;
    private final DeliveryService delivery;
    private final HttpServer http;
    private final AdminServer admin;
    private final Supplier<List<String>> policies;

    /** What has been opened and must be closed, last first. */
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    private volatile boolean listening;
    /** Readiness has failed for good. */
    private volatile boolean stopping;

    /** No more connections are taken. */
    private volatile boolean draining;

    private boolean stopped;
    private boolean allAnswered = true;
    private Journal.Left left = new Journal.Left(0, 0, 0, 0, 0);

    private Server(SluiceConfig config, Storage storage) throws Exception {
        this.config = config;
        this.storage = storage;
        try {
            PeriodSecrets secrets =
                    opened(new PeriodSecrets(config.pseudonyms(), SecretStores.open(config), clock, metrics));
            ShopsSource source = new ShopsSource(config, secrets::require);
            ShopRegistry shops = new ShopRegistry(source);
            secrets.start();
            // First of what is opened: a second start on the same ports ends here, before it makes an incarnation.
            admin = opened(new AdminServer(config.admin(), metrics, watchdog::failures, this::notReady));
            policies = () -> shops.current().policies().stream()
                    .map(ShopPolicy::label)
                    .sorted()
                    .toList();
            admin.policies(policies);
            metrics.gauge(Gauge.READY, () -> notReady().isEmpty() ? 1 : 0);
            if (source.files().isEmpty()) {
                metrics.gauge(Gauge.SHOPS_STALE_SECONDS, () -> 0);
            } else {
                opened(new ShopsWatch(shops, clock, metrics)).start();
            }
            journal = opened(Journal.open(config.journal(), storage, clock, metrics, config.groups(), 1));
            opened(this::countLeft);
            int loops = config.http().loops();
            RingConfig waist = config.ring();
            CommitRing ring = new CommitRing(loops, waist.tickets(), waist.bytes() / loops, waist.commitWait());
            Intakes intakes = opened(new Intakes(
                    clock,
                    ring,
                    journal.incarnation(),
                    LOG_NUMBER,
                    config.groups(),
                    config.rejectedGroup(),
                    shops,
                    config.intake(),
                    secrets,
                    metrics,
                    e -> Fatal.end("a loop's intake or the bulk worker cannot go on", e)));
            watchdog.watchWork("bulk worker", intakes::bulkBusyNanos);
            journal.onFatal(e -> Fatal.end("the journal cannot go on", e));
            journal.start(LOG_NUMBER, ring);
            watchdog.watchWork("committer", () -> draining ? 0 : journal.stalledNanos());

            delivery = delivery();
            if (delivery != null) {
                opened(delivery).start();
                watchdog.watch("delivery", () -> draining || delivery.isAlive());
            }

            http = opened(http(shops));
            http.start((index, loop) -> {
                watchdog.watch("loop " + index, loop);
                return intakes.create(index, loop);
            });
            listening = true;
            ReadinessLog readiness = new ReadinessLog(this::notReady);
            watchdog.also(() -> {
                // A stop says by itself what it does.
                if (!stopping) {
                    readiness.look();
                }
            });
            opened(watchdog).start();
        } catch (Exception e) {
            closeAll(e);
            throw e;
        }
    }

    /** The configuration is one of which all has been checked, {@linkplain #checkTls its certificates} as well. */
    static Server start(SluiceConfig config) throws Exception {
        return start(config, new DiskStorage());
    }

    /** @param storage the disk for everything that is written: the journal, and objects where they are local */
    static Server start(SluiceConfig config, Storage storage) throws Exception {
        return new Server(config, storage);
    }

    /**
     * Starts the server and never returns: SIGTERM, SIGINT or a dead thread end the process.
     *
     * @param file what the configuration was read from, watched from now on; {@code null} if from no file
     */
    static int run(SluiceConfig config, Storage storage, Path file, ConfigWatch.Reload reload) throws Exception {
        // Before the start, since a signal may come as soon as somebody has seen that it is ready.
        CompletableFuture<Server> started = new CompletableFuture<>();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(started), "sluice-stop"));
        try {
            Server server = start(config, storage);
            if (file != null) {
                server.watch(file, reload);
            }
            System.err.print(Banner.of(config, server, file));
            started.complete(server);
        } finally {
            // Unless it is complete: then there is nothing to stop.
            started.cancel(false);
        }
        new CountDownLatch(1).await();
        return 0;
    }

    private synchronized void watch(Path file, ConfigWatch.Reload reload) {
        if (delivery != null && !stopped) {
            opened(new ConfigWatch(file, reload, config, delivery::streams)).start();
        }
    }

    /** A signal that comes while the server starts is heeded when it has. */
    private static void end(CompletableFuture<Server> started) {
        try {
            started.join().end();
        } catch (CancellationException e) {
            // It did not start, and whoever asked for it says why.
            LOG.debug("nothing to stop");
        }
    }

    /** The end of the process by a signal. A hook that returned would have the JVM exit with the signal's number. */
    private void end() {
        int code = 0;
        try {
            stop();
            System.err.println(Banner.farewell(config, left, allAnswered, delivery != null && delivery.isAlive()));
        } catch (Throwable e) {
            LOG.error("the stop did not complete; what was acknowledged is in the journal", e);
            code = 1;
        }
        Logging.stop();
        Runtime.getRuntime().halt(code);
    }

    /**
     * Fails readiness, after {@code http.drain-delay} takes no more, answers what is in flight, seals, delivers, and
     * closes. Repeating it does nothing.
     *
     * @throws Exception if something could not be closed in order; what was acknowledged is in the journal all the same
     */
    synchronized void stop() throws Exception {
        if (stopped) {
            return;
        }
        stopped = true;
        stopping = true;
        Exception failure = null;
        try {
            drain();
        } catch (Exception e) {
            failure = e;
        }
        closeAll(failure);
    }

    private void drain() throws Exception {
        if (config.drainDelay().isPositive()) {
            LOG.info("Stopping: not ready any more, beacons are taken for {} more", config.drainDelay());
            Thread.sleep(config.drainDelay());
        }
        draining = true;
        http.stopAccepting();
        allAnswered = http.drain(CONNECTIONS_DRAIN);
        if (delivery != null) {
            delivery.drain(config.delivery().drainTimeout());
        }
    }

    /** What the next start will find, once delivery has ended and before the journal is closed. */
    private void countLeft() {
        left = journal.left();
    }

    @Override
    public void close() throws IOException {
        try {
            stop();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while stopping", e);
        } catch (Exception e) {
            throw new IOException("the stop did not complete", e);
        }
    }

    int httpPort() {
        return http.port();
    }

    /** The policies that shops have now, each with its version. */
    List<String> policies() {
        return policies.get();
    }

    int adminPort() {
        return admin.address().getPort();
    }

    Metrics metrics() {
        return metrics;
    }

    Journal journal() {
        return journal;
    }

    /** The kind of file system that the journal lies on; empty if it is not known. */
    String journalFileSystem() {
        try {
            return storage.fileSystem(config.journal().root());
        } catch (IOException e) {
            // Good for a hint and nothing else.
            return "";
        }
    }

    HttpServer http() {
        return http;
    }

    /** Why no new beacons should be sent here; empty if they should. */
    private List<String> notReady() {
        if (!listening) {
            return List.of("the gateway is starting");
        }
        List<String> reasons = new ArrayList<>();
        if (stopping) {
            reasons.add("the gateway is shutting down");
        }
        Journal.Readiness readiness = journal.readiness();
        if (readiness != Journal.Readiness.READY) {
            reasons.add(readiness.text());
        }
        if (journal.stalledNanos() > config.intake().ticketTimeout().toNanos()) {
            reasons.add("the journal has been at one write for longer than commit.ticket-timeout");
        }
        return reasons;
    }

    private DeliveryService delivery() throws IOException {
        Destination destination = Destinations.open(config, storage, clock, metrics);
        return destination == null
                ? null
                : new DeliveryService(
                        journal.blocks(),
                        destination,
                        config.delivery().manifests(),
                        journal.incarnation(),
                        clock,
                        metrics);
    }

    private HttpServer http(ShopRegistry shops) throws InvalidConfig {
        try {
            return new HttpServer(config.http(), shops, metrics, clock, Server::loopDied);
        } catch (BadTlsException e) {
            // Since they were looked at, they have become bad.
            throw invalid(e);
        }
    }

    /**
     * Looks at the certificates.
     *
     * @return what is to be said of those that are taken all the same, a line each
     * @throws InvalidConfig with everything that is wrong with them
     */
    static List<String> checkTls(SluiceConfig config) throws InvalidConfig {
        try {
            return HttpServer.check(config.http().tls());
        } catch (BadTlsException e) {
            throw invalid(e);
        }
    }

    private static InvalidConfig invalid(BadTlsException bad) {
        List<Problem> problems = new ArrayList<>();
        for (BadTlsException.Problem problem : bad.problems()) {
            problems.add(new Problem("http.tls." + problem.key(), null, problem.expected(), problem.file()));
        }
        return new InvalidConfig(problems);
    }

    private static void loopDied(Throwable e) {
        Fatal.end("an event loop cannot go on", e);
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.push(part);
        return part;
    }

    /** @param first what went wrong before, thrown when all is closed; {@code null} if nothing did */
    private void closeAll(Exception first) throws Exception {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
