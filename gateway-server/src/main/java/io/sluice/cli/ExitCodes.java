package io.sluice.cli;

/** How a command ends. Supervisors and scripts rely on these: they never change their meaning. */
public final class ExitCodes {

    /** It did what it was asked to; a server was asked to stop and did. */
    public static final int OK = 0;

    /** Something failed while it ran. */
    public static final int FAILED = 1;

    /** The command line or the configuration is wrong. Trying again does not help. */
    public static final int INVALID = 2;

    /** It did what could be done now, and said what is left: run it again later. (3 is the virtual machine's own.) */
    public static final int AGAIN = 4;

    private ExitCodes() {}
}
