package io.sluice.cli.erase;

import io.sluice.cli.ExitCodes;
import io.sluice.cli.objects.Ticker;
import io.sluice.cli.reconcile.ReconcileCommand;
import io.sluice.common.FileFailure;
import io.sluice.config.InvalidConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.delivery.DeliveryConfig;
import io.sluice.delivery.manifest.ManifestLine;
import io.sluice.record.Encoding;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Takes a person's records out of what is stored. */
@Command(
        name = "erase",
        header = "Take a person's records out of delivered objects, parked blocks and the journal.",
        description = {
            "",
            "Without --yes it changes nothing and says what it would do. Objects that hold such records are rewritten "
                    + "under their keys, in S3 with all their versions; all other objects are left alone. Tombstones "
                    + "beside the manifests explain to reconcile what is missing. An interrupted run may be repeated."
        },
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done; or, without --yes, shown",
            "1:something could not be read or replaced; the messages say what. Run it again",
            "2:the command line or the configuration is wrong",
            "4:NOT done: the journal still owes or keeps such records; the messages say what to do"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sluice erase --shop demo --uid u-4711           what would go, from ./data",
            "  sluice erase --person r-17.txt --s3 s3://bucket --config /etc/sluice.yaml --yes",
        })
public final class EraseCommand implements Callable<Integer> {

    private static final int TOLD_OBJECTS = 1000;

    private static final DateTimeFormatter FOLDER =
            DateTimeFormatter.ofPattern("uuuu/MM/dd/HH/").withZone(ZoneOffset.UTC);

    @Mixin
    private Selection selection;

    @Mixin
    private Places places;

    @Option(names = "--dry-run", description = "Change nothing, and say what would be done. So it is without --yes.")
    private boolean dryRun;

    @Option(names = "--yes", description = "Do it. What is gone cannot be brought back.")
    private boolean yes;

    @Option(
            names = "--reference",
            paramLabel = "TEXT",
            description = "What the request is filed under, for the audit log. No personal data.")
    private String reference = "";

    @Option(
            names = "--operator",
            paramLabel = "NAME",
            description = "Who does it, for the audit log. Default: the user of the system.")
    private String operator = System.getProperty("user.name", "");

    @Option(
            names = "--audit-log",
            paramLabel = "FILE",
            description = "Where a line about each erasure is added. Default: erasures.ndjson in the directory data, or"
                    + " beside --journal or --from-dir.")
    private Path auditLog;

    @Option(names = "--json", description = "Print the result as one object of JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final Storage storage;
    private final InputStream in;

    private final Tally tally = new Tally();
    private final List<String> told = new ArrayList<>();
    private long allTold;

    public EraseCommand() {
        this(new DiskStorage(), System.in);
    }

    EraseCommand(Storage storage, InputStream in) {
        this.storage = storage;
        this.in = in;
    }

    @Override
    public Integer call() throws InvalidConfig, IOException {
        if (dryRun && yes) {
            throw new ParameterException(spec.commandLine(), "expected --dry-run or --yes, not both");
        }
        SluiceConfig config = places.config();
        Person person = selection.person(in);
        Places.Place objects = places.objects(config, storage);
        try {
            Places.Place parked = places.parked(config, storage);
            try {
                places.requireAnything(config, objects, parked);
                selection.warnOfUnknownShops(config);
                return erase(config, person, objects, parked);
            } finally {
                if (parked != null) {
                    parked.store().close();
                }
            }
        } finally {
            objects.store().close();
        }
    }

    private int erase(SluiceConfig config, Person person, Places.Place objects, Places.Place parked)
            throws IOException {
        AuditLog audit = null;
        if (yes) {
            Path file = auditLog == null ? places.auditLog(config) : auditLog;
            audit = new AuditLog(storage, file, operator, reference, objects.bucket() + "/" + objects.prefix());
            try {
                audit.began();
            } catch (IOException e) {
                throw new ParameterException(
                        spec.commandLine(),
                        "nothing was changed, since the log of erasures cannot be written: " + FileFailure.text(e)
                                + ". --audit-log names another",
                        e);
            }
        }
        Ticker ticker = new Ticker(
                spec.commandLine().getErr(),
                () -> "sluice erase: " + tally.objectsRead + " objects, " + (tally.bytesRead >> 20) + " MB read, "
                        + tally.allLines() + " lines found");
        int code = ExitCodes.FAILED;
        try {
            tally.unfinishedFiles = unfinished(objects) + (parked == null ? 0 : unfinished(parked));
            // The journal first: what leaves it meanwhile is found in an object, or counted as left.
            Path journal = places.journal(config);
            if (journal != null) {
                boolean manifests = config.journal().manifests();
                new KeptJournal(storage, config.journal(), manifests, person, yes, tally, ticker).erase(journal);
            }
            String manifestsPrefix =
                    objects.prefix() + config.delivery().manifests().prefix();
            ObjectErasure.Tombstones tombstones = lines -> put(lines, objects, manifestsPrefix);
            erase(objects, Places.groups(config, objects.prefix()), tombstones, person, ticker);
            if (parked != null) {
                erase(parked, List.of(Places.parkedPrefix(parked)), tombstones, person, ticker);
            }
            code = exitCode();
        } finally {
            if (audit != null) {
                audit.ended(tally, code);
            }
        }
        if (json) {
            printJson(code);
        } else {
            print(code, config);
        }
        return code;
    }

    private void erase(
            Places.Place place,
            List<ObjectErasure.Prefix> prefixes,
            ObjectErasure.Tombstones tombstones,
            Person person,
            Ticker ticker)
            throws IOException {
        ObjectErasure erasure =
                new ObjectErasure(place.store(), place.bucket(), tombstones, person, yes, tally, this::tell, ticker);
        for (ObjectErasure.Prefix prefix : prefixes) {
            erasure.erase(prefix, places.fromMinute(), places.toMinute());
        }
    }

    private static void put(List<String> lines, Places.Place objects, String manifestsPrefix) throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        String key = manifestsPrefix + ReconcileCommand.TOMBSTONES + FOLDER.format(Instant.now()) + "sluice-erased-"
                + UUID.randomUUID() + Encoding.GZIP.extension();
        byte[] raw = String.join("", lines).getBytes(StandardCharsets.US_ASCII);
        objects.store().put(objects.bucket(), key, Packing.block(Encoding.GZIP, 1, raw));
    }

