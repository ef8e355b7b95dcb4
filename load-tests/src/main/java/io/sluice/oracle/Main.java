package io.sluice.oracle;

import io.sluice.load.Tools;
import picocli.CommandLine;

/** Starts the oracle. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return Tools.commandLine(new OracleCommand(), "oracle", OracleCommand.FAILED);
    }
}
