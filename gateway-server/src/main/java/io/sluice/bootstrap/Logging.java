package io.sluice.bootstrap;

import org.apache.logging.log4j.LogManager;
import org.slf4j.LoggerFactory;

/** Begins logging as the first of all and ends it as the last. */
final class Logging {

    private Logging() {}

    /**
     * Reads the configuration of logging beside what the start does next; whoever logs before that is done waits for
     * it. A fifth of a start, when done in turn.
     */
    static void start() {
        Thread.ofPlatform().daemon().name("sluice-logging").start(() -> LoggerFactory.getLogger(Logging.class));
    }

    /**
     * Writes out what the asynchronous loggers still hold. Its own shutdown hook is off, since that would run while the
     * server still drains.
     */
    static void stop() {
        LogManager.shutdown();
    }
}
