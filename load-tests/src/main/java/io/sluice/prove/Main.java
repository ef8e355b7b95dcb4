package io.sluice.prove;

import io.sluice.load.Tools;
import picocli.CommandLine;

/** Starts the fault matrix. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return Tools.commandLine(new ProveCommand(), "prove", ProveCommand.FAILED);
    }
}
