package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.ExitCodes;
import io.sluice.config.ConfigLoader;
import io.sluice.journal.JournalConfig;
import io.sluice.journal.KeptBlocks;
import io.sluice.metrics.Metrics;
import io.sluice.storage.DiskStorage;
import io.sluice.testing.BeaconClient;
import io.sluice.testing.CleanLog;
import io.sluice.testing.Delivered;
import io.sluice.testing.SluiceProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** A dead machine's journal is delivered by another, and what is kept is delivered again. */
@Timeout(180)
class ReplayTest {

    private static final String TARGET = "/v1/events?k=demo";

    private record Result(int code, String out, String err) {}

    @TempDir
    Path directory;

    private Result replay(String... more) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        String[] arguments = Stream.concat(
                        Stream.of("replay", "--data", directory.resolve("other").toString()), Stream.of(more))
                .toArray(String[]::new);
        CommandLine sluice = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        return new Result(sluice.execute(arguments), out.toString(), err.toString());
    }

    private static void send(BeaconClient client, String id, Set<String> acked) throws IOException {
        BeaconClient.Answer answer = client.post(TARGET, "{\"id\":\"" + id + "\",\"event\":\"click\"}");
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        acked.add(id);
    }

    private static Set<String> ids(List<Map<String, Object>> records) {
        Set<String> ids = new HashSet<>();
        records.forEach(record -> ids.add((String) record.get("id")));
        return ids;
    }

    private List<Map<String, Object>> records(String data) {
        return Delivered.records(directory.resolve(data).resolve("s3/events"));
    }

    /** Names, sizes and times of everything below. */
    private static Map<String, String> listing(Path directory) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.filter(Files::isRegularFile)
                    .filter(path -> !path.endsWith("lock"))
                    .toList()) {
                FileTime time = Files.getLastModifiedTime(path);
                files.put(directory.relativize(path).toString(), Files.size(path) + " " + time);
            }
        }
        return files;
    }

    @Test
    void theJournalOfADeadMachineIsDeliveredOnceByWhoeverHasItsVolume() throws Exception {
        Set<String> acked = ConcurrentHashMap.newKeySet();
        try (SluiceProcess sluice = SluiceProcess.start(directory.resolve("data"))) {
            CountDownLatch enough = new CountDownLatch(3_000);
            Thread[] clients = new Thread[4];
            for (int c = 0; c < clients.length; c++) {
                String name = "c" + c;
                clients[c] = Thread.ofPlatform().start(() -> {
                    try (BeaconClient client = new BeaconClient(sluice.port())) {
                        for (int i = 0; ; i++) {
                            send(client, name + "-" + i, acked);
                            enough.countDown();
                        }
                    } catch (IOException e) {
                        // Killed.
                    }
                });
            }
            assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
            sluice.kill();
            for (Thread client : clients) {
                client.join();
            }
        }
        Path orphan = directory.resolve("volume/journal");
        Files.createDirectories(orphan.getParent());
        Files.move(directory.resolve("data/journal"), orphan);
        Map<String, String> before = listing(orphan);

        Result dry = replay("--journal", orphan.toString(), "--dry-run");
        assertThat(dry.code()).as(dry.err()).isEqualTo(ExitCodes.OK);
        assertThat(listing(orphan)).isEqualTo(before);
        assertThat(directory.resolve("other/s3")).doesNotExist();

        // The data directory will do.
        Result first = replay("--journal", orphan.getParent().toString());
        assertThat(first.code()).as(first.err()).isEqualTo(ExitCodes.OK);
        assertThat(first.out()).startsWith("replayed blocks=");
        assertThat(figure(dry.out(), "records")).isEqualTo(figure(first.out(), "records"));
        assertThat(figure(dry.out(), "blocks")).isEqualTo(figure(first.out(), "blocks"));
        List<Map<String, Object>> replayed = records("other");
        assertThat(replayed).hasSize((int) figure(first.out(), "records")).isNotEmpty();
        Set<String> found = ids(records("data"));
        found.addAll(ids(replayed));
        assertThat(found).containsAll(acked);
        Set<Object> positions = new HashSet<>();
        assertThat(replayed)
                .allSatisfy(
                        record -> assertThat(positions.add(record.get("pos"))).isTrue());

        Result second = replay("--journal", orphan.toString());
        assertThat(second.code()).as(second.err()).isEqualTo(ExitCodes.OK);
        assertThat(second.out()).startsWith("replayed blocks=0 records=0 bytes=0 ");
        assertThat(records("other")).hasSameSizeAs(replayed);
    }

    private static long figure(String text, String name) {
        String rest = text.substring(text.indexOf(name + "=") + name.length() + 1);
        return Long.parseLong(rest.substring(0, rest.indexOf(' ')));
    }

    @Test
    void whatIsKeptIsDeliveredAgainWhileTheGatewayRuns() throws Exception {
        Set<String> acked = new HashSet<>();
        Path journal = directory.resolve("data/journal");
        // Encrypted, so that both ways of a replay are seen to use the keys.
        Path key = Files.writeString(directory.resolve("journal.key"), "5f".repeat(32) + "\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        String config = Files.writeString(
                        directory.resolve("sluice.yaml"), "journal: {encryption: {key-file: \"" + key + "\"}}\n")
                .toString();
        try (SluiceProcess sluice = SluiceProcess.start(directory.resolve("data"), "--config", config);
                BeaconClient client = new BeaconClient(sluice.port())) {
            Instant began = Instant.now();
            for (int i = 0; i < 200; i++) {
                send(client, "e" + i, acked);
            }
            while (!ids(records("data")).containsAll(acked)) {
                TimeUnit.MILLISECONDS.sleep(20);
            }

            Result alone = replay("--config", config, "--journal", journal.toString());
            assertThat(alone.code()).as(alone.err()).isEqualTo(ExitCodes.OK);
            assertThat(alone.err()).contains("is left alone: a running process holds it");
            assertThat(alone.out()).startsWith("replayed blocks=0 ");

            Result early = replay(
                    "--config",
                    config,
                    "--journal",
                    journal.toString(),
                    "--to",
                    began.minusSeconds(60).toString());
            assertThat(early.code()).as(early.err()).isEqualTo(ExitCodes.OK);
            assertThat(early.out()).startsWith("resent blocks=0 ");

            String from = began.minusSeconds(60).toString();
            Result dry = replay("--config", config, "--journal", journal.toString(), "--from", from, "--dry-run");
            assertThat(dry.out()).startsWith("would resend blocks=").contains("records=200 ");
            assertThat(records("other")).isEmpty();

            Result again = replay("--config", config, "--journal", journal.toString(), "--from", from);
            assertThat(again.code()).as(again.err()).isEqualTo(ExitCodes.OK);
            assertThat(again.out()).startsWith("resent blocks=").contains("records=200 ");
            assertThat(ids(records("other"))).isEqualTo(acked);
            // The same positions, so that readers know them.
            Set<Object> positions = new HashSet<>();
            records("data").forEach(record -> positions.add(record.get("pos")));
            assertThat(records("other"))
                    .allSatisfy(record -> assertThat(positions).contains(record.get("pos")));

            send(client, "after", acked);
            assertThat(sluice.terminate()).isZero();
        }
        assertThat(ids(records("data"))).isEqualTo(acked);
    }

    @Test
    void aSegmentThatIsRecycledWhileItIsReadIsMissedAndSaidSo() throws Exception {
        Set<String> acked = new HashSet<>();
        Path data = directory.resolve("data");
        Path none = Files.writeString(directory.resolve("none.yaml"), "delivery: {destination: none}");
        try (SluiceProcess sluice = SluiceProcess.start(data, "--config", none.toString());
                BeaconClient client = new BeaconClient(sluice.port())) {
            send(client, "e", acked);
            KeptBlocks kept = withABlock(data);
            sluice.kill();
            try (kept;
                    Stream<Path> paths = Files.walk(data.resolve("journal"))) {
                // Of those made ahead.
                Path second = paths.filter(path -> path.endsWith("seg-0000000001.slj"))
                        .findFirst()
                        .orElseThrow();
                Files.move(second, second.resolveSibling("prepare.tmp"));
                assertThat(kept.poll(0)).isNull();
                assertThat(kept.missed().recycledSegments()).isEqualTo(1);
                assertThat(kept.missed().unreadableSegments()).isZero();
            }
        }
        Result replay = replay("--journal", data.toString(), "--from", "2000-01-01");
        // Another is behind it, and one is before it that would have been recycled first.
        assertThat(replay.err()).contains("1 segments are missing in the middle of their logs: segment 1 of ");
        assertThat(replay.code()).isEqualTo(ExitCodes.FAILED);
        assertThat(replay.out()).startsWith("resent blocks=1 records=1 ");
    }

    /** A reader that has read one block and no further. */
    private static KeptBlocks withABlock(Path data) throws Exception {
        JournalConfig config =
                new ConfigLoader().option("--data", "data", data).load().journal();
        while (true) {
            KeptBlocks kept =
                    KeptBlocks.received(config, new DiskStorage(), 0, Long.MAX_VALUE, new Metrics().newCells());
            if (kept.poll(0) != null) {
                return kept;
            }
            // Not sealed yet.
            kept.close();
        }
    }

    @Test
    void withoutItsKeyTheJournalIsNotDeliveredAndTheReplaySaysSoAndEnds(CleanLog.Expected log) throws Exception {
        log.line("a log cannot be read");
        Path key = Files.writeString(directory.resolve("journal.key"), "5f".repeat(32) + "\n");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        Path config = Files.writeString(
                directory.resolve("sluice.yaml"),
                "journal: {encryption: {key-file: \"" + key + "\"}}\ndelivery: {destination: none}\n");
        Path data = directory.resolve("data");
        Set<String> acked = new HashSet<>();
        try (SluiceProcess sluice = SluiceProcess.start(data, "--config", config.toString());
                BeaconClient client = new BeaconClient(sluice.port())) {
            send(client, "e", acked);
            sluice.kill();
        }
        Result blind = replay("--journal", data.toString(), "--patience", "1s");
        assertThat(blind.code()).isEqualTo(ExitCodes.FAILED);
        assertThat(blind.err())
                .contains("nothing has moved for 1 s, at least ")
                .contains("blocks and 0 manifests left; a log cannot be read: ")
                .contains("is encrypted with key");
        assertThat(blind.out()).startsWith("replayed blocks=0 ");

        Path keyOnly = Files.writeString(
                directory.resolve("key.yaml"), "journal: {encryption: {key-file: \"" + key + "\"}}\n");
        Result seeing = replay("--journal", data.toString(), "--config", keyOnly.toString());
        assertThat(seeing.code()).as(seeing.err()).isEqualTo(ExitCodes.OK);
        assertThat(seeing.out()).startsWith("replayed blocks=1 records=1 ");
        Result done = replay("--journal", data.toString(), "--config", keyOnly.toString());
        assertThat(done.code()).as(done.err()).isEqualTo(ExitCodes.OK);
        assertThat(done.err()).doesNotContain("left alone");
    }

    @Test
    void whatTheDestinationDoesNotTakeIsLeftAndNamed(CleanLog.Expected log) throws Exception {
        log.line("nothing is lost");
        Path none = Files.writeString(directory.resolve("none.yaml"), "delivery: {destination: none}");
        Path data = directory.resolve("data");
        try (SluiceProcess sluice = SluiceProcess.start(data, "--config", none.toString());
                BeaconClient client = new BeaconClient(sluice.port())) {
            send(client, "e", new HashSet<>());
            sluice.kill();
        }
        Path prefix = directory.resolve("other/s3/manifests");
        Files.createDirectories(prefix.getParent());
        Files.writeString(prefix, "a file where a directory should be");
        Result stuck = replay("--journal", data.toString(), "--patience", "1s");
        assertThat(stuck.code()).isEqualTo(ExitCodes.FAILED);
        assertThat(stuck.out()).startsWith("replayed blocks=1 records=1 ");
        assertThat(stuck.err())
                .contains("at least 0 blocks and 1 manifests left; the destination: ")
                .contains(prefix.toString());
        Files.delete(prefix);
        Result mended = replay("--journal", data.toString());
        assertThat(mended.code()).as(mended.err()).isEqualTo(ExitCodes.OK);
        assertThat(mended.out()).startsWith("replayed blocks=0 ");
        assertThat(Delivered.records(directory.resolve("other/s3/manifests"))).hasSize(1);
    }

    @Test
    void saysWhatIsWrongWithTheCommandLine() throws IOException {
        String there = Files.createDirectory(directory.resolve("journal")).toString();
        assertThat(replay("--journal", directory.resolve("nowhere").toString()).err())
                .contains("is no directory");
        assertThat(replay("--journal", there, "--from", "yesterday").err()).contains("--from yesterday is no time");
        assertThat(replay("--journal", there, "--from", "2026-11-23", "--to", "2026-11-22")
                        .err())
                .contains("is not before");
        assertThat(replay("--journal", there, "--patience", "0s").err()).contains("'0s' is no time");
        assertThat(replay("--journal", there, "--port", "1").err()).contains("Unknown option");
        Result empty = replay("--journal", there);
        assertThat(empty.code()).isEqualTo(ExitCodes.FAILED);
        assertThat(empty.err()).contains("no journal here: " + there);
        Result none = replay("--journal", there, "--destination", "none");
        assertThat(none.code()).isEqualTo(ExitCodes.INVALID);
        assertThat(none.err()).contains("delivery.destination is none");
    }
}
