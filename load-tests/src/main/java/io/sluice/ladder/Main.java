package io.sluice.ladder;

import java.io.IOException;
import picocli.CommandLine;

/** Starts the ladder. */
public final class Main {

    private static final int HELP_WIDTH = 100;
    private static final int FAILED = 1;

    private Main() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new LadderCommand());
        line.setUsageHelpWidth(HELP_WIDTH);
        line.setParameterExceptionHandler((exception, rest) -> {
            exception.getCommandLine().getErr().println("ladder: " + exception.getMessage() + "; see --help");
            return exception.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
        });
        line.setExecutionExceptionHandler((exception, command, parsed) -> {
            if (exception instanceof IOException && exception.getMessage() != null) {
                command.getErr().println("ladder: " + exception.getMessage());
            } else {
                exception.printStackTrace(command.getErr());
            }
            return FAILED;
        });
        System.exit(line.execute(arguments));
    }
}
