package io.sluice.bootstrap;

import io.sluice.cli.CatCommand;
import io.sluice.cli.CheckCommand;
import io.sluice.cli.PseudonymCommand;
import io.sluice.cli.ScrubCommand;
import io.sluice.cli.Sluice;
import io.sluice.cli.VersionCommand;
import io.sluice.cli.audit.AuditCommand;
import io.sluice.cli.erase.EraseCommand;
import io.sluice.cli.erase.FindCommand;
import io.sluice.cli.reconcile.ReconcileCommand;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.Storage;
import java.util.List;
import picocli.CommandLine;

/** The entry of the process: puts the commands together and runs the one that was asked for. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        Logging.start();
        int code = execute(List.of(arguments), new DiskStorage());
        Logging.stop();
        System.exit(code);
    }

    private static int execute(List<String> arguments, Storage storage) {
        ServeCommand serve = !arguments.isEmpty() && arguments.getFirst().equals("serve")
                ? ServeCommand.ofPairs(storage, arguments.subList(1, arguments.size()))
                : null;
        return serve != null ? Sluice.run(serve) : commandLine(storage).execute(arguments.toArray(new String[0]));
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
                new FindCommand(),
                new EraseCommand(),
                new AuditCommand(),
                new VersionCommand());
    }
}
