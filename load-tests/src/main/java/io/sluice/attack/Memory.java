package io.sluice.attack;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** The most memory that the gateway had, looked at ten times a second on a thread of its own. */
final class Memory implements AutoCloseable {

    private static final long PERIOD_MILLIS = 100;

    private final Gateway gateway;
    private final Thread thread;
    private volatile long peak;

    Memory(Gateway gateway) {
        this.gateway = gateway;
        thread = Thread.ofPlatform().daemon().name("memory").start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                peak = Math.max(peak, gateway.residentBytes());
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
            }
        } catch (IOException | InterruptedException e) {
            // The gateway or the battle is over; the first is told by who waits for it.
        }
    }

    /** Bytes, since the last call. */
    long turn() {
        long most = peak;
        peak = 0;
        return most;
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
