package io.sluice.config;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * What the gateway runs on.
 *
 * @param processors that this process may use
 * @param memoryBytes of the machine, or of the container if it is less
 * @param heapBytes most that the heap may take
 * @param directBytes most that direct buffers may take
 * @param openFiles most files, sockets among them, that this process may have open
 */
public record Machine(int processors, long memoryBytes, long heapBytes, long directBytes, long openFiles) {

    public static Machine present() {
        Runtime runtime = Runtime.getRuntime();
        long memory =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
        long direct = Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                .getVMOption("MaxDirectMemorySize")
                .getValue());
        // 0 means "as much as the heap".
        return new Machine(
                runtime.availableProcessors(),
                memory,
                runtime.maxMemory(),
                direct == 0 ? runtime.maxMemory() : direct,
                mostOpenFiles());
    }

    private static long mostOpenFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Integer.MAX_VALUE;
    }
}
