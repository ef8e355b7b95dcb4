package io.sluice.bootstrap;

import io.sluice.common.FailureText;
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
            String text = text(why, cause);
            LOG.error("Sluice ends: {}. Nothing that was acknowledged is lost; start it again.", text);
            System.err.println("sluice: ends: " + text);
            Logging.stop();
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }

    /** @param cause {@code null} if none is known */
    static String text(String why, Throwable cause) {
        return cause == null ? why : why + ": " + FailureText.of(cause);
    }
}
