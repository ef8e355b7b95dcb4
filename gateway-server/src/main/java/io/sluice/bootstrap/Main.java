package io.sluice.bootstrap;

import io.sluice.cli.CatCommand;
import io.sluice.cli.CheckCommand;
import io.sluice.cli.ScrubCommand;
import io.sluice.cli.Sluice;
import io.sluice.cli.VersionCommand;
import io.sluice.shop.ShopsFile;
import picocli.CommandLine;

/** The entry of the process: puts the commands together and runs the one that was asked for. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        int code = commandLine().execute(arguments);
        Logging.stop();
        System.exit(code);
    }

    static CommandLine commandLine() {
        return Sluice.commandLine(
                new ServeCommand(),
                new CheckCommand(ShopsFile::load),
                new CatCommand(),
                new ScrubCommand(),
                new VersionCommand());
    }
}
