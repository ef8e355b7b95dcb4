package io.sluice.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.Clock;
import io.sluice.delivery.local.FaultyStorage;
import io.sluice.delivery.local.LocalConfig;
import io.sluice.delivery.local.LocalDestination;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import io.sluice.record.Encoding;
import io.sluice.record.OtherReaders;
import io.sluice.record.StreamGroup;
import io.sluice.storage.DiskStorage;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class DeliveryToDirectoryTest {

    private static final List<StreamGroup> GROUPS = List.of(
            new StreamGroup(0, "events", Encoding.GZIP, 6, "sluice-events", "events/"),
            new StreamGroup(1, "rejected", Encoding.ZSTD, 1, "sluice-rejected", "rejected/"));

    /** Of the first round; {@code -Dsluice.seed} tries others. */
    private static final long SEED = Long.getLong("sluice.seed", 1);

    @TempDir
    private Path temp;

    @Test
    void everyLineLiesInOneObjectHoweverOftenTheDiskFails(CleanLog.Expected log) throws Exception {
        log.line("nothing is lost");
        log.possibleLine("could not be deleted");
        long retries = 0;
        for (int round = 0; round < 20; round++) {
            long seed = SEED + round;
            Random random = new Random(seed);
            Path root = temp.resolve("round-" + round);
            Metrics metrics = new Metrics();
            HandClock clock = new HandClock(Instant.parse("2026-11-22T22:58:00Z"));
            FaultyStorage storage = new FaultyStorage();
            LocalConfig config = new LocalConfig(root, 2_000, Duration.ofSeconds(1 + random.nextInt(100)));
            LocalDestination destination = new LocalDestination(storage, config, GROUPS, clock, metrics.newCells());
            FakeSource source = new FakeSource();
            List<String> expected = new ArrayList<>();
            DeliveryService service =
                    new DeliveryService(source, destination, Blocks.MANIFESTS, Blocks.INCARNATION, clock, metrics);

            storage.failAtRandom(random, 0.05);
            for (int block = 0; block < 200; block++) {
                StreamGroup group = GROUPS.get(random.nextInt(2));
                String lines = lines(random, block);
                expected.addAll(lines.lines().toList());
                source.seal(Blocks.of(group.name(), group.encoding(), block, lines.getBytes(StandardCharsets.UTF_8)));
                service.step();
                clock.advanceMillis(random.nextInt(2_000));
            }
            while (source.pendingBlocks() > 0) {
                service.step();
                clock.advanceMillis(1_000);
            }
            assertThat(lines(root)).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(expected);
            assertThat(metrics.total(Counter.DELIVERED_BLOCKS)).isEqualTo(200);
            assertThat(metrics.total(Counter.DELIVERED_RECORDS)).isEqualTo(expected.size());
            assertThat(metrics.total(Counter.DELIVERY_RETRIES))
                    .as("seed %d", seed)
                    .isPositive();
        }
    }

    @Test
    void aGroupThatCannotBeWrittenStopsNoOtherAndADrainSaysWhatIsLeft(CleanLog.Expected log) throws Exception {
        log.line("nothing is lost");
        Path root = temp.resolve("s3");
        Metrics metrics = new Metrics();
        LocalConfig config = new LocalConfig(root, 2_000, Duration.ofMillis(1));
        LocalDestination destination =
                new LocalDestination(new DiskStorage(), config, GROUPS, Clock.system(), metrics.newCells());
        Files.writeString(root.resolve("rejected"), "a file where a directory should be");
        FakeSource source = new FakeSource();
        source.waits = true;
        DeliveryService service =
                new DeliveryService(source, destination, Blocks.MANIFESTS, Blocks.INCARNATION, Clock.system(), metrics);
        service.start();
        byte[] line = "{}\n".getBytes(StandardCharsets.UTF_8);
        source.seal(Blocks.of("rejected", Encoding.ZSTD, 0, line));
        while (metrics.total(Counter.DELIVERY_RETRIES) == 0) {
            Thread.onSpinWait();
        }
        for (int block = 1; block <= 40; block++) {
            source.seal(Blocks.of(block % 2 == 0 ? "rejected" : "events", Encoding.GZIP, block, line));
        }
        while (metrics.total(Counter.DELIVERED_BLOCKS) < 20) {
            Thread.onSpinWait();
        }
        assertThat(service.problem()).contains("rejected");
        assertThat(service.drain(Duration.ofMillis(100))).isEqualTo(21);
        service.close();
        assertThat(metrics.total(Counter.DELIVERED_BLOCKS)).isEqualTo(20);
    }

    private static String lines(Random random, int block) {
        StringBuilder lines = new StringBuilder();
        int count = 1 + random.nextInt(20);
        for (int i = 0; i < count; i++) {
            lines.append("{\"block\":")
                    .append(block)
                    .append(",\"index\":")
                    .append(i)
                    .append("}\n");
        }
        return lines.toString();
    }

    private static List<String> lines(Path root) throws Exception {
        List<Path> objects;
        try (Stream<Path> files = Files.walk(root)) {
            objects = files.filter(file -> file.getFileName().toString().contains(".jsonl"))
                    .toList();
        }
        List<String> lines = new ArrayList<>();
        for (Path object : objects) {
            lines.addAll(read(object));
        }
        return lines;
    }

    private static List<String> read(Path object) throws IOException {
        Encoding encoding = Arrays.stream(Encoding.values())
                .filter(e -> object.toString().endsWith(e.extension()))
                .findFirst()
                .orElseThrow();
        byte[] decoded = OtherReaders.library(encoding, Files.readAllBytes(object));
        return new String(decoded, StandardCharsets.UTF_8).lines().toList();
    }
}
