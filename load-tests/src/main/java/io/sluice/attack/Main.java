package io.sluice.attack;

import io.sluice.load.Tools;
import picocli.CommandLine;

/** Starts the attacks. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        return Tools.commandLine(new AttackCommand(), "attack", AttackCommand.FAILED);
    }
}
