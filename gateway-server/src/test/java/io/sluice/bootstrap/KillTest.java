package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.testing.BeaconClient;
import io.sluice.testing.Delivered;
import io.sluice.testing.SluiceProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The promise, against the plainest of faults: the process is killed in the middle of its work. */
class KillTest {

    private static final int KILLS = Integer.getInteger("sluice.test.kills", 5);
    private static final int CLIENTS = 8;
    private static final int EVENTS_PER_BATCH = 20;

    @TempDir
    Path data;

    private final Set<String> sent = ConcurrentHashMap.newKeySet();
    private final Set<String> acked = ConcurrentHashMap.newKeySet();
    private final Set<String> positions = ConcurrentHashMap.newKeySet();
    private final Queue<Throwable> surprises = new ConcurrentLinkedQueue<>();

    @Test
    @Timeout(300)
    void everyAcknowledgedEventOutlivesKillsUnderLoad() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < KILLS; round++) {
            try (SluiceProcess sluice = SluiceProcess.start(data)) {
                CountDownLatch enough = new CountDownLatch(200 + random.nextInt(2_000));
                List<Thread> clients = new ArrayList<>();
                for (int i = 0; i < CLIENTS; i++) {
                    String name = "k" + round + "c" + i;
                    Thread client = new Thread(() -> send(sluice.port(), name, enough), name);
                    client.setUncaughtExceptionHandler((thread, e) -> surprises.add(e));
                    client.start();
                    clients.add(client);
                }
                assertThat(enough.await(60, TimeUnit.SECONDS))
                        .as("load ran, seed %d", seed)
                        .isTrue();
                assertThat(surprises).isEmpty();
                sluice.kill();
                for (Thread client : clients) {
                    client.join();
                }
                assertThat(surprises).isEmpty();
            }
        }
        // A last start finds what every killed one has left, delivers it and goes.
        try (SluiceProcess sluice = SluiceProcess.start(data)) {
            assertThat(sluice.terminate()).as(sluice.log()).isZero();
        }
        List<Map<String, Object>> records = Delivered.records(data.resolve("s3"));
        Set<String> found = new HashSet<>();
        Set<String> seenPositions = new HashSet<>();
        int duplicates = 0;
        for (Map<String, Object> record : records) {
            found.add((String) record.get("id"));
            if (!seenPositions.add((String) record.get("pos"))) {
                duplicates++;
            }
        }
        Set<String> lost = new HashSet<>(acked);
        lost.removeAll(found);
        Set<String> phantom = new HashSet<>(found);
        phantom.removeAll(sent);
        System.out.printf(
                "kills=%d sent=%d acked=%d found=%d lost=%d duplicates=%d phantom=%d seed=%d%n",
                KILLS, sent.size(), acked.size(), found.size(), lost.size(), duplicates, phantom.size(), seed);
        assertThat(acked).hasSizeGreaterThan(KILLS * 200);
        assertThat(lost).as("seed %d", seed).isEmpty();
        assertThat(phantom).as("seed %d", seed).isEmpty();
        assertThat(seenPositions.containsAll(positions))
                .as("positions answered are those of records")
                .isTrue();
    }

    private void send(int port, String name, CountDownLatch enough) {
        try (BeaconClient client = new BeaconClient(port)) {
            for (int batch = 0; ; batch++) {
                StringBuilder body = new StringBuilder("[");
                List<String> ids = new ArrayList<>();
                for (int i = 0; i < EVENTS_PER_BATCH; i++) {
                    String id = name + "b" + batch + "e" + i;
                    ids.add(id);
                    body.append(i == 0 ? "" : ",")
                            .append("{\"id\":\"")
                            .append(id)
                            .append("\",\"event\":\"click\",\"x\":")
                            .append(batch * 31 + i)
                            .append('}');
                }
                sent.addAll(ids);
                BeaconClient.Answer answer =
                        client.post("/v1/events?k=demo", body.append(']').toString());
                if (answer.status() == 200) {
                    acked.addAll(ids);
                    String position = (String) Delivered.parse(answer.text()).get("pos");
                    Collections.addAll(positions, position.split(","));
                    enough.countDown();
                } else {
                    assertThat(answer.status()).as(answer.text()).isEqualTo(503);
                }
            }
        } catch (IOException e) {
            // The process was killed. What was sent last is not acknowledged.
        }
    }
}
