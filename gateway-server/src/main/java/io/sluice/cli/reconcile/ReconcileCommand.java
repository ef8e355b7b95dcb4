package io.sluice.cli.reconcile;

import io.sluice.aws.ObjectReader;
import io.sluice.cli.ExitCodes;
import io.sluice.cli.StoredOptions;
import io.sluice.cli.objects.ObjectWalk;
import io.sluice.config.InvalidConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.journal.JournalConfig;
import io.sluice.journal.JournalReader;
import io.sluice.journal.KeptBlocks;
import io.sluice.journal.SealedBlock;
import io.sluice.metrics.Metrics;
import io.sluice.ring.Frame;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.Storage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Compares manifests with objects, and says what is missing. */
@Command(
        name = "reconcile",
        header = "Prove from the bucket that everything delivered is there.",
        description = {
            "",
            "Reads the manifests, which tell of every block that was delivered, and the objects, and compares them "
                    + "block by block: number of records, length and CRC-32 of their lines. With --full, the position "
                    + "and shop of every line too. Objects are read as a stream; memory is that of an hour's blocks."
        },
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every block that a manifest tells of is there, as it says",
            "1:there is a gap, a mismatch or a damaged object; or something could not be read",
            "2:the command line or the configuration is wrong"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sluice reconcile                        data/s3, where the default configuration delivers",
            "  sluice reconcile --s3 s3://bucket --config /etc/sluice.yaml",
            "  sluice reconcile --s3 s3://bucket --full --from 2026-11-22 --to 2026-11-23 --json",
        })
public final class ReconcileCommand implements Callable<Integer> {

    /** Firehose buffers for 15 minutes at most (CreateDeliveryStream, BufferingHints), and then writes. */
    private static final Duration FIREHOSE_BUFFERING = Duration.ofMinutes(20);

    /** Where tombstones lie, below the manifests. */
    public static final String TOMBSTONES = "erased/";

    private static final Pattern GRACE = Pattern.compile("(\\d{1,6})([smh])");

    @Mixin
    private StoredOptions stored;

    @Option(
            names = "--journal",
            paramLabel = "DIR",
            description = "Journal of the gateway: says of blocks what of them is still to be delivered.")
    private Path journal;

    @Option(names = "--fast", description = "Look at blocks as a whole. The default.")
    private boolean fast;

    @Option(names = "--full", description = "Look at the position and the shop of every line.")
    private boolean full;

    @Option(
            names = "--grace",
            paramLabel = "TIME",
            converter = Grace.class,
            description = "Miss no block that was delivered less than this ago, such as 90s, 20m or 1h."
                    + " Default: 20m with --s3, since Firehose buffers up to 15 minutes; else 0s.")
    private Duration grace;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Option(
            names = "--by-minute",
            description = "With --json: lines accepted and rejected of each shop by the minute of their receipt, as"
                    + " manifests tell them. Takes some 100 bytes a shop and minute.")
    private boolean byMinute;

    @Spec
    private CommandSpec spec;

    private Report report;
    private Ledger ledger;
    private Erasures erasures;
    private BlockScan scan;
    private ManifestReader manifests;
    private int rejectedGroup;

