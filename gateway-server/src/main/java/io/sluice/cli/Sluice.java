package io.sluice.cli;

import io.sluice.common.FileFailure;
import io.sluice.common.Nearest;
import io.sluice.config.InvalidConfig;
import io.sluice.shop.BadShopsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The top command: tells what there is. */
@Command(
        name = "sluice",
        synopsisSubcommandLabel = "COMMAND",
        header = "Takes beacons over HTTP, cleans them of personal data, and delivers them as records.",
        description = {
            "",
            "An event that was answered with 2xx is on disk, and reaches its destination even if the process, the "
                    + "machine or the destination fails in between."
        },
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, or stopped as asked",
            "1:something failed; the message says what",
            "2:the command line or the configuration is wrong"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sluice serve",
            "  sluice serve --config /etc/sluice.yaml --data /var/lib/sluice",
            "  sluice check --config /etc/sluice.yaml",
            "  sluice COMMAND --help        what a command takes",
        })
public final class Sluice implements Callable<Integer> {

    private static final int HELP_WIDTH = 100;

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show this help.")
    private boolean help;

    /** The tree of commands, ready to be executed. */
    public static CommandLine commandLine(Object... commands) {
        CommandLine line = new CommandLine(new Sluice());
        for (Object command : commands) {
            line.addSubcommand(command);
        }
        line.setExecutionExceptionHandler((exception, commandLine, parsed) -> report(exception, commandLine.getErr()));
        // The whole help would push what is wrong off the screen.
        line.setParameterExceptionHandler((exception, arguments) -> {
            CommandLine thrower = exception.getCommandLine();
            thrower.getErr().println("sluice: " + text(exception) + "; see --help");
            thrower.getErr().flush();
            return ExitCodes.INVALID;
        });
        line.setUsageHelpWidth(HELP_WIDTH);
        return line;
    }

    /** Runs a command whose options are read already, and ends as {@link #commandLine} would. @return the exit code */
    public static int run(Callable<Integer> command) {
        try {
            return command.call();
        } catch (Exception e) {
            return report(e, new PrintWriter(System.err));
        }
    }

    private static String text(ParameterException exception) {
        if (!(exception instanceof UnmatchedArgumentException unmatched)) {
            return exception.getMessage();
        }
        CommandLine thrower = exception.getCommandLine();
        String first = unmatched.getUnmatched().getFirst();
        if (thrower.getParent() == null && !first.startsWith("-")) {
            String meant = Nearest.of(first, thrower.getSubcommands().keySet());
            return "no such command: " + first + (meant == null ? "" : "; did you mean " + meant + "?");
        }
        return exception.getMessage()
                + (unmatched.getSuggestions().isEmpty()
                        ? ""
                        : "; did you mean " + String.join(", ", unmatched.getSuggestions()) + "?");
    }

    /** Without a command: help, on standard error, since nothing was done. */
    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return ExitCodes.INVALID;
    }

    /** What a user can mend is told in words, anything else with its stack. */
    private static int report(Exception exception, PrintWriter err) {
        switch (exception) {
            case InvalidConfig invalid -> {
                err.print(invalid.getMessage());
                err.flush();
                return ExitCodes.INVALID;
            }
            case BadShopsException invalid -> {
                err.println(invalid.getMessage());
                err.flush();
                return ExitCodes.INVALID;
            }
            case IOException failure
            when failure.getMessage() != null -> err.println("sluice: " + FileFailure.text(failure));
            default -> exception.printStackTrace(err);
        }
        err.flush();
        return ExitCodes.FAILED;
    }
}
