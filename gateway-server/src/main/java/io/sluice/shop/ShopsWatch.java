package io.sluice.shop;

import io.sluice.common.Clock;
import io.sluice.common.FileWatch;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the shops read again when a file of theirs has changed, and knows for how long these have been ones that could
 * not be taken.
 *
 * <p>A {@link FileWatch} looks at the files. Bad ones are tried once, not each time: they have to change again.
 */
public final class ShopsWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ShopsWatch.class);

    private final ShopRegistry registry;
    private final Clock clock;
    private final FileWatch watch;

    private boolean looked;

    private volatile boolean stale;
    private volatile long staleSinceNanos;

    /** Watches nothing before {@link #start}. */
    public ShopsWatch(ShopRegistry registry, Clock clock, Metrics metrics) {
        this.registry = registry;
        this.clock = clock;
        this.watch = new FileWatch("sluice-shops", registry::files, this::check);
        metrics.gauge(Gauge.SHOPS_STALE_SECONDS, this::staleSeconds);
    }

    public void start() {
        watch.start();
    }

    /** Reads the files if they are not as they were at the last look. */
    void check() {
        if (!watch.changed()) {
            return;
        }
        // Of what the start has read already, the first look says nothing.
        boolean first = !looked;
        looked = true;
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

    private double staleSeconds() {
        return stale ? (clock.nanoTime() - staleSinceNanos) / 1e9 : 0;
    }

    @Override
    public void close() {
        watch.close();
    }
}
