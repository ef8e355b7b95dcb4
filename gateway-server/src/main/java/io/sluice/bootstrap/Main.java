package io.sluice.bootstrap;

import io.sluice.cli.CatCommand;
import io.sluice.cli.CheckCommand;
import io.sluice.cli.PseudonymCommand;
import io.sluice.cli.ScrubCommand;
import io.sluice.cli.Sluice;
import io.sluice.cli.VersionCommand;
import io.sluice.cli.reconcile.ReconcileCommand;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.Storage;
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
        return commandLine(new DiskStorage());
    }

    /** @param storage the disk that the server writes to */
    static CommandLine commandLine(Storage storage) {
        return Sluice.commandLine(
                new ServeCommand(storage),
                new CheckCommand(config -> new ShopsSource(config, () -> {}).load(), Server::checkTls),
                new CatCommand(),
                new ScrubCommand(),
                new PseudonymCommand(),
                new ReplayCommand(storage),
                new ReconcileCommand(),
                new VersionCommand());
    }
}
