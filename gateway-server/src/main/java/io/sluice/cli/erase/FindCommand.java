package io.sluice.cli.erase;

import io.sluice.aws.ObjectVersions.Version;
import io.sluice.cli.ExitCodes;
import io.sluice.cli.JournalFiles;
import io.sluice.cli.objects.LineFields;
import io.sluice.cli.objects.ObjectWalk;
import io.sluice.cli.objects.Ticker;
import io.sluice.common.Position;
import io.sluice.config.InvalidConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.record.BlockStream;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
        footer = {"  sluice find --shop demo --person request-17.txt > answer.ndjson"})
public final class FindCommand implements Callable<Integer> {

    @Mixin
    private Selection selection;

    @Mixin
    private Places places;

    @Spec
    private CommandSpec spec;

    private final Storage storage;
    private final InputStream in;
    private final Set<Position> printed = new HashSet<>();
    private Search search;
    private Ticker ticker;
    private long objects;
    private boolean good = true;

    public FindCommand() {
        this(new DiskStorage(), System.in);
    }

    FindCommand(Storage storage, InputStream in) {
        this.storage = storage;
        this.in = in;
    }

    @Override
    public Integer call() throws InvalidConfig, IOException {
        SluiceConfig config = places.config();
        search = new Search(selection.person(in));
        ticker = new Ticker(
                spec.commandLine().getErr(),
                () -> "sluice find: " + objects + " objects read, " + printed.size() + " records found");
        Places.Place delivered = places.objects(config, storage);
        try {
            find(delivered, Places.groups(config, delivered.prefix()));
        } finally {
            delivered.store().close();
        }
        Places.Place parked = places.parked(config, storage);
        if (parked != null) {
            try {
                find(parked, List.of(Places.parkedPrefix(parked)));
            } finally {
                parked.store().close();
            }
        }
        Path journal = places.journal(config);
        if (journal != null) {
            findInJournal(journal, config);
        }
        spec.commandLine().getOut().flush();
        return good ? ExitCodes.OK : ExitCodes.FAILED;
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
                        find(version.key(), place.store().open(place.bucket(), version));
                    }
                }
            }
        }
    }

    private void findInJournal(Path journal, SluiceConfig config) throws IOException {
        new JournalFiles(config.journal().keys())
                .visitPlaced(journal, (incarnation, log, block, group, encoding, first, last, packed) -> {
                    ticker.tick();
                    find("block " + block + " of the journal", packed);
                });
    }

    private void find(String where, InputStream packed) {
        try (BlockStream blocks = BlockStream.open(packed)) {
            Search.Found found = search.read(blocks, this::print);
            if (found.unclear() > 0) {
                problem(where + ": " + found.unclear() + " lines are no JSON, and may be meant");
            }
        } catch (IOException e) {
            problem(where + ": " + e.getMessage());
        }
    }

    private void print(byte[] bytes, int from, int to) {
        Position position = LineFields.position(bytes, from, to);
        if (position == null || printed.add(position)) {
            PrintWriter out = spec.commandLine().getOut();
            out.print(new String(bytes, from, to - from, StandardCharsets.UTF_8));
        }
    }

    private void problem(String what) {
        good = false;
        spec.commandLine().getErr().println("sluice find: " + what);
        spec.commandLine().getErr().flush();
    }
}
