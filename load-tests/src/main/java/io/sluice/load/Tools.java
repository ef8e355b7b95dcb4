package io.sluice.load;

import java.io.IOException;
import picocli.CommandLine;

/** What the command lines of the tools for load have in common. */
public final class Tools {

    private static final int HELP_WIDTH = 110;

    private Tools() {}

    /**
     * A command line that says what is wrong in one line.
     *
     * @param name what the line begins with
     * @param failed exit code of a command that threw
     */
    public static CommandLine commandLine(Object command, String name, int failed) {
        CommandLine line = new CommandLine(command);
        line.setUsageHelpWidth(HELP_WIDTH);
        // The whole help would push what is wrong off the screen.
        line.setParameterExceptionHandler((exception, rest) -> {
            exception.getCommandLine().getErr().println(name + ": " + exception.getMessage() + "; see --help");
            return exception.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
        });
        line.setExecutionExceptionHandler((exception, thrower, parsed) -> {
            if (exception instanceof IOException && exception.getMessage() != null) {
                thrower.getErr().println(name + ": " + exception.getMessage());
            } else {
                exception.printStackTrace(thrower.getErr());
            }
            return failed;
        });
        return line;
    }
}
