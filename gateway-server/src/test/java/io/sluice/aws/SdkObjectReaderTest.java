package io.sluice.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.testing.CleanLog;
import io.sluice.testing.Moto;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** The real SDK against moto, and against a server that breaks off. */
@Timeout(120)
@ExtendWith(CleanLog.class)
class SdkObjectReaderTest {

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");

    private static Moto moto;

    @BeforeAll
    static void start() throws Exception {
        System.setProperty("aws.disableEc2Metadata", "true");
        moto = Moto.start();
    }

    @AfterAll
    static void stop() {
        System.clearProperty("aws.disableEc2Metadata");
        if (moto != null) {
            moto.close();
        }
    }

    @Test
    void listsAllPagesInTheOrderOfKeysAndOnlyThePrefix() throws Exception {
        moto.createBucket("pages");
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            keys.add("events/2026/" + (char) ('a' + i) + " &+=%C3?#é.jsonl");
        }
        for (String key : keys.reversed()) {
            put("pages", key, key.getBytes(StandardCharsets.UTF_8));
        }
        put("pages", "eventsX", new byte[1]);
        put("pages", "manifests/x", new byte[1]);

        for (int pageKeys : new int[] {1, 3, 7, 1000}) {
            try (SdkObjectReader reader = new SdkObjectReader(config(), pageKeys, 1024)) {
                List<String> listed = new ArrayList<>();
                ObjectReader.Listing listing = reader.list("pages", "events/");
                for (ObjectReader.Entry entry = listing.next(); entry != null; entry = listing.next()) {
                    listed.add(entry.key());
                    assertThat(entry.bytes()).isEqualTo(entry.key().getBytes(StandardCharsets.UTF_8).length);
                    try (InputStream in = reader.open("pages", entry.key())) {
                        assertThat(in.readAllBytes())
                                .asString(StandardCharsets.UTF_8)
                                .isEqualTo(entry.key());
                    }
                }
                assertThat(listed).isEqualTo(keys);
            }
        }
    }

    @Test
    void readsObjectsOfAnyLengthInPieces() throws Exception {
        moto.createBucket("pieces");
        for (int length : new int[] {0, 1, 999, 1000, 1001, 12_345}) {
            byte[] bytes = new byte[length];
            new Random(length).nextBytes(bytes);
            put("pieces", "object", bytes);
            try (SdkObjectReader reader = new SdkObjectReader(config(), 1000, 1000);
                    InputStream in = reader.open("pieces", "object")) {
                assertThat(in.readAllBytes()).as("of %d bytes", length).isEqualTo(bytes);
                assertThat(in.read()).isEqualTo(-1);
            }
        }
    }

    @Test
    void saysWhatIsMissing() throws Exception {
        moto.createBucket("empty");
        try (SdkObjectReader reader = new SdkObjectReader(config())) {
            assertThat(reader.list("empty", "").next()).isNull();
            assertThatThrownBy(() -> reader.open("empty", "nothing"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("s3://empty/nothing: NoSuchKey");
            assertThatThrownBy(() -> reader.list("nowhere", "x/").next())
                    .isInstanceOf(IOException.class)
                    .hasMessage("s3://nowhere/x/: NoSuchBucket");
        }
    }

    @Test
    void goesOnAtTheOffsetWhereTheConnectionBroke() throws Exception {
        byte[] bytes = new byte[10_000];
        new Random(1).nextBytes(bytes);
        List<String> ranges = new CopyOnWriteArrayList<>();
        HttpServer server = server(exchange -> {
            String range = exchange.getRequestHeaders().getFirst("Range");
            boolean first = !ranges.contains(range);
            ranges.add(range);
            if (first && range.startsWith("bytes=3000-")) {
                exchange.sendResponseHeaders(503, -1);
                exchange.close();
            } else {
                answer(exchange, bytes, first ? 500 : Integer.MAX_VALUE);
            }
        });
        try (SdkObjectReader reader = new SdkObjectReader(config(server), 1000, 3000);
                InputStream in = reader.open("bucket", "object")) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
            assertThat(ranges)
                    .containsExactlyInAnyOrder(
                            "bytes=0-2999",
                            "bytes=0-2999",
                            "bytes=3000-5999",
                            "bytes=3000-5999",
                            "bytes=6000-8999",
                            "bytes=6000-8999",
                            "bytes=9000-9999",
                            "bytes=9000-9999");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void neverMixesAnObjectWithTheOneThatReplacedIt() throws Exception {
        byte[] bytes = new byte[10_000];
        HttpServer server = server(exchange -> {
            String condition = exchange.getRequestHeaders().getFirst("If-Match");
            if (condition == null) {
                answer(exchange, bytes, Integer.MAX_VALUE);
            } else {
                assertThat(condition).isEqualTo("\"one\"");
                exchange.sendResponseHeaders(412, -1);
                exchange.close();
            }
        });
        try (SdkObjectReader reader = new SdkObjectReader(config(server), 1000, 3000);
                InputStream in = reader.open("bucket", "object")) {
            assertThat(in.readNBytes(3000)).hasSize(3000);
            assertThatThrownBy(in::read).hasMessage("s3://bucket/object: was replaced while it was read");
        } finally {
            server.stop(0);
        }
    }

    @Test
    void takesPlacesInS3AsTheyAreWritten() {
        assertThat(BucketPrefix.parse("s3://abc")).isEqualTo(new BucketPrefix("abc", ""));
        assertThat(BucketPrefix.parse("s3://abc/")).isEqualTo(new BucketPrefix("abc", ""));
        assertThat(BucketPrefix.parse("s3://a.b-c/d/e")).isEqualTo(new BucketPrefix("a.b-c", "d/e/"));
        assertThat(BucketPrefix.parse("s3://abc/d/")).hasToString("s3://abc/d/");
        assertThatThrownBy(() -> BucketPrefix.parse("https://abc/d")).hasMessageContaining("expected s3://BUCKET");
    }

    private static void answer(HttpExchange exchange, byte[] bytes, int most) throws IOException {
        Matcher range = RANGE.matcher(exchange.getRequestHeaders().getFirst("Range"));
        assertThat(range.matches()).isTrue();
        int from = Integer.parseInt(range.group(1));
        int length = Integer.parseInt(range.group(2)) + 1 - from;
        exchange.getResponseHeaders().set("ETag", "\"one\"");
        exchange.getResponseHeaders()
                .set("Content-Range", "bytes " + from + "-" + (from + length - 1) + "/" + bytes.length);
        exchange.sendResponseHeaders(206, length);
        try {
            exchange.getResponseBody().write(bytes, from, Math.min(length, most));
        } finally {
            exchange.close();
        }
    }

    private static HttpServer server(com.sun.net.httpserver.HttpHandler handler) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", handler);
        server.start();
        return server;
    }

    private static void put(String bucket, String key, byte[] bytes) throws Exception {
        try (SdkObjectStore store = new SdkObjectStore(config())) {
            CompletableFuture<String> ended = new CompletableFuture<>();
            store.put(bucket, key, bytes, Map.of(), ended::complete);
            assertThat(ended.get()).isNull();
        }
    }

    private static AwsConfig config() {
        return new AwsConfig(Moto.REGION, moto.endpoint().toString(), Duration.ofSeconds(30));
    }

    private static AwsConfig config(HttpServer server) {
        return new AwsConfig(
                Moto.REGION, "http://127.0.0.1:" + server.getAddress().getPort(), Duration.ofSeconds(30));
    }
}
