package io.sluice.bootstrap;

import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes to the log when the gateway stops taking beacons, why, and when it takes them again. One thread. */
final class ReadinessLog {

    private static final Logger LOG = LoggerFactory.getLogger(ReadinessLog.class);

    private final Supplier<List<String>> reasons;
    private List<String> last = List.of();

    /** @param reasons why no beacons are taken, in the words of {@code /readyz}; empty if they are */
    ReadinessLog(Supplier<List<String>> reasons) {
        this.reasons = reasons;
    }

    /** Looks, and says what has changed. */
    void look() {
        List<String> now = reasons.get();
        if (now.equals(last)) {
            return;
        }
        last = now;
        if (now.isEmpty()) {
            LOG.info("takes beacons again");
        } else {
            LOG.warn("takes no beacons, they are answered 503: {}", String.join("; ", now));
        }
    }
}
