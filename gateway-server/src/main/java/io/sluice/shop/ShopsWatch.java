package io.sluice.shop;

import io.sluice.common.Clock;
import io.sluice.common.FileStamp;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the shops read again when a file of theirs has changed, and knows for how long these have been ones that could
 * not be taken.
 *
 * <p>Looks at time and size of the files every few seconds, on a daemon thread of its own; a symbolic link is followed,
 * so that a mounted configuration is seen to change. Bad files are tried once, not each time: they have to change
 * again.
 */
public final class ShopsWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ShopsWatch.class);
    private static final Duration PERIOD = Duration.ofSeconds(2);

    private final ShopRegistry registry;
    private final Clock clock;
    private final Thread thread =
            Thread.ofPlatform().daemon().name("sluice-shops").unstarted(this::run);

    /** Of the last reading. None at first: a file may have changed since the registry was filled from it. */
    private Map<Path, FileStamp> read;

    private volatile boolean stale;
    private volatile long staleSinceNanos;

    /** Watches nothing before {@link #start}. */
    public ShopsWatch(ShopRegistry registry, Clock clock, Metrics metrics) {
        this.registry = registry;
        this.clock = clock;
        metrics.gauge(Gauge.SHOPS_STALE_SECONDS, this::staleSeconds);
    }

    public void start() {
        thread.start();
    }

    /** Reads the files if they are not as they were at the last look. */
    void check() {
        // Before the reading: what is written meanwhile is found at the next look.
        Map<Path, FileStamp> now = stamps();
        if (now.equals(read)) {
            return;
        }
        boolean first = read == null;
        read = now;
        if (registry.reload()) {
            stale = false;
            if (!first) {
                Shops shops = registry.current();
                LOG.info("Shops read again: {}, under {}", shops.size(), labels(shops));
            }
        } else if (!stale) {
            staleSinceNanos = clock.nanoTime();
            stale = true;
        }
    }

    private static String labels(Shops shops) {
        Set<String> labels = new TreeSet<>();
        for (ShopPolicy policy : shops.policies()) {
            labels.add(policy.label());
        }
        return labels.isEmpty() ? "no policy" : String.join(", ", labels);
    }

    private Map<Path, FileStamp> stamps() {
        Map<Path, FileStamp> stamps = new HashMap<>();
        for (Path file : registry.files()) {
            stamps.put(file, FileStamp.of(file));
        }
        return stamps;
    }

    private double staleSeconds() {
        return stale ? (clock.nanoTime() - staleSinceNanos) / 1e9 : 0;
    }

    private void run() {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(PERIOD.toNanos());
                check();
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
