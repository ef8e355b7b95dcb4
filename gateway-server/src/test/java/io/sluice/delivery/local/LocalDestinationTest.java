package io.sluice.delivery.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.delivery.Blocks;
import io.sluice.delivery.HandClock;
import io.sluice.journal.SealedBlock;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import io.sluice.record.Encoding;
import io.sluice.record.OtherReaders;
import io.sluice.record.Samples;
import io.sluice.record.StreamGroup;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalDestinationTest {

    private static final String UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    private static final List<StreamGroup> GROUPS = List.of(
            new StreamGroup(0, "events", Encoding.GZIP, 6, "sluice-events", "events/"),
            new StreamGroup(1, "rejected", Encoding.GZIP, 6, "sluice-rejected", "rejected/"));

    @TempDir
    private Path temp;

    private final HandClock clock = new HandClock(Instant.parse("2026-11-22T23:59:59.500Z"));
    private final Metrics metrics = new Metrics();
    private final FaultyStorage storage = new FaultyStorage();
    private final List<SealedBlock> delivered = new ArrayList<>();

    @Test
    void namesObjectsAsFirehoseDoesByTheArrivalOfTheOldestBlock() throws Exception {
        LocalDestination destination = open(1 << 20, Duration.ofSeconds(60));
        accept(destination, Blocks.of("events", Encoding.GZIP, 1, line("a")));
        clock.advanceMillis(2_000);
        accept(destination, Blocks.of("events", Encoding.GZIP, 2, line("b")));
        accept(destination, Blocks.of("rejected", Encoding.GZIP, 3, line("c")));
        flushAll(destination);

        assertThat(objects())
                .satisfiesExactly(
                        events -> assertThat(events)
                                .matches("events/2026/11/22/23/sluice-events-1-2026-11-22-23-59-59-" + UUID
                                        + "\\.jsonl\\.gz"),
                        rejected -> assertThat(rejected)
                                .matches("rejected/2026/11/23/00/sluice-rejected-1-2026-11-23-00-00-01-" + UUID
                                        + "\\.jsonl\\.gz"));
        assertThat(metrics.total(Counter.DELIVERED_OBJECTS)).isEqualTo(2);
    }

    @Test
    void deliversAGroupThatIsConfiguredNoMoreUnderItsName() throws Exception {
        LocalDestination destination = open(1 << 20, Duration.ofSeconds(60));
        accept(destination, Blocks.of("old", Encoding.ZSTD, 1, line("a")));
        flushAll(destination);
        assertThat(objects()).singleElement().asString().matches("old/2026/.*/sluice-old-1-.*\\.jsonl\\.zst");
    }

    @ParameterizedTest
    @EnumSource
    void anObjectIsTheBytesOfItsBlocksAndDecodesAsOne(Encoding encoding) throws Exception {
        Random random = new Random(1);
        LocalDestination destination = open(64 << 20, Duration.ofSeconds(60));
        storage.longestWrite = 1_000;
        byte[] lines = {};
        byte[] bytes = {};
        for (int i = 0; i < 40; i++) {
            byte[] part = Samples.eventLines(random, 1 + random.nextInt(20_000));
            accept(destination, Blocks.of("events", encoding, i, part));
            lines = Samples.concat(lines, part);
            bytes = Samples.concat(bytes, Samples.block(encoding, part));
        }
        flushAll(destination);

        byte[] object = Files.readAllBytes(temp.resolve("s3").resolve(objects().getFirst()));
        assertThat(object).isEqualTo(bytes);
        assertThat(OtherReaders.tool(encoding, object)).isEqualTo(lines);
        assertThat(OtherReaders.library(encoding, object)).isEqualTo(lines);
        assertThat(delivered).hasSize(40);
    }

    @Test
    void neverMixesEncodingsInAnObject() throws Exception {
        LocalDestination destination = open(1 << 20, Duration.ofSeconds(60));
        for (int i = 0; i < 3; i++) {
            for (Encoding encoding : Encoding.values()) {
                accept(destination, Blocks.of("events", encoding, i, line("a")));
            }
        }
        flushAll(destination);
        assertThat(objects()).hasSize(3);
        for (Encoding encoding : Encoding.values()) {
            String key = objects().stream()
                    .filter(o -> o.endsWith(encoding.extension()))
                    .findFirst()
                    .orElseThrow();
            byte[] object = Files.readAllBytes(temp.resolve("s3").resolve(key));
            assertThat(OtherReaders.library(encoding, object))
                    .isEqualTo(Samples.concat(line("a"), line("a"), line("a")));
        }
    }

    @Test
    void completesAnObjectWhenItsFirstBlockHasWaitedLongEnough() throws Exception {
        LocalDestination destination = open(1 << 20, Duration.ofSeconds(10));
        assertThat(destination.nanosUntilDue(clock.nanoTime())).isEqualTo(Long.MAX_VALUE);
        accept(destination, Blocks.of(1, "{}\n"));
        clock.advanceMillis(6_000);
        accept(destination, Blocks.of(2, "{}\n"));
        assertThat(destination.nanosUntilDue(clock.nanoTime())).isEqualTo(4_000_000_000L);
        clock.advanceMillis(3_999);
        flushDue(destination);
        assertThat(delivered).isEmpty();

        clock.advanceMillis(1);
        assertThat(destination.nanosUntilDue(clock.nanoTime())).isZero();
        flushDue(destination);
        assertThat(delivered).hasSize(2);
        assertThat(objects()).hasSize(1);
        assertThat(destination.nanosUntilDue(clock.nanoTime())).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void completesAnObjectBeforeItWouldGrowBeyondItsSize() throws Exception {
        LocalDestination destination = open(10, Duration.ofHours(1));
        accept(destination, Blocks.of(1, "1234\n"));
        accept(destination, Blocks.of(2, "123\n"));
        flushDue(destination);
        assertThat(delivered).isEmpty();

        accept(destination, Blocks.of(3, "12\n"));
        assertThat(destination.nanosUntilDue(clock.nanoTime())).isZero();
        flushDue(destination);
        assertThat(delivered).extracting(SealedBlock::block).containsExactly(1L, 2L);

        accept(destination, Blocks.of(4, "a block larger than an object\n"));
        flushDue(destination);
        assertThat(delivered).extracting(SealedBlock::block).containsExactly(1L, 2L, 3L, 4L);
        assertThat(objects()).hasSize(3);
    }

    @Test
    void aBlockIsDeliveredOnlyOnceItAndItsNamesAreSynced() throws Exception {
        Path root = temp.resolve("s3");
        LocalDestination destination = open(1 << 20, Duration.ofSeconds(60));
        assertThat(storage.trace).contains("entries " + temp);
        storage.trace.clear();
        accept(destination, Blocks.of(1, "{}\n"));
        destination.flush(clock.nanoTime(), true, (block, id) -> storage.trace.add("delivered"));

        Path object = root.resolve(objects().getFirst());
        Path hour = object.getParent();
        assertThat(storage.trace.getFirst()).startsWith("sync " + root.resolve(".tmp"));
        assertThat(storage.trace.subList(1, storage.trace.size()))
                .containsExactly(
                        "entries " + root.resolve("events/2026/11/22"),
                        "entries " + root.resolve("events/2026/11"),
                        "entries " + root.resolve("events/2026"),
                        "entries " + root.resolve("events"),
                        "entries " + root,
                        "rename " + object,
                        "entries " + hour,
                        "delivered");
    }

    @Test
    void showsOnlyWholeObjectsWhicheverCallFailsAndDeliversOnTheNextAttempt(CleanLog.Expected log) throws Exception {
        log.line("nothing is lost");
        int failures = 0;
        for (int failing = 0; ; failing++) {
            Path root = temp.resolve("fault-" + failing);
            delivered.clear();
            LocalDestination destination = open(root, 1 << 20, Duration.ofSeconds(60));
            SealedBlock one = Blocks.of("events", Encoding.GZIP, 1, line("a"));
            SealedBlock two = Blocks.of("events", Encoding.GZIP, 2, line("b"));
            destination.accept(one, clock.nanoTime());
            destination.accept(two, clock.nanoTime());
            storage.calls = 0;
            storage.failingCall = failing;
            destination.flush(clock.nanoTime(), true, (block, id) -> delivered.add(block));
            boolean failed = metrics.total(Counter.DELIVERY_RETRIES) > failures;
            if (failed) {
                failures++;
                assertThat(delivered).isEmpty();
                clock.advanceMillis(destination.nanosUntilDue(clock.nanoTime()) / 1_000_000);
                for (String key : objects(root)) {
                    assertThat(Files.readAllBytes(root.resolve(key))).isEqualTo(bytesOf(one, two));
                }
            }
            storage.failingCall = -1;
            destination.flush(clock.nanoTime(), true, (block, id) -> delivered.add(block));

            assertThat(delivered).as("failing call %d", failing).containsExactly(one, two);
            assertThat(objects(root)).as("failing call %d", failing).hasSize(1);
            assertThat(Files.readAllBytes(root.resolve(objects(root).getFirst())))
                    .isEqualTo(bytesOf(one, two));
            assertThat(tempFiles(root)).as("failing call %d", failing).hasSize(1);
            destination.close();
            if (!failed) {
                break;
            }
        }
        // open, two writes, sync, directories, five levels of entries, rename, entries
        assertThat(failures).isEqualTo(12);
    }

    @Test
    void aGroupThatCannotBeWrittenIsRepeatedWithGrowingPausesAndTheOtherGoesOn(CleanLog.Expected log) throws Exception {
        log.line("nothing is lost");
        LocalDestination destination = open(1 << 20, Duration.ofSeconds(60));
        Files.writeString(temp.resolve("s3/events"), "a file where a directory should be");
        accept(destination, Blocks.of("events", Encoding.GZIP, 1, line("a")));
        accept(destination, Blocks.of("rejected", Encoding.GZIP, 2, line("b")));
        assertThat(destination.hasRoom("events")).isTrue();
        clock.advanceMillis(60_000);
        long last = 0;
        for (int attempt = 1; attempt <= 12; attempt++) {
            flushDue(destination);
            assertThat(metrics.total(Counter.DELIVERY_RETRIES)).isEqualTo(attempt);
            assertThat(destination.hasRoom("events")).isFalse();
            assertThat(destination.hasRoom("rejected")).isTrue();
            assertThat(destination.problem()).contains("s3/events");
            long pause = destination.nanosUntilDue(clock.nanoTime());
            assertThat(pause).isPositive().isGreaterThanOrEqualTo(last).isLessThanOrEqualTo(30_000_000_000L);
            flushDue(destination);
            assertThat(metrics.total(Counter.DELIVERY_RETRIES))
                    .as("still pausing")
                    .isEqualTo(attempt);
            last = pause;
            clock.advanceMillis(pause / 1_000_000);
        }
        assertThat(delivered).extracting(SealedBlock::block).containsExactly(2L);

        Files.delete(temp.resolve("s3/events"));
        flushDue(destination);
        assertThat(delivered).extracting(SealedBlock::block).containsExactly(2L, 1L);
        assertThat(destination.hasRoom("events")).isTrue();
        assertThat(destination.problem()).isNull();
    }

    @Test
    void aDrainEndsAPauseAtOnceAndShortensThoseThatFollow(CleanLog.Expected log) throws Exception {
        log.line("nothing is lost");
        LocalDestination destination = open(1 << 20, Duration.ZERO);
        Files.writeString(temp.resolve("s3/events"), "a file where a directory should be");
        accept(destination, Blocks.of("events", Encoding.GZIP, 1, line("a")));
        for (int attempt = 0; attempt < 12; attempt++) {
            flushDue(destination);
            clock.advanceMillis(destination.nanosUntilDue(clock.nanoTime()) / 1_000_000);
        }
        flushDue(destination);
        long retries = metrics.total(Counter.DELIVERY_RETRIES);
        flushAll(destination);
        assertThat(metrics.total(Counter.DELIVERY_RETRIES)).isEqualTo(retries + 1);
        assertThat(destination.nanosUntilDue(clock.nanoTime())).isEqualTo(1_000_000_000L);
        flushAll(destination);
        assertThat(metrics.total(Counter.DELIVERY_RETRIES)).as("still pausing").isEqualTo(retries + 1);
    }

    @Test
    void deletesWhatADeadProcessLeftAndNothingOfALivingOne() throws Exception {
        Path hidden = temp.resolve("s3/.tmp");
        LocalDestination living = open(1 << 20, Duration.ofSeconds(60));
        List<String> ofLiving = tempFiles(temp.resolve("s3"));
        Files.writeString(hidden.resolve("dead.lock"), "");
        Files.writeString(hidden.resolve("dead-1"), "half an obj");
        Files.writeString(hidden.resolve("dead-12"), "");
        String livingId = ofLiving.getFirst().replace(".lock", "");
        Files.writeString(hidden.resolve(livingId + "-1"), "being written");

        LocalDestination next = open(1 << 20, Duration.ofSeconds(60));
        assertThat(tempFiles(temp.resolve("s3")))
                .contains(ofLiving.getFirst(), livingId + "-1")
                .noneMatch(name -> name.startsWith("dead"))
                .hasSize(3);
        next.close();
        living.close();
    }

    private LocalDestination open(long bufferBytes, Duration bufferTime) throws IOException {
        return open(temp.resolve("s3"), bufferBytes, bufferTime);
    }

    private LocalDestination open(Path root, long bufferBytes, Duration bufferTime) throws IOException {
        LocalConfig config = new LocalConfig(root, bufferBytes, bufferTime);
        return new LocalDestination(storage, config, GROUPS, clock, metrics.newCells());
    }

    private void accept(LocalDestination destination, SealedBlock block) {
        destination.accept(block, clock.nanoTime());
    }

    private void flushDue(LocalDestination destination) throws IOException {
        destination.flush(clock.nanoTime(), false, (block, id) -> delivered.add(block));
    }

    private void flushAll(LocalDestination destination) throws IOException {
        destination.flush(clock.nanoTime(), true, (block, id) -> delivered.add(block));
    }

    private List<String> objects() throws IOException {
        return objects(temp.resolve("s3"));
    }

    /** Keys of everything that a reader of the layout sees. */
    private static List<String> objects(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> root.relativize(file).toString())
                    .filter(key -> !key.startsWith("."))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> tempFiles(Path root) throws IOException {
        try (Stream<Path> files = Files.list(root.resolve(".tmp"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static byte[] line(String event) {
        return ("{\"event\":\"" + event + "\"}\n").getBytes(java.nio.charset.StandardCharsets.UTF_8);
    }

    private static byte[] bytesOf(SealedBlock... blocks) {
        byte[] all = {};
        for (SealedBlock block : blocks) {
            byte[] bytes = new byte[block.bytes().remaining()];
            block.bytes().duplicate().get(bytes);
            all = Samples.concat(all, bytes);
        }
        return all;
    }
}
