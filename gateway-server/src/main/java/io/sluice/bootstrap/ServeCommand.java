package io.sluice.bootstrap;

import io.sluice.cli.ConfigOptions;
import io.sluice.common.FileFailure;
import io.sluice.config.InvalidConfig;
import io.sluice.config.Problem;
import io.sluice.config.SluiceConfig;
import io.sluice.storage.Storage;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs the server until it is told to stop. */
@Command(
        name = "serve",
        header = "Take beacons until SIGTERM or SIGINT.",
        description = {
            "",
            "Each key of the configuration file can be overridden by an environment variable (http.port is "
                    + "SLUICE_HTTP_PORT), and both by the options below. config/sluice.yaml explains every key.",
            "",
            "On SIGTERM or SIGINT the server takes no more beacons, completes and delivers what it has, and ends with 0. "
                    + "What could not be delivered in time stays in the journal for the next start."
        },
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped as asked",
            "1:could not start, or a part of it died; restart it",
            "2:the command line or the configuration is wrong"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sluice serve",
            "  sluice serve --port 80 --data /var/lib/sluice",
            "  SLUICE_HTTP_HOST=0.0.0.0 sluice serve --config /etc/sluice.yaml",
        })
final class ServeCommand implements Callable<Integer> {

    @Mixin
    private ConfigOptions options;

    private final Storage storage;

    ServeCommand(Storage storage) {
        this.storage = storage;
    }

    /** @return {@code null} if the options behind {@code serve} are not {@linkplain ConfigOptions#ofPairs in pairs} */
    static ServeCommand ofPairs(Storage storage, List<String> options) {
        ServeCommand command = new ServeCommand(storage);
        command.options = ConfigOptions.ofPairs(options);
        return command.options == null ? null : command;
    }

    @Override
    public Integer call() throws Exception {
        SluiceConfig config = options.load(Server::checkTls);
        try {
            return Server.run(config, storage, options.file(), options::load);
        } catch (AccessDeniedException | FileAlreadyExistsException e) {
            throw unusable(config, e);
        }
    }

    /** It would be so after each restart, until somebody has changed the configuration or the directory. */
    private static InvalidConfig unusable(SluiceConfig config, FileSystemException failure) {
        String source = failure.getFile() == null ? "data = " + config.dataDirectory() : failure.getFile();
        String what = failure instanceof AccessDeniedException
                ? FileFailure.denied()
                : "something else of this name is there already";
        return new InvalidConfig(List.of(new Problem(
                "",
                null,
                "expected to write there, but " + what
                        + "; data, journal.directory and delivery.local.directory say where everything goes",
                source)));
    }
}
