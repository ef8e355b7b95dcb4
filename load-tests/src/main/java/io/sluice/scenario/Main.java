package io.sluice.scenario;

import java.io.IOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Starts what {@code scripts/bench} calls. */
@Command(
        name = "bench",
        subcommands = {
            MillionCommand.class,
            LatencyCommand.class,
            StartCommand.class,
            ScenarioCommand.class,
            TuningCommand.class,
            GrowthCommand.class,
            BytesCommand.class,
            JmhCommand.class,
            CommitCommand.class,
            ClientsCommand.class,
            ProfileCommand.class,
            BoundsCommand.class,
            LimitCommand.class,
            GoalsCommand.class
        })
public final class Main {

    private static final int HELP_WIDTH = 100;
    private static final int FAILED = 1;

    private Main() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Main());
        line.setUsageHelpWidth(HELP_WIDTH);
        line.setExecutionExceptionHandler((exception, command, parsed) -> {
            if (exception instanceof IOException && exception.getMessage() != null) {
                command.getErr().println("bench: " + exception.getMessage());
            } else {
                exception.printStackTrace(command.getErr());
            }
            return FAILED;
        });
        System.exit(line.execute(arguments));
    }
}
