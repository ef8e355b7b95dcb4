package io.sluice.load;

import picocli.CommandLine;

/** Starts the load generator. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return Tools.commandLine(new LoadCommand(), "load", LoadCommand.FAILED);
    }
}
