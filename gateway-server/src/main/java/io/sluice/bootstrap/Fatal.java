package io.sluice.bootstrap;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of a process that has lost a thread it cannot do without. Nothing is drained: what was acknowledged is in the
 * journal, and the next start delivers it; half a gateway is worse than none.
 */
final class Fatal {

    private static final Logger LOG = LoggerFactory.getLogger(Fatal.class);

    private Fatal() {}

    /** Says why and ends the process with status 1, without shutdown hooks. Does not return. */
    static void end(String why, Throwable cause) {
        try {
            LOG.error("Sluice ends: {}. Nothing that was acknowledged is lost; start it again.", why, cause);
            System.err.println("sluice: ends: " + why + (cause == null ? "" : ": " + cause));
            Logging.stop();
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }
}
