package io.sluice.prove;

import java.io.IOException;
import picocli.CommandLine;

/** Starts the fault matrix. */
public final class Main {

    private static final int HELP_WIDTH = 110;

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new ProveCommand());
        line.setUsageHelpWidth(HELP_WIDTH);
        // The whole help would push what is wrong off the screen.
        line.setParameterExceptionHandler((exception, rest) -> {
            exception.getCommandLine().getErr().println("prove: " + exception.getMessage() + "; see --help");
            return exception.getCommandLine().getCommandSpec().exitCodeOnInvalidInput();
        });
        line.setExecutionExceptionHandler((exception, command, parsed) -> {
            if (exception instanceof IOException && exception.getMessage() != null) {
                command.getErr().println("prove: " + exception.getMessage());
            } else {
                exception.printStackTrace(command.getErr());
            }
            return ProveCommand.FAILED;
        });
        return line;
    }
}
