package io.sluice.cli.erase;

import static io.sluice.cli.reconcile.TestBucket.START_MILLIS;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.Sluice;
import io.sluice.cli.reconcile.ReconcileCommand;
import io.sluice.cli.reconcile.TestBucket;
import io.sluice.cli.reconcile.TestBucket.Block;
import io.sluice.common.Position;
import io.sluice.record.BlockReader;
import io.sluice.record.Encoding;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.Storage;
import io.sluice.storage.StorageFile;
import java.io.ByteArrayInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Objects with the records of two people, and the commands that look for them and take them out. */
abstract class EraseFixture {

    static final String EVENTS = "events/2026/11/22/10/sluice-events-1-2026-11-22-10-00-00-";
    static final String MANIFESTS = "manifests/2026/11/22/10/sluice-manifests-1-2026-11-22-10-00-00-";
    static final String JANE = "jane-4711";
    static final String OTTO = "otto-0815";

    @TempDir
    Path temp;

    TestBucket bucket;
    Storage storage = new DiskStorage();
    String stdin = "";
    String out;
    String err;

    @BeforeEach
    void bucket() throws IOException {
        bucket = new TestBucket(Files.createDirectories(temp.resolve("s3")));
    }

    /** A block of so many lines, of which those of the given indexes are Jane's. */
    static Block block(Encoding encoding, long number, int records, Integer... ofJane) {
        Set<Integer> hers = Set.of(ofJane);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < records; i++) {
            lines.append(line(number, i, "\"uid\":\"" + (hers.contains(i) ? JANE : OTTO) + "\","));
        }
        return new Block("events", encoding, number, lines.toString(), "delivered", START_MILLIS + 60_000);
    }

    static String line(long block, int index, String fields) {
        return "{\"id\":\"e-" + (block * 1000 + index) + "\",\"event\":\"view\",\"shop\":\"shop-" + index % 3
                + "\",\"rt\":" + (START_MILLIS + index * 20_000L % 120_000) + "," + fields
                + "\"via\":\"v1\",\"pos\":\"" + new Position(TestBucket.INCARNATION, 0, block, index) + "\"}\n";
    }

    Block[] fill(Encoding encoding) throws IOException {
        Block[] blocks = {
            block(encoding, 1, 10, 0, 3, 4),
            block(encoding, 2, 10, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9),
            block(encoding, 3, 10),
            block(encoding, 4, 10, 9),
            block(encoding, 5, 10)
        };
        bucket.manifests(MANIFESTS + "a", blocks);
        bucket.object(EVENTS + "a", blocks[0], blocks[1], blocks[2], blocks[3]);
        bucket.object(EVENTS + "b", blocks[4]);
        return blocks;
    }

    static String decoded(Path file) throws IOException {
        String name = file.getFileName().toString();
        Encoding encoding =
                name.endsWith(".gz") ? Encoding.GZIP : name.endsWith(".zst") ? Encoding.ZSTD : Encoding.NDJSON;
        try (InputStream in = BlockReader.open(encoding, Files.newInputStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The lines of all objects but manifests. */
    List<String> lines() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Map.Entry<Path, byte[]> file : files().entrySet()) {
            if (!bucket.root().relativize(file.getKey()).startsWith("manifests")) {
                new String(unpacked(file.getValue()), StandardCharsets.UTF_8)
                        .lines()
                        .forEach(lines::add);
            }
        }
        return lines;
    }

    /** Byte by byte, in every file there is, packed and unpacked, manifests and leftovers included. */
    void assertNowhere(String value) throws IOException {
        byte[] needle = value.getBytes(StandardCharsets.UTF_8);
        for (Map.Entry<Path, byte[]> file : files().entrySet()) {
            assertThat(indexOf(file.getValue(), needle)).as("%s", file.getKey()).isNegative();
            assertThat(indexOf(unpacked(file.getValue()), needle))
                    .as("%s", file.getKey())
                    .isNegative();
        }
    }

    static byte[] unpacked(byte[] object) throws IOException {
        Encoding encoding = object.length < 2 || object[0] == '{'
                ? Encoding.NDJSON
                : object[0] == 0x1f ? Encoding.GZIP : Encoding.ZSTD;
        try (InputStream in = BlockReader.open(encoding, new ByteArrayInputStream(object))) {
            return in.readAllBytes();
        }
    }

    static int indexOf(byte[] bytes, byte[] needle) {
        for (int i = 0; i <= bytes.length - needle.length; i++) {
            if (Arrays.equals(bytes, i, i + needle.length, needle, 0, needle.length)) {
                return i;
            }
        }
        return -1;
    }

    Map<Path, byte[]> files() throws IOException {
        Map<Path, byte[]> files = new HashMap<>();
        try (Stream<Path> walk = Files.walk(bucket.root())) {
            walk.filter(Files::isRegularFile).forEach(file -> {
                try {
                    files.put(file, Files.readAllBytes(file));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
        return files;
    }

    void row(String name, long blocks, Object records) {
        assertThat(out).containsPattern("(?m)^" + name + " +" + blocks + " +" + records + " ");
    }

    int erase(String... options) {
        List<String> arguments = new ArrayList<>(List.of(
                "erase",
                "--from-dir",
                bucket.root().toString(),
                "--audit-log",
                temp.resolve("audit.ndjson").toString()));
        arguments.addAll(List.of(options));
        return execute(arguments.toArray(String[]::new));
    }

    int reconcile(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("reconcile", "--from-dir", bucket.root().toString()));
        arguments.addAll(List.of(options));
        return execute(arguments.toArray(String[]::new));
    }

    int execute(String... arguments) {
        StringWriter printed = new StringWriter();
        StringWriter errors = new StringWriter();
        CommandLine line = Sluice.commandLine(
                new ReconcileCommand(),
                new FindCommand(storage, InputStream.nullInputStream(), OutputStream.nullOutputStream()),
                new EraseCommand(storage, new ByteArrayInputStream(stdin.getBytes(StandardCharsets.UTF_8))));
        line.setOut(new PrintWriter(printed));
        line.setErr(new PrintWriter(errors));
        int exit = line.execute(arguments);
        out = printed.toString();
        err = errors.toString();
        return exit;
    }

    /** A disk to override a step of. */
    abstract static class TestStorage implements Storage {
        private final Storage disk = new DiskStorage();

        @Override
        public StorageFile open(Path file, Access access) throws IOException {
            return disk.open(file, access);
        }

        @Override
        public void createDirectories(Path directory) throws IOException {
            disk.createDirectories(directory);
        }

        @Override
        public List<Path> list(Path directory) throws IOException {
            return disk.list(directory);
        }

        @Override
        public boolean exists(Path path) {
            return disk.exists(path);
        }

        @Override
        public void rename(Path from, Path to) throws IOException {
            disk.rename(from, to);
        }

        @Override
        public void delete(Path path) throws IOException {
            disk.delete(path);
        }

        @Override
        public void syncDirectory(Path directory) throws IOException {
            disk.syncDirectory(directory);
        }

        @Override
        public Closeable tryLock(Path file) throws IOException {
            return disk.tryLock(file);
        }

        @Override
        public long usableBytes(Path path) throws IOException {
            return disk.usableBytes(path);
        }
    }
}
