package io.sluice.cli;

import io.sluice.common.FileFailure;
import io.sluice.config.ConfigLoader;
import io.sluice.config.InvalidConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.record.BlockReader;
import io.sluice.record.Encoding;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Prints records as NDJSON: those of delivered objects, and those that still lie in a journal only.
 *
 * <p>Objects come first, in the order of their keys. A record that lies in both is printed once. What is damaged is
 * reported with file and place, the rest is printed all the same, and the exit code is 1.
 */
@Command(
        name = "cat",
        header = "Print records as NDJSON, one a line.",
        description = {
            "",
            "Prints the records of delivered objects, then those that lie in the journal only. A record that lies in "
                    + "both is printed once. What is damaged is reported on standard error; the rest is printed."
        },
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything could be read",
            "1:something is missing or damaged; the messages say what",
            "2:the command line or the configuration is wrong"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sluice cat                           everything below ./data",
            "  sluice cat -c /etc/sluice.yaml       everything of that gateway, wherever it is",
            "  sluice cat -f | jq .event            the same, and what comes",
            "  sluice cat -g rejected               why events were not accepted",
            "  sluice cat data/s3/manifests         what was delivered when, block by block",
            "  sluice cat data/s3/events/2026/11    the delivered events of one month",
        })
public final class CatCommand implements Callable<Integer> {

    private static final long POLL_MILLIS = 250;

    /** Where a gateway keeps its things. */
    private record Data(Path objects, Path journal) {}

    /** What their stream, or a directory above them, is called for. */
    private static final String MANIFESTS = "manifests";

    @Option(
            names = {"-f", "--follow"},
            description = "Go on, and print the records of objects as they are delivered, until interrupted.")
    private boolean follow;

    @Option(
            names = {"-g", "--group"},
            paramLabel = "GROUP",
            description = "Print the records of this stream group only, such as 'events' or 'rejected'."
                    + " An object belongs to the group that its stream or a directory above it is named for.")
    private String group;

