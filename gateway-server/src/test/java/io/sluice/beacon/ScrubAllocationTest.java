package io.sluice.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sluice.privacy.Policies;
import io.sluice.privacy.PrivacyConfig;
import io.sluice.protocol.Protocol;
import io.sluice.shop.Shop;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one record allocates, a gateway allocates a million times a second. */
class ScrubAllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int WARM_UP = 2_000;
    private static final int REQUESTS = 200;
    private static final int WINDOWS = 20;

    private static final String EVENT =
            "{\"event\":\"a\",\"id\":\"7\",\"userId\":\"u-1\",\"url\":\"/?q=jane%40x.example\","
                    + "\"customer\":{\"code\":\"x\",\"traits\":{\"a\":\"b\",\"c\":{\"d\":1}}},\"tel\":\"+49 151 23456789\"}";

    private final Fixture gateway = new Fixture();

    @Test
    void aRecordAllocatesNothingWhateverItsPolicy(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("p.yaml"), """
                name: paths
                version: 1
                preset: gdpr
                client: {address: hash}
                fields: {customer.code: mask, "traits.*": hash, uid: hash, "url?q": mask, "my_*": remove}
                """);
        List<String> reports = new ArrayList<>();
        Policies policies = Policies.load(new PrivacyConfig("strict", List.of(file)), reports);
        assertThat(reports).isEmpty();
        List<Shop> shops = new ArrayList<>();
        policies.all().forEach((name, policy) -> shops.add(new Shop("of-" + name, 0, Set.of(), policy)));
        byte[] body = ("[" + EVENT + "," + EVENT + "]").getBytes(StandardCharsets.UTF_8);
        byte[] agent = "Mozilla/5.0 (X11; Linux x86_64) Chrome/120.0 Safari/537.36".getBytes(StandardCharsets.US_ASCII);
        gateway.request.begin(Protocol.EVENTS, Fixture.NOW);
        System.arraycopy(body, 0, gateway.request.body().resize(body.length), 0, body.length);
        for (int i = 0; i < WARM_UP; i++) {
            scrub(shops.get(i % shops.size()), agent);
        }

        long least = Long.MAX_VALUE;
        for (int window = 0; window < WINDOWS; window++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < REQUESTS; i++) {
                scrub(shops.get(i % shops.size()), agent);
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        // What the JDK allocates now and then, as for a class that it loads, is only in some windows.
        assertThat(least).as("bytes allocated by %s records", 2 * REQUESTS).isLessThan(REQUESTS);
    }

    private void scrub(Shop shop, byte[] agent) {
        gateway.events.clear();
        gateway.sink.begin(
                shop, "v1", Fixture.NOW, gateway.address, gateway.address.length, agent, agent.length, gateway.events);
        gateway.decoders.of(Protocol.EVENTS).decode(gateway.request, gateway.sink, gateway.outcome);
        if (gateway.events.lines() != 2) {
            throw new AssertionError(gateway.outcome.refusal());
        }
    }
}
