package io.sluice.bootstrap;

import org.apache.logging.log4j.LogManager;

/** Ends logging as the last of all: its own shutdown hook is off, since it would run while the server still drains. */
final class Logging {

    private Logging() {}

    /** Writes out what the asynchronous loggers still hold. */
    static void stop() {
        LogManager.shutdown();
    }
}
