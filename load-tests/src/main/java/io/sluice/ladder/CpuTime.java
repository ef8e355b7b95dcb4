package io.sluice.ladder;

/**
 * Processor time in nanoseconds.
 *
 * @param user in the program
 * @param kernel in its system calls, and in the interrupts that came meanwhile
 */
public record CpuTime(long user, long kernel) {

    public static final CpuTime NONE = new CpuTime(0, 0);

    public long total() {
        return user + kernel;
    }

    public CpuTime plus(CpuTime other) {
        return new CpuTime(user + other.user, kernel + other.kernel);
    }

    /** What remains, at least nothing: user and kernel are told apart by sampling, so that one of them can go back. */
    public CpuTime minus(CpuTime other) {
        return new CpuTime(Math.max(0, user - other.user), Math.max(0, kernel - other.kernel));
    }
}
