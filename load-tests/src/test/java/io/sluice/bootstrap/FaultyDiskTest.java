package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.ConfigLoader;
import io.sluice.config.SluiceConfig;
import io.sluice.journal.JournalReader;
import io.sluice.metrics.Gauge;
import io.sluice.ring.Frame;
import io.sluice.storage.DiskStorage;
import io.sluice.storage.FaultyStorage;
import io.sluice.storage.StorageFault;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/**
 * A whole server under load whose disk fails, and stops failing: what was acknowledged is delivered, what was refused
 * was told to come again, and nobody had to restart anything.
 */
@Timeout(120)
class FaultyDiskTest {

    private static final int CLIENTS = 4;
    private static final int EVENTS = 40;
    private static final Pattern ID = Pattern.compile("\"id\":\"(d[0-9-]+)\"");

    @TempDir
    Path directory;

    private final FaultyStorage storage = new FaultyStorage(new DiskStorage());
    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private final Set<String> acked = ConcurrentHashMap.newKeySet();
    private final AtomicLong answers = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final Queue<Throwable> surprises = new ConcurrentLinkedQueue<>();
    private volatile boolean enough;

    private void faults(String... lines) {
        storage.set(StorageFault.parse(List.of(lines)));
    }

    private void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (!condition.getAsBoolean() && surprises.isEmpty()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(5);
        }
        assertThat(surprises).isEmpty();
    }

    private SluiceConfig config(String more) throws Exception {
        // Small segments, so that the log needs new ones all the time.
        Path file = Files.writeString(directory.resolve("sluice.yaml"), """
                http: {port: 0, loops: 2, max-body: 32KiB}
                intake: {max-event: 16KiB}
                admin: {port: 0}
                commit: {batch: 1MiB, flush: 16KiB%s}
                block: {limit: 96KiB}
                journal: {segment: 2MiB, max: 64MiB}
                delivery: {memory: 4MiB, buffer-time: 200ms}
                """.formatted(more));
        return new ConfigLoader()
                .file(file)
                .option("--data", "data", directory.resolve("data"))
                .load();
    }

    private void send(int port, int client) {
        Random random = new Random(client);
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            for (int batch = 0; !enough; batch++) {
                List<String> ids = new ArrayList<>();
                StringBuilder body = new StringBuilder();
                for (int i = 0; i < EVENTS; i++) {
                    String id = "d" + client + "-" + batch + "-" + i;
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
                sent.addAll(ids);
                HttpRequest request = HttpRequest.newBuilder(
                                URI.create("http://127.0.0.1:" + port + "/v1/events?k=demo"))
                        .timeout(Duration.ofSeconds(30))
                        .POST(HttpRequest.BodyPublishers.ofString(
                                body.append(']').toString()))
                        .build();
                HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() == 200) {
                    acked.addAll(ids);
                    answers.incrementAndGet();
                } else {
                    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(503);
                    assertThat(answer.headers().firstValue("Retry-After"))
                            .as(answer.body())
                            .hasValueSatisfying(
                                    value -> assertThat(Integer.parseInt(value)).isPositive());
                    refused.incrementAndGet();
                }
            }
        } catch (IOException | InterruptedException | AssertionError e) {
            surprises.add(e);
        }
    }

    private List<Thread> load(Server server) {
        List<Thread> clients = new ArrayList<>();
        for (int c = 0; c < CLIENTS; c++) {
            int client = c;
            clients.add(Thread.ofPlatform().start(() -> send(server.httpPort(), client)));
        }
        return clients;
    }

    private void assertAddsUp() throws IOException {
        Set<String> found = new HashSet<>();
        try (Stream<Path> files = Files.walk(directory.resolve("data/s3/events"))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".gz")).toList()) {
                try (InputStream in = new GZIPInputStream(Files.newInputStream(file));
                        BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        Matcher id = ID.matcher(line);
                        assertThat(id.find()).isTrue();
                        found.add(id.group(1));
                    }
                }
            }
        }
        Set<String> lost = new HashSet<>(acked);
        lost.removeAll(found);
        assertThat(lost).isEmpty();
        found.removeAll(sent);
        assertThat(found).as("never sent").isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sync eio in journal",
                "write eio in journal",
                "all enospc",
                "all edquot in journal",
                "create enospc in journal",
                "all erofs",
                "all eio"
            })
    void aDiskThatFailsIsAnsweredWith503AndServiceComesBackByItself(String fault) throws Exception {
        try (Server server = Server.start(config(""), storage)) {
            List<Thread> clients = load(server);
            await("load runs", () -> answers.get() >= 50);

            faults(fault);
            await("the fault is felt", () -> refused.get() >= 50);
            await("readiness says so", () -> server.metrics().value(Gauge.READY) == 0);
            faults("none");
            await("readiness comes back", () -> server.metrics().value(Gauge.READY) == 1);
            long before = answers.get();
            await("service comes back", () -> answers.get() >= before + 50);

            // And once more, with whatever the first time has left.
            long refusedBefore = refused.get();
            faults(fault);
            await("the fault is felt again", () -> refused.get() >= refusedBefore + 20);
            faults("none");
            long again = answers.get();
            await("service comes back again", () -> answers.get() >= again + 50);
            enough = true;
            for (Thread client : clients) {
                client.join();
            }
        }
        assertThat(surprises).isEmpty();
        assertAddsUp();
        reconcile(0);
    }

    /** A block may end of which the disk took no frame: it is delivered nowhere, and with this nobody is to miss it. */
    @ParameterizedTest
    @ValueSource(strings = {"write enospc in journal", "sync eio in journal"})
    void aBlockThatTheDiskRefusedWholeIsEmptyAndNotMissed(String fault) throws Exception {
        refuseABlock(fault, config(""));
        assertThat(reconcile(0)).containsPattern("\nempty +[1-9]");
    }

    /** Where a line is acknowledged before the sync, it was, and is lost. */
    @Test
    void aBlockThatTheDiskRefusedWholeIsAProblemWhereItWasAcknowledgedBefore() throws Exception {
        refuseABlock("sync eio in journal", config(", ack: written"));
        assertThat(reconcile(1)).contains("blocks ended without a line");
    }

    private void refuseABlock(String fault, SluiceConfig config) throws Exception {
        try (Server server = Server.start(config, storage)) {
            faults(fault);
            await("the fault is felt", () -> {
                post(server, "d0-0-0");
                return storage.injected() > 0;
            });
            await("a request is refused", () -> post(server, "d0-0-1") == 503);
            faults("none");
            await("service comes back", () -> post(server, "d0-0-2") == 200);
        }
        try (JournalReader frames = JournalReader.open(
                storage, directory.resolve("data/journal"), config.journal().keys())) {
            List<Integer> chunks = new ArrayList<>();
            for (JournalReader.Entry frame = frames.next(); frame != null; frame = frames.next()) {
                if (frame.type() == Frame.SEAL) {
                    chunks.add(frame.chunk());
                }
            }
            assertThat(chunks).contains(0, 1);
        }
    }

    private int post(Server server, String id) {
        try (HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
            return http.send(
                            HttpRequest.newBuilder(
                                            URI.create("http://127.0.0.1:" + server.httpPort() + "/v1/events?k=demo"))
                                    .timeout(Duration.ofSeconds(30))
                                    .POST(HttpRequest.BodyPublishers.ofString(
                                            "{\"event\":\"click\",\"id\":\"" + id + "\"}"))
                                    .build(),
                            HttpResponse.BodyHandlers.discarding())
                    .statusCode();
        } catch (IOException | InterruptedException e) {
            surprises.add(e);
            return 0;
        }
    }

    private String reconcile(int expectedExit) {
        CommandLine line = Main.commandLine();
        StringWriter out = new StringWriter();
        line.setOut(new PrintWriter(out));
        line.setErr(new PrintWriter(out));
        int exit = line.execute(
                "reconcile",
                "--full",
                "--config",
                directory.resolve("sluice.yaml").toString(),
                "--from-dir",
                directory.resolve("data/s3").toString(),
                "--journal",
                directory.resolve("data/journal").toString());
        assertThat(exit).as(out.toString()).isEqualTo(expectedExit);
        return out.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"write short", "sync slow 100ms in journal"})
    void aDiskThatIsOnlyLazyIsNotNoticed(String fault) throws Exception {
        try (Server server = Server.start(config(""), storage)) {
            List<Thread> clients = load(server);
            await("load runs", () -> answers.get() >= 50);
            faults(fault);
            long before = answers.get();
            await("service goes on", () -> answers.get() >= before + 100 && storage.injected() > 20);
            faults("none");
            enough = true;
            for (Thread client : clients) {
                client.join();
            }
        }
        assertThat(surprises).isEmpty();
        assertThat(refused.get()).isZero();
        assertAddsUp();
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync slow 1m in journal"})
    void aDiskThatStallsIsShedAndServiceComesBackByItself(String fault) throws Exception {
        try (Server server = Server.start(config(", ticket-timeout: 300ms"), storage)) {
            List<Thread> clients = load(server);
            await("load runs", () -> answers.get() >= 50);
            faults(fault);
            await("readiness says so", () -> server.metrics().value(Gauge.READY) == 0);
            faults("none");
            await("readiness comes back", () -> server.metrics().value(Gauge.READY) == 1);
            long before = answers.get();
            await("service comes back", () -> answers.get() >= before + 50);
            enough = true;
            for (Thread client : clients) {
                client.join();
            }
        }
        assertThat(surprises).isEmpty();
        assertAddsUp();
    }
}
