package io.sluice.cli.erase;

import io.sluice.aws.ObjectVersions.Version;
import io.sluice.cli.ExitCodes;
import io.sluice.cli.JournalFiles;
import io.sluice.cli.objects.LineFields;
import io.sluice.cli.objects.ObjectWalk;
import io.sluice.cli.objects.Ticker;
import io.sluice.common.FileFailure;
import io.sluice.common.Position;
import io.sluice.config.InvalidConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.record.BlockStream;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.Storage;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what is stored of a person. Holds the positions of the person's lines. */
@Command(
        name = "find",
        header = "Print a person's records as NDJSON, one a line.",
        description = {
            "",
            "Looks where erase would, and prints each record once: of delivered objects as readers see them, of parked "
                    + "blocks, and of the journal."
        },
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything was read, whether or not there was anything",
            "1:something could not be read; the messages say what",
            "2:the command line or the configuration is wrong"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sluice find --shop demo --person request-17.txt > answer.ndjson",
            "  sluice find --shop demo --uid u-4711 --s3 s3://bucket --config /etc/sluice.yaml",
        })
public final class FindCommand implements Callable<Integer> {

    @FunctionalInterface
    private interface Opener {
        InputStream open() throws IOException;
    }

    /** Nobody reads the output any more. */
    private static final class OutputClosed extends UncheckedIOException {

        private static final long serialVersionUID = 1L;

        OutputClosed(IOException cause) {
            super(cause);
        }
    }

    @Mixin
    private Selection selection;

    @Mixin
    private Places places;

    @Spec
    private CommandSpec spec;

    private final Storage storage;
    private final InputStream in;
    private final OutputStream out;
    private final Set<Position> printed = new HashSet<>();
    private Search search;
    private Ticker ticker;
    private long objects;
    private long records;
    private long inJournal;
    private long found;
    private boolean good = true;

    public FindCommand() {
        this(new DiskStorage(), System.in, new FileOutputStream(FileDescriptor.out));
    }

    /** @param out where the records go, as the bytes that they are */
    FindCommand(Storage storage, InputStream in, OutputStream out) {
        this.storage = storage;
        this.in = in;
        this.out = new BufferedOutputStream(out, 1 << 16);
    }

    @Override
    public Integer call() throws InvalidConfig, IOException {
        SluiceConfig config = places.config();
        search = new Search(selection.person(in));
        ticker = new Ticker(
                spec.commandLine().getErr(),
                () -> "sluice find: " + objects + " objects read, " + printed.size() + " records found");
        try {
            find(config);
            flush();
            say(objects + " objects, " + records + " records read"
                    + (inJournal > 0 ? ", and " + inJournal + " in the journal, where delivered ones stay a while" : "")
                    + "; " + found + " found");
        } catch (OutputClosed e) {
            // The reader, such as head, has seen enough: that is no error.
            return ExitCodes.OK;
        }
        return good ? ExitCodes.OK : ExitCodes.FAILED;
    }

    private void find(SluiceConfig config) throws IOException {
        Places.Place delivered = places.objects(config, storage);
        try {
            Places.Place parked = places.parked(config, storage);
            try {
                places.requireAnything(config, delivered, parked);
                selection.warnOfUnknownShops(config);
                find(delivered, Places.groups(config, delivered.prefix()));
                if (parked != null) {
                    find(parked, List.of(Places.parkedPrefix(parked)));
                }
            } finally {
                if (parked != null) {
                    parked.store().close();
                }
            }
        } finally {
            delivered.store().close();
        }
        Path journal = places.journal(config);
        if (journal != null) {
            findInJournal(journal, config);
        }
    }

    private void find(Places.Place place, List<ObjectErasure.Prefix> prefixes) throws IOException {
        for (ObjectErasure.Prefix prefix : prefixes) {
            StoredObject.Listing listing =
                    new StoredObject.Listing(place.store().list(place.bucket(), prefix.prefix()));
            for (StoredObject object = listing.next(); object != null; object = listing.next()) {
                ticker.tick();
                int minute = ObjectWalk.minute(prefix.prefix(), object.key());
                if (minute != ObjectWalk.NO_HOUR && (minute < places.fromMinute() || minute >= places.toMinute())) {
                    continue;
                }
                for (Version version : object.versions()) {
                    if (version.newest() && !version.marker()) {
                        objects++;
                        records += find(version.key(), () -> place.store().open(place.bucket(), version));
                    }
                }
            }
        }
    }

    private void findInJournal(Path journal, SluiceConfig config) throws IOException {
        new JournalFiles(config.journal().keys())
                .visitPlaced(journal, (incarnation, log, block, group, encoding, first, last, packed) -> {
                    ticker.tick();
                    inJournal += find("block " + block + " of the journal", () -> packed);
                });
    }

    /** @return lines that were read */
    private long find(String where, Opener packed) {
        try (BlockStream blocks = BlockStream.open(packed.open())) {
            Search.Found read = search.read(blocks, this::print);
            if (read.unclear() > 0) {
                problem(where + ": " + read.unclear() + " lines are no JSON, and may be meant");
            }
            return read.lines();
        } catch (IOException e) {
            problem(where + ": " + FileFailure.text(e));
            return 0;
        }
    }

    private void print(byte[] bytes, int from, int to) {
        Position position = LineFields.position(bytes, from, to);
        if (position == null || printed.add(position)) {
            found++;
            try {
                out.write(bytes, from, to - from);
            } catch (IOException e) {
                throw new OutputClosed(e);
            }
        }
    }

    private void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new OutputClosed(e);
        }
    }

    private void problem(String what) {
        good = false;
        say(what);
    }

    private void say(String what) {
        spec.commandLine().getErr().println("sluice find: " + what);
        spec.commandLine().getErr().flush();
    }
}
