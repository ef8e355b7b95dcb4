package io.sluice.bootstrap;

import io.sluice.testing.CleanLog;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadinessLogTest {

    private List<String> reasons = List.of();
    private final ReadinessLog log = new ReadinessLog(() -> reasons);

    @Test
    void aReasonIsWrittenOnceUntilItChanges(CleanLog.Expected expected) {
        expected.line("takes no beacons, they are answered 503: disk full");
        log.look();
        reasons = List.of("disk full");
        log.look();
        log.look();
        reasons = List.of();
        log.look();
    }
}