    @Option(
            names = "--manifests",
            description = "Print manifests, too, which tell of blocks and not of events. They are printed without it if"
                    + " they are asked for by their group, or by a path to them.")
    private boolean manifests;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The server's configuration, which says where objects and journal are, unless there is a"
                    + " PATH, and where the keys of an encrypted journal. Without it, the environment may say so.")
    private Path config;

    @Parameters(
            paramLabel = "PATH",
            description = {
                "Delivered objects (.jsonl, .jsonl.gz, .jsonl.zst), directories that hold such, journals, or data"
                        + " directories with 's3' and 'journal' in them. Default: as --config has it, or data"
            })
    private List<Path> paths = List.of();

    @Spec
    private CommandSpec spec;

    private final OutputStream out;
    /** Made by the call, which knows the keys, unless a test gave one. */
    private JournalBlocks journals;

    private final Printed printed = new Printed();
    private final Set<Path> objectsSeen = new HashSet<>();
    private LinePrinter printer;
    private boolean damage;

    public CatCommand() {
        this(new FileOutputStream(FileDescriptor.out));
    }

    /** @param out where the records go; a failure to write there ends the command quietly */
    public CatCommand(OutputStream out) {
        this(out, null);
    }

    CatCommand(OutputStream out, JournalBlocks journals) {
        this.out = out;
        this.journals = journals;
    }

    @Override
    public Integer call() throws InterruptedException, InvalidConfig {
        Data configured = open();
        printer = new LinePrinter(new BufferedOutputStream(out, 64 * 1024), printed);
        try {
            if (configured != null) {
                catConfigured(configured);
            }
            for (Path path : paths) {
                catPath(path);
            }
            printer.flush();
            while (follow) {
                Thread.sleep(POLL_MILLIS);
                if (configured != null) {
                    catNewObjects(configured);
                }
                for (Path path : paths) {
                    catNewObjects(path);
                }
                printer.flush();
            }
        } catch (LinePrinter.OutputClosed e) {
            // The reader, such as head, has seen enough: that is no error.
            return 0;
        }
        return damage ? 1 : 0;
    }

    /** Reads the configuration. @return where it has what is printed, or {@code null} if there are paths */
    private Data open() throws InvalidConfig {
        ConfigLoader loader = new ConfigLoader();
        if (config != null) {
            loader.file(config);
        }
        loader.environment(System.getenv()).kms(SecretStores::kms).offline();
        if (!paths.isEmpty()) {
            journals = journals == null ? new JournalFiles(loader.loadJournalKeys()) : journals;
            return null;
        }
        SluiceConfig loaded = loader.load();
        journals = journals == null ? new JournalFiles(loaded.journal().keys()) : journals;
        return new Data(loaded.delivery().local().directory(), loaded.journal().root());
    }

    private void catConfigured(Data data) throws LinePrinter.OutputClosed {
        try {
            if (!Files.isDirectory(data.objects) && !Files.isDirectory(data.journal)) {
                throw new IOException("there is no such directory, and no " + data.journal + " either");
            }
            catData(data);
        } catch (LinePrinter.OutputClosed e) {
            throw e;
        } catch (IOException e) {
            report(data.objects, e);
        }
    }

    private void catPath(Path path) throws LinePrinter.OutputClosed {
        try {
            if (!Files.isDirectory(path)) {
                catFile(path);
            } else if (journals.isJournal(path)) {
                catJournal(path);
            } else if (isData(path)) {
                catData(new Data(path.resolve("s3"), path.resolve("journal")));
            } else {
                ObjectFiles.visit(path, this::catObject);
            }
        } catch (LinePrinter.OutputClosed e) {
            throw e;
        } catch (IOException e) {
            report(path, e);
        }
    }

    /** Below a data directory, objects may come and go from the journal while they are read: see {@link Printed}. */
    private void catData(Data data) throws IOException {
        Path journal = data.journal;
        boolean hasJournal = Files.isDirectory(journal) && journals.isJournal(journal);
        if (hasJournal) {
            watch(journal);
        }
        catObjects(data.objects);
        if (hasJournal) {
            try {
                catJournal(journal);
            } finally {
                // A block may have left the journal for an object between the two.
                catObjects(data.objects);
            }
        }
    }

    private void watch(Path journal) {
        try {
            journals.visit(
                    journal,
                    (incarnation, log, block, name, encoding, packed) -> printed.watch(incarnation, log, block));
        } catch (IOException e) {
            // What cannot be read is said when its turn to be printed comes.
            return;
        }
    }

    private void catNewObjects(Data data) throws LinePrinter.OutputClosed {
        try {
            catObjects(data.objects);
        } catch (LinePrinter.OutputClosed e) {
            throw e;
        } catch (IOException e) {
            report(data.objects, e);
        }
    }

    private void catNewObjects(Path path) throws LinePrinter.OutputClosed {
        try {
            if (isData(path)) {
                catObjects(path.resolve("s3"));
            } else if (Files.isDirectory(path) && !journals.isJournal(path)) {
                catObjects(path);
            }
        } catch (LinePrinter.OutputClosed e) {
            throw e;
        } catch (IOException e) {
            report(path, e);
        }
    }

    private void catObjects(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            ObjectFiles.visit(directory, this::catObject);
        }
    }

    private void catFile(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new NoSuchFileException(file.toString());
        }
        Encoding encoding = ObjectFiles.encoding(file);
        if (encoding == null) {
            throw new IOException("the name ends in none of .jsonl, .jsonl.gz, .jsonl.zst");
        }
        catObject(file, encoding);
    }

    private void catObject(Path file, Encoding encoding) throws LinePrinter.OutputClosed {
        if (!objectsSeen.add(file) || group != null && !ObjectFiles.isOfGroup(file, group) || isLeftOut(file)) {
            return;
        }
        try (InputStream packed = Files.newInputStream(file)) {
            catBlocks(packed, encoding, file.toString());
        } catch (LinePrinter.OutputClosed e) {
            throw e;
        } catch (IOException e) {
            report(file, e);
        }
    }

    /** Whether it is a manifest that nobody has asked for. */
    private boolean isLeftOut(Path file) {
        if (manifests || group != null || !ObjectFiles.isOfGroup(file, MANIFESTS)) {
            return false;
        }
        for (Path path : paths) {
            Path name = path.getFileName();
            boolean asked = path.equals(file) || name != null && ObjectFiles.isOfGroup(path.resolve("-"), MANIFESTS);
            if (asked && file.startsWith(path)) {
                return false;
            }
        }
        return true;
    }

    private void catJournal(Path journal) throws IOException {
        journals.visit(journal, (incarnation, log, block, name, encoding, packed) -> {
            if (group != null && !group.equals(name)) {
                return;
            }
            catBlocks(packed, encoding, journal + ", block " + block + " of log " + log + " of " + incarnation);
        });
    }

    private static boolean isData(Path directory) {
        return Files.isDirectory(directory.resolve("s3")) || Files.isDirectory(directory.resolve("journal"));
    }

    private void catBlocks(InputStream packed, Encoding encoding, String where) throws LinePrinter.OutputClosed {
        CountedInput counted = new CountedInput(packed);
        try (InputStream lines = BlockReader.open(encoding, counted)) {
            printer.print(lines);
        } catch (LinePrinter.OutputClosed e) {
            throw e;
        } catch (IOException e) {
            damage = true;
            error(where + ": damaged at or before byte " + counted.count() + ": " + e.getMessage());
        }
    }

    private void report(Path path, IOException e) {
        damage = true;
        // The JDK's name the file themselves.
        error(e instanceof FileSystemException ? FileFailure.text(e) : path + ": " + e.getMessage());
    }

    private void error(String message) {
        spec.commandLine().getErr().println("sluice cat: " + message);
        spec.commandLine().getErr().flush();
    }
}
