package io.sluice.bootstrap;

import io.sluice.cli.DeliveryOptions;
import io.sluice.cli.ExitCodes;
import io.sluice.cli.objects.Moment;
import io.sluice.config.SluiceConfig;
import io.sluice.delivery.DeliveryConfig;
import io.sluice.journal.KeptBlocks;
import io.sluice.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Delivers what lies in a journal without starting a server. */
@Command(
        name = "replay",
        header = "Deliver what lies in a journal: a dead machine's, or once more what is kept.",
        description = {
            "",
            "Without --from and --to: adopts every start in the journal that no process holds, delivers what was not "
                    + "yet delivered to the configured destination, marks it, and says how much it was. Repeating it "
                    + "finds nothing. A start that is held by a running process is named and left alone.",
            "",
            "With --from or --to: delivers again what was received in that time and is still kept, whatever was "
                    + "delivered before, by whole blocks; readers drop what they have by its position. Nothing is "
                    + "locked or marked, so the gateway may run on the same journal."
        },
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything that was asked for is delivered",
            "1:something could not be read or delivered, or there is no journal; the messages say what",
            "2:the command line or the configuration is wrong"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sluice replay --journal /mnt/dead/journal --config /etc/sluice.yaml",
            "  sluice replay --journal /mnt/dead/journal --dry-run",
            "  sluice replay --journal data/journal --from 2026-11-23T02:00:00Z --to 2026-11-23T05:30:00Z",
        })
final class ReplayCommand implements Callable<Integer> {

    @Mixin
    private DeliveryOptions options;

    @Option(
            names = "--journal",
            paramLabel = "DIR",
            required = true,
            description = "The journal: a directory of starts, or the data directory that it lies in.")
    private Path journal;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Deliver again what was received since then: a day, an hour or a time, of UTC, such as"
                    + " 2026-11-23, 2026-11-23T02 or 2026-11-23T02:00:00Z.")
    private String from;

    @Option(names = "--to", paramLabel = "TIME", description = "And before then.")
    private String to;

    @Option(names = "--dry-run", description = "Deliver nothing, and say what would be.")
    private boolean dryRun;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = Patience.class,
            description = "End when nothing was delivered for so long although something is left, such as 30s, 10m or"
                    + " 12h. Default: ${DEFAULT-VALUE}")
    private Duration patience;

    @Spec
    private CommandSpec spec;

    private final Storage storage;

    static final class Patience implements ITypeConverter<Duration> {

        private static final Pattern FORM = Pattern.compile("[1-9]\\d{0,5}[smh]");

        @Override
        public Duration convert(String text) {
            if (!FORM.matcher(text).matches()) {
                throw new TypeConversionException("'" + text + "' is no time, expected such as 30s, 10m or 12h");
            }
            return Duration.parse("PT" + text);
        }
    }

    ReplayCommand(Storage storage) {
        this.storage = storage;
    }

    @Override
    public Integer call() throws Exception {
        Path root = root();
        long fromMillis = from == null ? Long.MIN_VALUE : millis("--from", from);
        long toMillis = to == null ? Long.MAX_VALUE : millis("--to", to);
        if (fromMillis >= toMillis) {
            throw wrong("--from " + from + " is not before --to " + to);
        }
        SluiceConfig config = options.load("--journal", "journal.directory", root);
        if (config.delivery().destination() == DeliveryConfig.Destination.NONE) {
            throw wrong("delivery.destination is none, so there is nowhere to deliver to");
        }
        if (KeptBlocks.incarnations(storage, root).isEmpty()) {
            spec.commandLine().getErr().println("sluice: no journal here: " + root + " holds no directory of a start");
            spec.commandLine().getErr().flush();
            return ExitCodes.FAILED;
        }
        Replay replay = new Replay(
                config,
                storage,
                patience,
                spec.commandLine().getOut(),
                spec.commandLine().getErr());
        if (from == null && to == null) {
            return dryRun ? replay.wouldAdopt() : replay.adopt();
        }
        return dryRun ? replay.wouldResend(fromMillis, toMillis) : replay.resend(fromMillis, toMillis);
    }

    private Path root() throws IOException {
        if (!Files.isDirectory(journal)) {
            throw wrong("--journal " + journal + " is no directory");
        }
        Path below = journal.resolve("journal");
        return KeptBlocks.incarnations(storage, journal).isEmpty() && Files.isDirectory(below) ? below : journal;
    }

    private long millis(String option, String text) {
        try {
            return Moment.millis(text);
        } catch (DateTimeException e) {
            throw wrong(option + " " + text + " is no time, " + Moment.EXPECTED);
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
