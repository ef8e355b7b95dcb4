package io.sluice.cli.objects;

import java.io.PrintWriter;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Says now and then that something is going on, if it takes longer than two seconds. One thread. */
public final class Ticker {

    private static final long FIRST_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final PrintWriter err;
    private final Supplier<String> text;
    private long dueNanos = System.nanoTime() + FIRST_NANOS;

    /** @param text what is said, without a newline */
    public Ticker(PrintWriter err, Supplier<String> text) {
        this.err = err;
        this.text = text;
    }

    public void tick() {
        long now = System.nanoTime();
        if (now - dueNanos < 0) {
            return;
        }
        dueNanos = now + EVERY_NANOS;
        err.println(text.get());
        err.flush();
    }
}
