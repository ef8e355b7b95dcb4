package io.sluice.common;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * Has a thread stand back behind the others of the process when processors are short: nice(2), which on Linux counts
 * for the calling thread alone, and for those that it starts from then on. Java's own thread priorities do nothing
 * there unless the process is root's.
 *
 * <p>Any thread, for itself; once, since only a privileged process may go back. Stateless. Cost: some 0.1 s of
 * processor each time, for linking to the C library.
 */
public final class Niceness {

    /** Beyond this nothing changes (sched(7)). */
    public static final int MOST = 19;

    private Niceness() {}

    /**
     * Adds to the calling thread's niceness. Where that cannot be done, on other systems and without native access,
     * nothing changes.
     *
     * @param steps 0 to {@link #MOST}: each leaves it 0.8 times the processor beside a thread that has none; 0 does
     *     nothing
     * @return whether it was done
     */
    @SuppressWarnings("restricted")
    public static boolean add(int steps) {
        if (steps == 0) {
            return true;
        }
        // Elsewhere it counts for the whole process.
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).equals("linux")) {
            return false;
        }
        try {
            Linker linker = Linker.nativeLinker();
            MemorySegment nice = linker.defaultLookup().find("nice").orElseThrow();
            MethodHandle call =
                    linker.downcallHandle(nice, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
            // It cannot fail where it only takes away, and what it returns may be -1 either way.
            int ignored = (int) call.invokeExact(steps);
            return true;
        } catch (Throwable e) {
            // No such function, no linker for this processor, or no native access.
            return false;
        }
    }
}
