package io.sluice.intake;

import io.sluice.bench.traffic.Body;
import io.sluice.bench.traffic.Traffic;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Protocol;
import io.sluice.shop.Shop;
import io.sluice.shop.Shops;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What has arrived: many different bodies, and how they become requests. One thread.
 *
 * <p>More than 3 MB of bodies are sent in turn, so that neither the compressor's window nor a core's cache holds them.
 */
final class Received {

    private static final long BYTES = 4_000_000;
    private static final long SEED = 20261122;
    private static final long MILLIS = 1_795_305_600_000L;
    private static final byte[] ADDRESS = {(byte) 203, 0, 113, 77};

    private static final byte[][] AGENTS = {
        ascii(
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"),
        ascii(
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6"
                        + " Mobile/15E148 Safari/604.1"),
        ascii("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile"
                + " Safari/537.36"),
    };

    private final List<Body> bodies;
    private final byte[][] queries = new byte[Traffic.SHOPS][];
    private int next;

    Received(int events) {
        bodies = new Traffic(SEED).bodies(events, BYTES);
        for (int shop = 0; shop < Traffic.SHOPS; shop++) {
            queries[shop] = ascii("k=" + Traffic.key(shop));
        }
    }

    /** Every shop that may have sent, in stream group 0. */
    static Shops shops() {
        List<Shops.Entry> entries = new ArrayList<>();
        for (int shop = 0; shop < Traffic.SHOPS; shop++) {
            String key = Traffic.key(shop);
            entries.add(new Shops.Entry(new Shop(key, 0, Set.of()), List.of(key)));
        }
        return new Shops(entries);
    }

    /** Makes the next body a framed request; the bytes are copied, as they are from the socket's buffer. */
    void next(FramedRequest request) {
        Body body = bodies.get(next);
        next = next + 1 == bodies.size() ? 0 : next + 1;
        envelope(request, Protocol.EVENTS);
        request.body().set(body.bytes(), 0, body.bytes().length);
        byte[] query = queries[body.shop()];
        request.query().set(query, 0, query.length);
        byte[] agent = AGENTS[next % AGENTS.length];
        request.userAgent().set(agent, 0, agent.length);
    }

    /** Begins a request with all that is the same for every body. */
    static void envelope(FramedRequest request, Protocol protocol) {
        request.begin(protocol, MILLIS);
        request.userAgent().set(AGENTS[0], 0, AGENTS[0].length);
        request.address(ADDRESS);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
