package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.BeaconClient;
import io.sluice.testing.Delivered;
import io.sluice.testing.SluiceProcess;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A stop as it is seen from outside: by a balancer, by clients, by an operator. */
@Timeout(180)
class DrainTest {

    private static final String TARGET = "/v1/events?k=demo";

    @TempDir
    Path directory;

    private static String event(String id) {
        return "{\"id\":\"" + id + "\",\"event\":\"click\"}";
    }

    private static int readyStatus(SluiceProcess sluice) throws IOException {
        try (BeaconClient client = new BeaconClient(sluice.adminPort())) {
            return client.get("/readyz").status();
        }
    }

    private static boolean canConnect(SluiceProcess sluice) {
        try {
            new BeaconClient(sluice.port()).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private SluiceProcess start(String config) throws Exception {
        Path file = Files.writeString(directory.resolve("sluice.yaml"), config);
        return SluiceProcess.start(directory.resolve("data"), "--config", file.toString());
    }

    private Set<String> delivered() {
        Set<String> ids = new HashSet<>();
        for (Map<String, Object> record : Delivered.records(directory.resolve("data/s3"))) {
            assertThat(ids.add((String) record.get("id")))
                    .as("%s came once", record)
                    .isTrue();
        }
        return ids;
    }

    @Test
    void readinessFailsFirstThenTheListenerClosesThenConnectionsEndWithTheirAnswers() throws Exception {
        try (SluiceProcess sluice = start("http: {drain-delay: 3s}");
                BeaconClient idle = new BeaconClient(sluice.port())) {
            assertThat(idle.post(TARGET, event("a")).status()).isEqualTo(200);

            sluice.signal();
            while (readyStatus(sluice) != 503) {
                Thread.onSpinWait();
            }
            // Balancers have not yet noticed.
            BeaconClient.Answer answer = idle.post(TARGET, event("b"));
            assertThat(answer.status()).isEqualTo(200);
            assertThat(answer.headers()).doesNotContainKey("connection");
            List<BeaconClient> halfway = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                BeaconClient client = new BeaconClient(sluice.port());
                halfway.add(client);
                String body = event("h" + i);
                client.sendRaw(("POST " + TARGET + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length()
                                + "\r\n\r\n" + body.charAt(0))
                        .getBytes());
            }

            while (canConnect(sluice)) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            assertThat(readyStatus(sluice)).isEqualTo(503);
            Set<String> acked = new HashSet<>(Set.of("a", "b"));
            for (int i = 0; i < halfway.size(); i++) {
                try (BeaconClient client = halfway.get(i)) {
                    client.sendRaw(event("h" + i).substring(1).getBytes());
                    BeaconClient.Answer last = client.receive();
                    assertThat(last.status()).as(last.text()).isEqualTo(200);
                    assertThat(last.headers()).containsEntry("connection", "close");
                    acked.add("h" + i);
                }
            }
            assertThat(sluice.await()).as(sluice.log()).isZero();
            assertThat(sluice.log())
                    .contains("Stopping: not ready any more", "Everything that was taken in is delivered.");
            assertThat(delivered()).isEqualTo(acked);
        }
    }

    @Test
    void underLoadNothingThatWasAnsweredIsLostAndASecondSignalChangesNothing() throws Exception {
        Set<String> acked = ConcurrentHashMap.newKeySet();
        Queue<Throwable> surprises = new ConcurrentLinkedQueue<>();
        CountDownLatch enough = new CountDownLatch(2_000);
        try (SluiceProcess sluice = start("http: {drain-delay: 200ms}")) {
            List<Thread> clients = new ArrayList<>();
            for (int c = 0; c < 8; c++) {
                String name = "c" + c;
                clients.add(Thread.ofPlatform()
                        .name(name)
                        .uncaughtExceptionHandler((thread, e) -> surprises.add(e))
                        .start(() -> sendUntilTheEnd(sluice.port(), name, acked, enough)));
            }
            assertThat(enough.await(60, TimeUnit.SECONDS)).isTrue();
            sluice.signal();
            sluice.signal();
            while (canConnect(sluice)) {
                TimeUnit.MILLISECONDS.sleep(5);
            }
            sluice.signal();
            for (Thread client : clients) {
                client.join();
            }
            assertThat(surprises).isEmpty();
            assertThat(sluice.await()).as(sluice.log()).isZero();
            assertThat(sluice.log()).containsOnlyOnce("Sluice has stopped.");
        }
        acked.removeAll(delivered());
        assertThat(acked).as("lost").isEmpty();
    }

    private static void sendUntilTheEnd(int port, String name, Set<String> acked, CountDownLatch enough) {
        try (BeaconClient client = new BeaconClient(port)) {
            for (int i = 0; ; i++) {
                String id = name + "-" + i;
                BeaconClient.Answer answer = client.post(TARGET, event(id));
                assertThat(answer.status()).as(answer.text()).isEqualTo(200);
                acked.add(id);
                enough.countDown();
                if ("close".equals(answer.headers().get("connection"))) {
                    return;
                }
            }
        } catch (EOFException e) {
            // Closed while idle, as HTTP/1.1 allows: the request crossed the end on its way and was not looked at.
        } catch (IOException e) {
            assertThat(e).hasMessageMatching("(?i).*(reset|broken pipe).*");
        }
    }

    @Test
    void whatCannotBeDeliveredInTimeIsCountedAndTheNextStartDeliversIt() throws Exception {
        // No directory can be made where a file lies.
        Path inTheWay = Files.createDirectories(directory.resolve("data/s3")).resolve("events");
        Files.writeString(inTheWay, "in the way");
        Set<String> acked = new HashSet<>();
        try (SluiceProcess sluice = start("delivery: {drain-timeout: 1s}");
                BeaconClient client = new BeaconClient(sluice.port())) {
            for (int i = 0; i < 100; i++) {
                assertThat(client.post(TARGET, event("e" + i)).status()).isEqualTo(200);
                acked.add("e" + i);
            }
            assertThat(sluice.terminate()).as(sluice.log()).isZero();
            assertThat(sluice.log())
                    .containsPattern(
                            "Sluice has stopped\\. 100 records in [1-9]\\d* blocks of [1-9]\\d* bytes lie safe in "
                                    + directory.resolve("data/journal") + ", not yet delivered");
        }
        // What is left of an earlier start is named as such.
        try (SluiceProcess sluice = start("delivery: {drain-timeout: 1s}")) {
            assertThat(sluice.terminate()).as(sluice.log()).isZero();
            assertThat(sluice.log())
                    .containsPattern("Sluice has stopped\\. at least \\d+ blocks of earlier starts lie");
        }
        Files.delete(inTheWay);
        try (SluiceProcess sluice = start("")) {
            assertThat(sluice.terminate()).as(sluice.log()).isZero();
            assertThat(sluice.log()).contains("Everything that was taken in is delivered.");
        }
        assertThat(delivered()).isEqualTo(acked);
    }
}
