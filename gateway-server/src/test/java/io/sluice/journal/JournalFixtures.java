package io.sluice.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.metrics.Counter;
import io.sluice.record.Encoding;
import io.sluice.record.StreamGroup;
import io.sluice.storage.SimStorage;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Writes the small journals that {@link JournalFixturesTest} reads back: one for each encoding of the
 * present format, and one that is encrypted.
 * How to run it stands in the README beside them.
 */
final class JournalFixtures {

    /** The lines that must come out of a fixture, in this order. */
    static final String EXPECTED = "expected.ndjson";

    private static final String ENCRYPTED = "encrypted";
    /** Beside the fixtures: what those are encrypted with whose name says so. */
    private static final String KEY = "key";

    private static final int LINE_BYTES = 20;
    /** More than the header of a frame, less than a frame. */
    private static final int TORN_BYTES = 96;

    private JournalFixtures() {}

    /** Arguments: directory to write to, prefix of the fixtures' names. */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args[0]);
        for (Encoding encoding : Encoding.values()) {
            write(directory.resolve(args[1] + '-' + encoding.name().toLowerCase(Locale.ROOT)), encoding);
        }
        write(directory.resolve(args[1] + '-' + ENCRYPTED), Encoding.GZIP);
    }

    private static void write(Path directory, Encoding encoding) throws IOException {
        List<StreamGroup> groups = List.of(
                new StreamGroup(0, "events", encoding, 1, "sluice-events", "events/"),
                new StreamGroup(1, "rejected", Encoding.NDJSON, 1, "sluice-rejected", "rejected/"));
        SimStorage disk = new SimStorage(1);
        TestJournal journal = new TestJournal(disk, config(directory), 1, 2, groups);
        journal.prepare();
        Set<String> acknowledged = new HashSet<>();
        // Blocks of several frames over two segments, of both groups; some end by a SEAL, some not at all.
        for (int i = 0; i < 5; i++) {
            acknowledged.addAll(commit(journal, 0, new int[] {2, 1}, new boolean[] {i == 2, false}));
            acknowledged.addAll(commit(journal, 1, new int[] {1, 0}, new boolean[] {i == 3, false}));
            journal.prepare();
        }
        SimStorage before = disk.kill(1);
        // The last commit is torn in its first sector: nobody has been told of it.
        journal.producers.get(0).flush(new int[] {3, 0}, new boolean[] {true, false}, 200);
        journal.committer.step();
        for (Path path : disk.files()) {
            String name = path.getFileName().toString();
            if (!name.equals(Layout.GROUPS) && Layout.segmentNumber(path) < 0) {
                continue;
            }
            byte[] image = disk.exists(path) ? read(disk, path) : new byte[0];
            int torn = Arrays.mismatch(image, read(before, path));
            if (torn >= 0) {
                int from = torn & -Storage.BLOCK_BYTES;
                Arrays.fill(image, from + TORN_BYTES, from + Storage.BLOCK_BYTES, (byte) 0);
            }
            Path target = directory.resolve(TestJournal.ROOT.relativize(path).toString());
            Files.createDirectories(target.getParent());
            Files.write(target, image);
        }
        journal.abandon();
        List<String> lines = recover(directory);
        if (lines.size() != acknowledged.size() || !acknowledged.containsAll(lines)) {
            throw new AssertionError(directory + " does not hold what was acknowledged: " + lines);
        }
        Files.writeString(directory.resolve(EXPECTED), String.join("\n", lines) + "\n", StandardCharsets.US_ASCII);
    }

    private static JournalConfig config(Path fixture) throws IOException {
        JournalKeys keys = fixture.getFileName().toString().endsWith(ENCRYPTED)
                ? JournalKeys.parse(Files.readString(fixture.resolveSibling(KEY)))
                : JournalKeys.NONE;
        return TestJournal.with(TestJournal.config(), keys);
    }

    private static List<String> commit(TestJournal journal, int producer, int[] lines, boolean[] seals) {
        TestProducer.Sent sent = journal.producers.get(producer).flush(lines, seals, LINE_BYTES);
        journal.commit();
        if (!sent.isAcknowledged()) {
            throw new AssertionError("not committed: " + sent.outcome());
        }
        return sent.lines;
    }

    private static byte[] read(SimStorage disk, Path path) throws IOException {
        try (StorageFile file = disk.open(path, Storage.Access.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
            file.pread(bytes, 0);
            return bytes.array();
        }
    }

    /** The lines of every block that a start finds in a copy of the fixture, in the order in which they come. */
    static List<String> recover(Path fixture) throws IOException {
        return Image.of(fixture).recover(true);
    }

    /** The files of a fixture in memory, to be changed and recovered. */
    static final class Image {

        private final JournalConfig config;
        private final Map<Path, byte[]> files = new TreeMap<>();

        private Image(JournalConfig config) {
            this.config = config;
        }

        static Image of(Path fixture) throws IOException {
            Image image = new Image(config(fixture));
            try (Stream<Path> paths = Files.walk(fixture)) {
                for (Path path : paths.filter(Files::isRegularFile).toList()) {
                    if (!path.getParent().equals(fixture)) {
                        Path target = TestJournal.ROOT.resolve(
                                fixture.relativize(path).toString());
                        image.files.put(target, Files.readAllBytes(path));
                    }
                }
            }
            return image;
        }

        Image copy() {
            Image copy = new Image(config);
            files.forEach((path, bytes) -> copy.files.put(path, bytes.clone()));
            return copy;
        }

        /** Puts {@code value} in place of a byte; file and place are taken from what there is. */
        void change(int file, int place, byte value) {
            byte[] bytes = List.copyOf(files.values()).get(file % files.size());
            if (bytes.length != 0) {
                bytes[place % bytes.length] = value;
            }
        }

        /** The lines of every block that a start finds, however damaged the files are. */
        List<String> recover() throws IOException {
            return recover(false);
        }

        private List<String> recover(boolean whole) throws IOException {
            SimStorage disk = new SimStorage(1);
            for (Map.Entry<Path, byte[]> file : files.entrySet()) {
                disk.createDirectories(file.getKey().getParent());
                try (StorageFile to = disk.open(file.getKey(), Storage.Access.WRITE)) {
                    to.pwrite(ByteBuffer.wrap(file.getValue()), 0);
                }
            }
            TestJournal journal = new TestJournal(disk, config, 99, 0);
            try {
                List<String> lines = TestJournal.lines(journal.pollAll());
                assertThat(whole && journal.metrics.total(Counter.DAMAGED_BLOCKS) != 0)
                        .isFalse();
                return lines;
            } finally {
                journal.abandon();
            }
        }
    }
}
