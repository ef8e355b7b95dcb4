package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.config.ConfigLoader;
import io.sluice.config.SluiceConfig;
import io.sluice.metrics.Counter;
import io.sluice.testing.BeaconClient;
import io.sluice.testing.CleanLog;
import io.sluice.testing.Delivered;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a whole server makes of a directory that is not as it was left. */
@Timeout(120)
class StartFaultTest {

    private static final int EVENTS = 40;

    @TempDir
    Path data;

    private SluiceConfig config(String destination) throws Exception {
        Path file = Files.writeString(data.resolve("sluice.yaml"), """
                http: {port: 0, loops: 1, max-body: 32KiB}
                admin: {port: 0}
                intake: {max-event: 16KiB}
                commit: {batch: 1MiB, flush: 16KiB}
                block: {limit: 96KiB}
                journal: {segment: 2MiB, max: 256MiB, keep: 0s}
                delivery: {buffer-time: 100ms, destination: %s}
                """.formatted(destination));
        return new ConfigLoader()
                .file(file)
                .option("--data", "data", data.resolve("data"))
                .load();
    }

    private static Set<String> send(Server server, String name, int batches) throws IOException {
        Set<String> acked = new HashSet<>();
        Random random = new Random(batches);
        try (BeaconClient client = new BeaconClient(server.httpPort())) {
            for (int batch = 0; batch < batches; batch++) {
                StringBuilder body = new StringBuilder();
                List<String> ids = new ArrayList<>();
                for (int i = 0; i < EVENTS; i++) {
                    String id = name + "-" + batch + "-" + i;
                    ids.add(id);
                    body.append(i == 0 ? "[" : ",")
                            .append("{\"event\":\"click\",\"id\":\"")
                            .append(id);
                    body.append("\",\"x\":\"");
                    for (int k = 0; k < 20; k++) {
                        body.append(Long.toHexString(random.nextLong()));
                    }
                    body.append("\"}");
                }
                BeaconClient.Answer answer =
                        client.post("/v1/events?k=demo", body.append(']').toString());
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                acked.addAll(ids);
            }
        }
        return acked;
    }

    private Set<String> delivered() {
        Set<String> ids = new HashSet<>();
        Delivered.records(data.resolve("data/s3/events")).forEach(record -> ids.add((String) record.get("id")));
        return ids;
    }

    private List<Path> segments() throws IOException {
        try (Stream<Path> paths = Files.walk(data.resolve("data/journal"))) {
            return paths.filter(path -> path.toString().endsWith(".slj"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void ofAMissingSegmentOnlyTheBlocksThatLayInItAreLost(CleanLog.Expected log) throws Exception {
        Set<String> acked;
        try (Server server = Server.start(config("none"))) {
            acked = send(server, "m", 800);
        }
        List<Path> segments = segments();
        assertThat(segments).hasSizeGreaterThan(3);
        Files.delete(segments.get(1));
        log.line("is damaged");
        long damaged;
        try (Server server = Server.start(config("local"))) {
            server.stop();
            damaged = server.metrics().total(Counter.DAMAGED_BLOCKS);
        }
        Set<String> found = delivered();
        assertThat(acked.containsAll(found)).isTrue();
        Set<String> lost = new HashSet<>(acked);
        lost.removeAll(found);
        assertThat(damaged).isPositive();
        // One of at least four segments, and the blocks that reach into it.
        assertThat(lost).isNotEmpty().hasSizeLessThan(acked.size() / 2);
        assertThat(found).contains("m-0-0", "m-799-" + (EVENTS - 1));
        assertThat(segments()).isEmpty();
    }

    @Test
    void whatIsNoneOfTheJournalsIsLeftAlone(CleanLog.Expected log) throws Exception {
        Set<String> acked;
        try (Server server = Server.start(config("none"))) {
            acked = send(server, "f", 3);
        }
        Path journal = data.resolve("data/journal");
        Path file = Files.writeString(journal.resolve("lost+found"), "not ours");
        Path inside = Files.writeString(segments().getFirst().resolveSibling("notes.txt"), "nor this");
        log.line("lost+found is none of the journal's directories and is left alone");
        log.possibleLine("notes.txt is none of the journal's files and is left alone");
        log.possibleLine("holds files that are none of the journal's and is left alone");
        try (Server server = Server.start(config("local"))) {
            server.stop();
        }
        assertThat(delivered()).isEqualTo(acked);
        assertThat(file).hasContent("not ours");
        assertThat(inside).hasContent("nor this");
    }

    @Test
    void twoProcessesOnOneRootTakeAndDeliverWhatIsTheirs() throws Exception {
        Set<String> acked = new HashSet<>();
        try (Server one = Server.start(config("local"));
                Server two = Server.start(config("local"))) {
            acked.addAll(send(one, "one", 5));
            acked.addAll(send(two, "two", 5));
            one.stop();
            acked.addAll(send(two, "rest", 5));
        }
        assertThat(delivered()).isEqualTo(acked);
        assertThat(Delivered.records(data.resolve("data/s3/events"))).hasSize(acked.size());
    }

    @Test
    void aDirectoryThatCannotBeMadeEndsTheStartAndIsNamed() throws Exception {
        Files.createDirectories(data.resolve("data"));
        Path inTheWay = Files.writeString(data.resolve("data/journal"), "in the way");
        assertThatThrownBy(() -> Server.start(config("local")).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining(inTheWay.toString());
    }
}
