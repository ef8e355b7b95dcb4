package io.sluice.privacy.period;

import io.sluice.common.Clock;
import io.sluice.common.SecretStore;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the secrets of the present period, of the one before and, a day ahead, of the next one at hand, and destroys
 * those that are past their time.
 *
 * <p>Threads: a daemon thread of its own asks the store; {@link #at} is for loops, which find an immutable snapshot and
 * never wait. A secret that cannot be had is asked for every minute. Nobody is ever given another period's in its
 * place.
 */
public final class PeriodSecrets implements PeriodSecret.Source, AutoCloseable {

    /** So long before it begins is the secret of a period made: time for people to mend what keeps it from that. */
    static final Duration AHEAD = Duration.ofHours(24);

    private static final Duration LOOK = Duration.ofMinutes(1);
    /** Between two lines in the log about the same failure, and between two searches for what is past its time. */
    private static final Duration SELDOM = Duration.ofHours(1);

    private static final Logger LOG = LoggerFactory.getLogger(PeriodSecrets.class);

    private final Period.Length length;
    private final Duration keep;
    private final SecretStore store;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();
    private final Thread thread =
            Thread.ofPlatform().daemon().name("sluice-secrets").unstarted(this::run);

    private final Semaphore wake = new Semaphore(0);

    private volatile boolean wanted;
    private volatile boolean closed;
    /** The newest first. Replaced, never changed. */
    private volatile PeriodSecret[] held = {};

    // Guarded by this.
    private final Seldom failures = new Seldom();
    private final Seldom sweeps = new Seldom();

    /**
     * Makes and fetches nothing before {@link #require}.
     *
     * @param keep how long after its end a period's secret stays
     * @param store closed with this
     */
    public PeriodSecrets(PseudonymConfig config, SecretStore store, Clock clock, Metrics metrics) {
        this.length = config.period();
        this.keep = config.keep();
        this.store = store;
        this.clock = clock;
        metrics.gauge(Gauge.PSEUDONYM_SECONDS, this::secondsLeft);
    }

    /**
     * Fetches the present secret if it is not at hand, for those who must not go on without it, and has the next ones
     * fetched from now on. Blocks.
     *
     * @throws IOException if it cannot be had; the message says from where and why
     */
    public synchronized void require() throws IOException {
        long now = clock.epochMillis();
        if (at(now) != null) {
            return;
        }
        Period period = Period.at(length, now);
        try {
            hold(List.of(new PeriodSecret(period, made(period))));
            wanted = true;
            wake.release();
        } catch (IOException | RuntimeException e) {
            throw new IOException(
                    "a policy hashes values, but the secret of " + period + " cannot be had from " + store + ": "
                            + reason(e),
                    e);
        }
    }

    public void start() {
        thread.start();
    }

    @Override
    public PeriodSecret at(long epochMillis) {
        for (PeriodSecret secret : held) {
            if (secret.covers(epochMillis)) {
                return secret;
            }
        }
        return null;
    }

    /** Fetches what is missing and destroys what is past its time. */
    synchronized void look() {
        long now = clock.epochMillis();
        if (wanted) {
            fetch(now);
        }
        if (sweeps.isDue(clock.nanoTime())) {
            sweep(now);
        }
    }

    private void fetch(long now) {
        Period present = Period.at(length, now);
        List<PeriodSecret> secrets = new ArrayList<>();
        boolean complete = true;
        if (present.ends()) {
            if (now >= present.toMillis() - AHEAD.toMillis()) {
                complete = add(secrets, Period.at(length, present.toMillis()), now);
            }
            PeriodSecret before = at(present.fromMillis() - 1);
            // No longer than the store has it: what is destroyed there is not to be found in memory either.
            if (before != null && !isPast(before.period(), now)) {
                secrets.add(before);
            }
        }
        complete &= add(secrets, present, now);
        if (complete) {
            failures.reset();
        }
        hold(secrets);
    }

    private boolean add(List<PeriodSecret> secrets, Period period, long now) {
        PeriodSecret secret = at(period.fromMillis());
        try {
            secrets.add(secret != null ? secret : new PeriodSecret(period, made(period)));
            return true;
        } catch (IOException | RuntimeException e) {
            if (!closed && failures.isDue(clock.nanoTime())) {
                if (period.contains(now)) {
                    LOG.error(
                            "Values that policies hash are removed instead: the secret of {} cannot be had from {}: {}",
                            period,
                            store,
                            reason(e));
                } else {
                    LOG.warn(
                            "From {} on, values that policies hash will be removed instead unless the secret of {} can "
                                    + "be had from {}: {}",
                            Instant.ofEpochMilli(period.fromMillis()),
                            period,
                            store,
                            reason(e));
                }
            }
            return false;
        }
    }

    private byte[] made(Period period) throws IOException {
        byte[] found = store.find(period.name());
        if (found == null) {
            byte[] proposal = new byte[SecretStore.SECRET_BYTES];
            random.nextBytes(proposal);
            found = store.make(period.name(), proposal);
            LOG.info("The secret of {} is in {}", period, store);
        }
        if (found.length != SecretStore.SECRET_BYTES) {
            throw new IOException(
                    "expected a secret of " + SecretStore.SECRET_BYTES + " bytes, found one of " + found.length);
        }
        return found;
    }

    private void hold(List<PeriodSecret> secrets) {
        held = secrets.toArray(new PeriodSecret[0]);
    }

    private void sweep(long now) {
        try {
            for (String name : store.names()) {
                Period period = Period.named(name);
                if (period != null && isPast(period, now)) {
                    store.destroy(name);
                    LOG.info("The secret of {} is destroyed: nobody can link its pseudonyms any more", period);
                }
            }
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                LOG.warn("Secrets past privacy.secrets.keep stay in {}: {}", store, reason(e));
            }
        }
    }

    /** Whether the secret of a period is to be destroyed. */
    private boolean isPast(Period period, long now) {
        return period.ends() && period.toMillis() <= now - keep.toMillis();
    }

    /** Infinite if nothing is hashed, or periods do not end. */
    private double secondsLeft() {
        if (!wanted || length == Period.Length.NEVER) {
            return Double.POSITIVE_INFINITY;
        }
        long now = clock.epochMillis();
        long end = now;
        for (PeriodSecret secret = at(now); secret != null; secret = at(end)) {
            end = secret.period().toMillis();
        }
        return (end - now) / 1e3;
    }

    private void run() {
        try {
            while (!closed) {
                look();
                wake.tryAcquire(LOOK.toNanos(), TimeUnit.NANOSECONDS);
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    /** What stores say holds no secret. The class alone says what is wrong with a file. */
    private static String reason(Exception e) {
        return e.getClass() == IOException.class ? e.getMessage() : e.toString();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        store.close();
    }

    /** Says yes at first, and then once in a while. */
    private static final class Seldom {
        private boolean any;
        private long lastNanos;

        boolean isDue(long nanos) {
            if (any && nanos - lastNanos < SELDOM.toNanos()) {
                return false;
            }
            any = true;
            lastNanos = nanos;
            return true;
        }

        void reset() {
            any = false;
        }
    }
}