    static final class Grace implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            Matcher matcher = GRACE.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + text + "' is no time, expected such as 90s, 20m or 1h");
            }
            long amount = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(amount);
                case "m" -> Duration.ofMinutes(amount);
                default -> Duration.ofHours(amount);
            };
        }
    }

    @Override
    public Integer call() throws InvalidConfig, IOException {
        checkOptions();
        SluiceConfig config = stored.config(journal != null);
        Window window = window();
        report = new Report(full);
        erasures = new Erasures();
        ledger = new Ledger(window, report, erasures);
        scan = new BlockScan(full, erasures);
        manifests = new ManifestReader(ledger::group, byMinute);
        config.groups().forEach(group -> ledger.group(group.name()));
        rejectedGroup = config.rejectedGroup();
        if (journal != null) {
            readJournal(config.journal());
        }
        try (ObjectReader reader = stored.reader()) {
            read(reader, config, window);
        }
        ledger.close();
        if (report.emptyBlocks > 0 && config.journal().ack() == JournalConfig.Ack.WRITTEN) {
            report.problem(report.emptyBlocks + " blocks ended without a line, since the disk refused all of them: with"
                    + " commit.ack: written they may have been acknowledged, and are lost");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            report.printJson(out);
        } else {
            report.print(out);
        }
        out.flush();
        return report.isGood() ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private void checkOptions() {
        if (fast && full) {
            throw new ParameterException(spec.commandLine(), "expected --fast or --full, not both");
        }
        if (byMinute && !json) {
            throw new ParameterException(spec.commandLine(), "--by-minute goes with --json");
        }
    }

    private Window window() {
        Duration settling = grace;
        if (settling == null) {
            settling = stored.isS3() ? FIREHOSE_BUFFERING : Duration.ZERO;
        }
        long settled = (System.currentTimeMillis() - settling.toMillis())
                / Duration.ofMinutes(1).toMillis();
        return new Window(
                stored.fromMinute(), stored.toMinute(), settling.isZero() ? Integer.MAX_VALUE : (int) settled);
    }

    /** Marks are read behind the blocks: what is delivered meanwhile has its object before the objects are read. */
    private void readJournal(JournalConfig config) throws IOException {
        Storage storage = new DiskStorage();
        try (JournalReader frames = JournalReader.open(storage, journal, config.keys())) {
            for (JournalReader.Entry frame = frames.next(); frame != null; frame = frames.next()) {
                ledger.kept(frame.incarnation(), frame.log(), frame.block());
                if (frame.type() == Frame.SEAL && frame.chunk() == 0) {
                    ledger.empty(frame.incarnation(), frame.log(), frame.block());
                } else if (frame.type() == Frame.SEAL) {
                    ledger.sealed(frame.incarnation(), frame.log(), frame.block());
                }
            }
        }
        List<Path> incarnations = KeptBlocks.incarnations(storage, journal);
        if (incarnations.isEmpty()) {
            // It is one of them itself.
            incarnations = List.of(journal);
        }
        try (KeptBlocks unmarked = KeptBlocks.unmarked(config, storage, incarnations, new Metrics().newCells())) {
            long blocks = 0;
            while (unmarked.pendingBlocks() > blocks) {
                SealedBlock block = unmarked.poll(0, group -> true);
                if (block != null) {
                    blocks++;
                    ledger.unmarked(block.incarnation(), block.log(), block.block());
                }
            }
            if (unmarked.missed().unreadableSegments() > 0) {
                throw new IOException(journal + ": " + unmarked.missed().unreadableSegments()
                        + " segments cannot be read, the log says why");
            }
        }
    }

    private void read(ObjectReader reader, SluiceConfig config, Window window) throws IOException {
        StoredOptions.Place place = stored.existingPlace(config);
        String bucket = place.bucket();
        String prefix = place.prefix();
        ObjectWalk walk = new ObjectWalk(reader, bucket);
        // Manifests follow their blocks, and may do so late.
        String manifestsPrefix = prefix + config.delivery().manifests().prefix();
        String tombstones = manifestsPrefix + TOMBSTONES;
        walk.add(manifestsPrefix, window.firstObjectMinute(), Integer.MAX_VALUE, tombstones);
        for (int group = 0; group < config.groups().size(); group++) {
            walk.add(
                    prefix + config.groups().get(group).prefix(),
                    window.firstObjectMinute(),
                    window.endOfObjectsMinute());
        }
        Progress progress = new Progress(spec.commandLine().getErr(), report, ledger);
        ObjectPass pass = new ObjectPass(reader, bucket, report, ledger, scan, manifests, erasures, rejectedGroup);
        pass.readTombstones(tombstones, progress);
        pass.read(walk, progress);
    }
}
