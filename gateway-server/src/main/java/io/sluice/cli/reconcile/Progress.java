package io.sluice.cli.reconcile;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Says now and then that something is going on, if it takes longer than two seconds. One thread. */
final class Progress {

    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final PrintWriter err;
    private final Report report;
    private final Ledger ledger;
    private long dueNanos = System.nanoTime() + FIRST_NANOS;

    Progress(PrintWriter err, Report report, Ledger ledger) {
        this.err = err;
        this.report = report;
        this.ledger = ledger;
    }

    /** @param key of the object at hand */
    void tick(String key) {
        long now = System.nanoTime();
        if (now - dueNanos < 0) {
            return;
        }
        dueNanos = now + EVERY_NANOS;
        err.printf(
                Locale.ROOT,
                "sluice reconcile: %d objects, %d MB, %d blocks found, %d open, at %s%n",
                report.objects,
                report.bytes >> 20,
                report.found.blocks,
                ledger.open(),
                key);
        err.flush();
    }
}