    /** Files that an interrupted run has left: they hold records, and no reader knows of them. */
    private long unfinished(Places.Place place) throws IOException {
        return place.store() instanceof DirectoryVersions directory ? directory.unfinished(place.bucket(), yes) : 0;
    }

    private void tell(String object) {
        if (allTold++ < TOLD_OBJECTS) {
            told.add(object);
        }
    }

    private int exitCode() {
        if (tally.allProblems() > 0) {
            return ExitCodes.FAILED;
        }
        return yes && tally.journalLinesLeft > 0 ? ExitCodes.AGAIN : ExitCodes.OK;
    }

    private void print(int code, SluiceConfig config) {
        PrintWriter out = spec.commandLine().getOut();
        told.forEach(out::println);
        if (allTold > told.size()) {
            out.println("… and " + (allTold - told.size()) + " more objects");
        }
        tally.problems().forEach(problem -> out.println("problem: " + problem));
        if (tally.allProblems() > tally.problems().size()) {
            out.println("… and " + (tally.allProblems() - tally.problems().size()) + " more problems");
        }
        String done = yes ? "erased" : "to be erased";
        tally.lines.forEach((shop, lines) -> out.println("shop " + shop + ": " + lines + " lines"));
        out.println(done + ": " + tally.allLines() + " lines, in " + tally.blocks + " blocks of " + tally.objects
                + " objects; " + tally.olderVersions + " older versions, with " + tally.olderLines + " lines");
        if (tally.unfinishedFiles > 0) {
            out.println(tally.unfinishedFiles + " unfinished files of an interrupted run"
                    + (yes ? " deleted" : ", to be deleted"));
        }
        if (tally.keptLines > 0) {
            out.println("journal: " + tally.keptLines + " lines in what is only kept"
                    + (yes ? "; " + tally.keptSegments + " segments given up" : ""));
        }
        if (tally.journalLinesLeft > 0) {
            out.println("journal: " + tally.journalLinesLeft + (yes ? " lines stay" : " lines would stay")
                    + (tally.journalLinesHeld > 0 ? ", in the journal of a gateway that runs" : "")
                    + (tally.journalLinesOwed > 0
                            ? ", " + tally.journalLinesOwed + " of them not delivered yet, or beside what is not"
                            : "")
                    + ". " + advice(config));
        }
        if (code == ExitCodes.FAILED) {
            out.println("NOT everything could be done: run it again");
        } else if (code == ExitCodes.AGAIN) {
            out.println("NOT done: " + tally.journalLinesLeft + " lines are still in the journal");
        } else {
            out.println(yes ? "done" : "nothing was changed: --yes does it");
        }
        out.flush();
    }

    /** How what the journal holds comes within reach. */
    private String advice(SluiceConfig config) {
        boolean delivers = config.delivery().destination() != DeliveryConfig.Destination.NONE;
        boolean held = tally.journalLinesHeld > 0;
        if (tally.journalLinesOwed == 0 || held && delivers) {
            return "Stop the gateway" + (delivers ? ", so that it delivers what it owes" : "")
                    + ", run this again, and start it";
        }
        // A start that is not held, or one that nobody will ever deliver.
        return (held ? "Stop the gateway, deliver" : "Deliver") + " what is owed with sluice replay --journal "
                + places.journal(config)
                + (delivers ? "" : " --destination local|firehose (the configured one is none)")
                + ", and run this again" + (held ? "; then start it" : "");
    }

    private void printJson(int code) {
        StringBuilder line = new StringBuilder("{\"done\":").append(yes && code == ExitCodes.OK);
        line.append(",\"dryRun\":").append(!yes).append(",\"exit\":").append(code);
        tally.appendTo(line);
        line.append(",\"olderLines\":").append(tally.olderLines);
        line.append(",\"unfinishedFiles\":").append(tally.unfinishedFiles);
        line.append(",\"objectCount\":").append(allTold);
        list(",\"objectTexts\":[", told, line);
        list(",\"problemTexts\":[", tally.problems(), line);
        PrintWriter out = spec.commandLine().getOut();
        out.println(line.append('}'));
        out.flush();
    }

    private static void list(String name, List<String> texts, StringBuilder line) {
        line.append(name);
        String between = "";
        for (String text : texts) {
            line.append(between).append(ManifestLine.quoted(text));
            between = ",";
        }
        line.append(']');
    }
}
