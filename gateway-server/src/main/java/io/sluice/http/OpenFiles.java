package io.sluice.http;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** How many files, sockets among them, the process may have open (RLIMIT_NOFILE). */
final class OpenFiles {

    /** For jars, the journal, delivery and the admin port. */
    private static final int OTHERS = 512;

    private OpenFiles() {}

    /**
     * Most connections that leave files for everything else. Beyond, accepting would fail, and Netty would stop for a
     * second whenever it does.
     */
    static int mostConnections() {
        OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        if (system instanceof UnixOperatingSystemMXBean unix) {
            return Math.clamp(unix.getMaxFileDescriptorCount() - OTHERS, 1, Integer.MAX_VALUE);
        }
        return Integer.MAX_VALUE;
    }
}
