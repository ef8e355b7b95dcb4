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
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the secrets of the present period, of the one before and, a day ahead, of the next one at hand, and destroys
 * those that are past their time, if the store's own clock and what it holds say so too.
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

    /**
     * So far may the clock here be from the store's. Beyond it nothing is made or destroyed: which period is present,
     * and which is past, is then one machine's word against another's.
     */
    static final Duration SKEW = Duration.ofMinutes(10);

    /** So many periods a search of each process destroys at most, the oldest first: time to stop what is wrong. */
    static final int MOST_AT_ONCE = 3;

    /** So long must a later period's secret have been in the store, or this process have waited if there is none. */
    static final Duration SETTLED = Duration.ofHours(12);

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
    /** Since when, by {@link Clock#nanoTime}, periods are known to be past. */
    private final Map<Period, Long> waiting = new HashMap<>();

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
            sweep();
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
            // No longer than it is to be kept. The store may have it for longer: see isSucceeded.
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
            requireAgreement(store.nowMillis());
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

    /**
     * Destroys what is past its time. No clock alone is enough for that: the store's own has to agree, and to have seen
     * a later period's secret come, {@link #keep} ago and not long before. So a clock that is far ahead, here or there,
     * destroys nothing before people have had the time to see it.
     */
    private void sweep() {
        try {
            SortedMap<String, Long> made = store.made();
            List<Period> past = past(made.keySet(), clock.epochMillis());
            waiting.keySet().retainAll(past);
            if (past.isEmpty()) {
                return;
            }
            long theirs = store.nowMillis();
            requireAgreement(theirs);
            int destroyed = 0;
            for (Period period : past) {
                boolean isNew = waiting.putIfAbsent(period, clock.nanoTime()) == null;
                if (!isPast(period, theirs) || !isSucceeded(period, made, theirs)) {
                    if (isNew) {
                        LOG.info(
                                "The secret of {} is past its time and stays until {} has had a later one for long enough",
                                period,
                                store);
                    }
                } else if (destroyed++ < MOST_AT_ONCE) {
                    store.destroy(period.name());
                    LOG.info("The secret of {} is destroyed: nobody can link its pseudonyms any more", period);
                }
            }
        } catch (IOException | RuntimeException e) {
            if (!closed) {
                LOG.warn("Secrets past privacy.secrets.keep stay in {}: {}", store, reason(e));
            }
        }
    }

    /** Those of the names that are past by the clock here, the oldest first. */
    private List<Period> past(Iterable<String> names, long now) {
        List<Period> past = new ArrayList<>();
        for (String name : names) {
            Period period = Period.named(name);
            if (period != null && isPast(period, now)) {
                past.add(period);
            }
        }
        past.sort(Comparator.comparingLong(Period::toMillis));
        return past;
    }

    /** @param theirs the time by the store, which it has said just now: to ask may take long */
    private void requireAgreement(long theirs) throws IOException {
        long skew = clock.epochMillis() - theirs;
        if (Math.abs(skew) > SKEW.toMillis()) {
            throw new IOException("the clock here is " + Math.abs(skew) / 1000 + " seconds "
                    + (skew > 0 ? "ahead of" : "behind") + " that of " + store + ", expected at most "
                    + SKEW.toSeconds());
        }
    }

    /**
     * Whether the store has had a secret of a later period for long enough, but not for much longer; or, where nobody
     * makes any more, whether this process has had the time to wonder.
     *
     * <p>A gateway that runs makes one each period, so one of them is always just old enough. If all are far older,
     * either nobody ran or the clock has jumped, and what was made long ago proves nothing.
     */
    private boolean isSucceeded(Period period, SortedMap<String, Long> made, long theirs) {
        long hold = Math.max(keep.toMillis(), SETTLED.toMillis());
        boolean any = false;
        for (Map.Entry<String, Long> other : made.entrySet()) {
            Period later = Period.named(other.getKey());
            if (later != null && later.ends() && later.fromMillis() >= period.toMillis()) {
                any = true;
                long age = theirs - other.getValue();
                long fresh = later.toMillis() - later.fromMillis() + AHEAD.toMillis() + SELDOM.toMillis();
                if (age >= hold && age < hold + fresh) {
                    return true;
                }
            }
        }
        return !any && clock.nanoTime() - waiting.get(period) >= SETTLED.toNanos();
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
