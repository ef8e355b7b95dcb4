package io.sluice.bootstrap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.config.ConfigLoader;
import io.sluice.json.ReferenceJson;
import io.sluice.metrics.Counter;
import io.sluice.privacy.Disguise;
import io.sluice.privacy.Limits;
import io.sluice.privacy.Place;
import io.sluice.privacy.Planted;
import io.sluice.privacy.Surrounding;
import io.sluice.record.BlockReader;
import io.sluice.record.Encoding;
import io.sluice.testing.BeaconClient;
import io.sluice.testing.BeaconClient.Answer;
import io.sluice.testing.CleanLog;
import io.sluice.testing.Delivered;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Values of the corpora, in every place of every protocol and beneath every encoding, are sent to a whole gateway.
 * What it writes and says is then searched for them: journal, objects, manifests, rejected lines, log at its finest,
 * metrics, live page and answers. {@code -Dsluice.privacy.leaks=100000} sends as many.
 */
@Timeout(600)
class NothingLeaksTest {

    private static final int COMBINATIONS = Integer.getInteger("sluice.privacy.leaks", 12_000);
    private static final long SEED = Long.getLong("sluice.seed", 20261123);
    private static final int PER_REQUEST = 50;
    /** Fewer bytes may stand somewhere by chance. */
    private static final int TELLING = 8;

    private static final Pattern NUMBER = Pattern.compile("\"combination\":\"?(\\d+)");

    @TempDir
    Path data;

    /** One value in one place. */
    private record Combination(int number, Planted planted, Disguise disguise, Surrounding around, String place) {

        String content() {
            return around.of(disguise.of(planted.text()));
        }

        @Override
        public String toString() {
            return number + ": " + planted.entity() + " " + disguise + " " + around + " " + place;
        }
    }

    private int combinations = COMBINATIONS;
    private final List<Combination> sent = new ArrayList<>();
    private final Map<String, Integer> leftOut = new TreeMap<>();
    private final Needles needles = new Needles();
    private final ByteArrayOutputStream answers = new ByteArrayOutputStream();
    private final SplittableRandom random = new SplittableRandom(SEED);

    @Test
    void nothingThatWasSentIsFoundInWhatIsWrittenOrSaid() throws Exception {
        Planted.All all = Planted.load();
        byte[] lines;
        byte[] pages;
        try (FinestLog finest = FinestLog.open();
                Server server = Server.start(config())) {
            try (BeaconClient client = new BeaconClient(server.httpPort())) {
                sendEvents(all, client);
                sendPixels(all, client);
                sendAgents(all, client);
                sendBadEvents(all, client);
                sendBadRequests(all, client);
            }
            sendGarbage(all, server.httpPort());
            try (BeaconClient admin = new BeaconClient(server.adminPort())) {
                pages = pages(admin);
            }
            server.stop();
            assertThat(server.metrics().total(Counter.EVENTS_REJECTED)).isPositive();
            lines = finest.bytes();
        }

        System.out.println(sent.size() + " combinations, seed " + SEED + "; not planted: " + all.leftOut()
                + "; not combined: " + leftOut);
        List<String> leaks = new ArrayList<>();
        search("log", lines, leaks);
        search("pages", pages, leaks);
        search("answers", answers.toByteArray(), leaks);
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                search(data.relativize(file).toString(), Files.readAllBytes(file), leaks);
            }
        }
        searchLines(leaks);
        assertThat(leaks).as("seed %d", SEED).isEmpty();
    }

    /** Firehose refuses every block for ever, so that blocks are parked: packed, so they are searched unpacked. */
    @Test
    void norInBlocksThatAreParked(CleanLog.Expected log) throws Exception {
        log.possibleLine("is parked: ");
        log.possibleLine("takes nothing: ");
        log.possibleLine("delivery has not ended within");
        log.possibleLine("is used unchecked: ");
        log.possibleLine("is not used");
        combinations = 1000;
        Planted.All all = Planted.load();
        System.setProperty("aws.accessKeyId", "none");
        System.setProperty("aws.secretAccessKey", "none");
        HttpServer firehose = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        firehose.createContext("/", NothingLeaksTest::refuse);
        firehose.start();
        byte[] lines;
        try (FinestLog finest = FinestLog.open();
                Server server = Server.start(new ConfigLoader()
                        .option("test", "data", data)
                        .option("test", "http.port", 0)
                        .option("test", "admin.port", 0)
                        .option("test", "delivery.destination", "firehose")
                        .option("test", "delivery.drain-timeout", "100ms")
                        .option("test", "delivery.manifests.send", "off")
                        .option("test", "delivery.firehose.region", "us-east-1")
                        .option(
                                "test",
                                "delivery.firehose.endpoint",
                                "http://127.0.0.1:" + firehose.getAddress().getPort())
                        .load())) {
            try (BeaconClient client = new BeaconClient(server.httpPort())) {
                sendEvents(all, client);
            }
            long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
            while (server.metrics().total(Counter.PARKED_BLOCKS) == 0 && System.nanoTime() < deadline) {
                Thread.sleep(20);
            }
            assertThat(server.metrics().total(Counter.PARKED_BLOCKS)).isPositive();
            server.stop();
            lines = finest.bytes();
        } finally {
            firehose.stop(0);
            System.clearProperty("aws.accessKeyId");
            System.clearProperty("aws.secretAccessKey");
        }

        List<String> leaks = new ArrayList<>();
        search("log", lines, leaks);
        List<Path> parked;
        try (Stream<Path> files = Files.walk(data.resolve("parked"))) {
            parked = files.filter(Files::isRegularFile).toList();
        }
        assertThat(parked).isNotEmpty();
        for (Path file : parked) {
            search(file.getFileName().toString(), file.getFileName().toString().getBytes(UTF_8), leaks);
            search("parked " + file, Files.readAllBytes(file), leaks);
            try (InputStream in = BlockReader.open(Encoding.GZIP, Files.newInputStream(file))) {
                byte[] unpacked = in.readAllBytes();
                assertThat(new String(unpacked, UTF_8)).contains("\"combination\":");
                search("parked and unpacked " + file, unpacked, leaks);
            }
        }
        assertThat(leaks).as("seed %d", SEED).isEmpty();
    }

    private static void refuse(HttpExchange exchange) throws IOException {
        exchange.getRequestBody().readAllBytes();
        boolean describes = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"))
                .endsWith("DescribeDeliveryStream");
        byte[] answer = (describes
                        ? "{\"DeliveryStreamDescription\":{\"DeliveryStreamName\":\"s\",\"DeliveryStreamARN\":\"arn:aws:x\","
                                + "\"DeliveryStreamStatus\":\"ACTIVE\",\"DeliveryStreamType\":\"DirectPut\",\"VersionId\":\"1\","
                                + "\"HasMoreDestinations\":false,\"Destinations\":[{\"DestinationId\":\"1\","
                                + "\"ExtendedS3DestinationDescription\":{\"RoleARN\":\"r\",\"BucketARN\":\"b\","
                                + "\"BufferingHints\":{},\"CompressionFormat\":\"UNCOMPRESSED\","
                                + "\"EncryptionConfiguration\":{},\"FileExtension\":\".jsonl.gz\"}}]}}"
                        : "{\"__type\":\"InvalidArgumentException\",\"message\":\"no\"}")
                .getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
        exchange.sendResponseHeaders(describes ? 200 : 400, answer.length);
        exchange.getResponseBody().write(answer);
        exchange.close();
    }

    private io.sluice.config.SluiceConfig config() throws Exception {
        return new ConfigLoader()
                .option("test", "data", data)
                .option("test", "http.port", 0)
                .option("test", "admin.port", 0)
                // Nothing is packed, so that the bytes of the journal and of objects can be searched as they lie.
                .option("test", "groups[0].encoding", "ndjson")
                .option("test", "groups[1].encoding", "ndjson")
                .load();
    }

    /** Draws a combination that docs/PRIVACY.md does not leave out. */
    private Combination draw(Planted.All all, Place place, String name) {
        for (; ; ) {
            Planted planted = all.values().get(random.nextInt(all.values().size()));
            Disguise disguise = Disguise.values()[random.nextInt(Disguise.values().length)];
            Surrounding around = Surrounding.values()[random.nextInt(Surrounding.values().length)];
            String reason = Limits.leftOut(planted, disguise, around, place);
            if (reason == null) {
                Combination combination = new Combination(sent.size(), planted, disguise, around, name);
                sent.add(combination);
                for (String value : planted.values()) {
                    needles.add(value.getBytes(UTF_8), combination.number());
                    needles.add(disguise.of(value).getBytes(UTF_8), combination.number());
                }
                return combination;
            }
            leftOut.merge(reason, 1, Integer::sum);
        }
    }

    private void sendEvents(Planted.All all, BeaconClient client) throws IOException {
        Place[] places = Place.values();
        while (sent.size() < combinations * 7 / 10) {
            List<String> events = new ArrayList<>();
            for (int i = 0; i < PER_REQUEST; i++) {
                Place place = places[random.nextInt(places.length)];
                Combination combination = draw(all, place, place.name());
                String content = combination.content();
                // Names and ids are short, or the event is refused.
                if (content.length() > 40 && (place == Place.EVENT || place == Place.ID)) {
                    place = Place.PROPERTY;
                }
                events.add(place.event(content, random, "\"combination\":" + combination.number() + ","));
            }
            String body = random.nextBoolean() ? "[" + String.join(",", events) + "]" : lines(events);
            Answer answer = keep(client.post("/v1/events?k=demo", body));
            assertThat(answer.text()).contains("\"accepted\":" + PER_REQUEST);
        }
    }

    /** As NDJSON. */
    private static String lines(List<String> events) {
        return String.join(
                        "\n",
                        events.stream().map(event -> event.replace("\n", " ")).toList()) + "\n";
    }

    private void sendPixels(Planted.All all, BeaconClient client) throws IOException {
        String[] names = {"url", "ref", "u", "uid", "aid", "sid", "q", "something", "consent", "ua"};
        while (sent.size() < COMBINATIONS * 8 / 10) {
            boolean asName = random.nextInt(6) == 0;
            String name = names[random.nextInt(names.length)];
            Combination combination = draw(all, Place.PROPERTY, "pixel " + (asName ? "name" : name));
            String value = URLEncoder.encode(combination.content(), UTF_8);
            String parameter = asName ? value + "=1" : name + "=" + value;
            Answer answer = keep(client.get("/p.gif?k=demo&e=a&combination=" + combination.number() + "&" + parameter));
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    private void sendAgents(Planted.All all, BeaconClient client) throws IOException {
        while (sent.size() < COMBINATIONS * 9 / 10) {
            Combination combination = draw(all, Place.AGENT, "User-Agent");
            String content = combination.content().replaceAll("[\\r\\n]", " ");
            if (!ISO_8859_1.newEncoder().canEncode(content) || content.chars().anyMatch(c -> c > 126 || c < 32)) {
                content = URLEncoder.encode(content, UTF_8);
            }
            Answer answer = keep(client.post(
                    "/v1/events?k=demo",
                    "{\"event\":\"a\",\"combination\":" + combination.number() + "}",
                    "User-Agent: " + content,
                    "Referer: https://shop.example/?q=" + URLEncoder.encode(content, UTF_8),
                    "Cookie: id=" + URLEncoder.encode(content, UTF_8)));
            assertThat(answer.status()).isEqualTo(200);
        }
    }

    /** Events that are not taken, among others that are. */
    private void sendBadEvents(Planted.All all, BeaconClient client) throws IOException {
        while (sent.size() < COMBINATIONS * 19 / 20) {
            List<String> events = new ArrayList<>();
            for (int i = 0; i < PER_REQUEST; i++) {
                Combination combination = draw(all, Place.PROPERTY, "bad event");
                String event =
                        Place.PROPERTY.event(combination.content(), random).replace("\n", " ");
                events.add(
                        switch (i % 6) {
                            case 0 -> event.substring(0, event.length() - 3);
                            case 1 -> event.replace("\"event\"", "\"no\"");
                            case 2 -> event.replace("\"event\":\"a\"", "\"event\":{\"b\":1}");
                            case 3 -> event.replace("\"term\":", "\"term\":nul,\"x\":");
                            case 4 ->
                                event.replace("\"term\":", "\"term\":" + "[".repeat(80) + "]".repeat(80) + ",\"x\":");
                            default -> event + "}";
                        });
            }
            keep(client.post("/v1/events?k=demo", String.join("\n", events) + "\n"));
        }
    }

    /** Requests that are refused as a whole. */
    private void sendBadRequests(Planted.All all, BeaconClient client) throws IOException {
        while (sent.size() < COMBINATIONS * 39 / 40) {
            Combination combination = draw(all, Place.PROPERTY, "bad request");
            String value = URLEncoder.encode(combination.content(), UTF_8);
            Answer answer = keep(
                    switch (combination.number() % 5) {
                        case 0 -> client.get("/p.gif?k=" + value + "&e=a");
                        case 1 -> client.get("/" + value + "?k=demo");
                        case 2 -> client.post("/v1/events?k=demo", "x" + combination.content());
                        case 3 -> client.post("/v1/events?k=" + value, "{\"event\":\"a\"}");
                        default -> client.get("/p.gif?k=demo&no=" + value);
                    });
            // Lines of a body may be events, if bad ones.
            assertThat(answer.status()).as("%s", combination).isBetween(200, 499);
        }
    }

    /** What is no HTTP, each on a connection of its own. */
    private void sendGarbage(Planted.All all, int port) throws IOException {
        while (sent.size() < COMBINATIONS) {
            Combination combination = draw(all, Place.PROPERTY, "garbage");
            String value = combination.content();
            String request = switch (combination.number() % 4) {
                case 0 -> value + "\r\n\r\n";
                case 1 ->
                    "GET /p.gif?k=demo&e=a&combination=" + combination.number() + " HTTP/1.1\r\nHost: x\r\n" + value
                            + "\r\n\r\n";
                case 2 -> "POST /v1/events?k=demo HTTP/1.1\r\nHost: x\r\nContent-Length: " + value + "\r\n\r\n";
                default -> "GET /" + value + " HTTP/9.9\r\nHost: x\r\nConnection: close\r\n\r\n";
            };
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(30_000);
                socket.getOutputStream().write(request.getBytes(UTF_8));
                socket.shutdownOutput();
                answers.write(socket.getInputStream().readAllBytes());
            } catch (IOException reset) {
                // A connection may be reset while it is still written to.
                answers.write('\n');
            }
        }
    }

    private Answer keep(Answer answer) throws IOException {
        answers.write(answer.headers().toString().getBytes(UTF_8));
        answers.write(answer.body());
        answers.write('\n');
        return answer;
    }

    private static byte[] pages(BeaconClient admin) throws IOException {
        ByteArrayOutputStream pages = new ByteArrayOutputStream();
        for (String page : List.of("/", "/metrics", "/scrubbed", "/healthz", "/readyz", "/none")) {
            pages.write(admin.get(page).body());
        }
        return pages.toByteArray();
    }

    private void search(String where, byte[] bytes, List<String> leaks) {
        needles.search(
                bytes,
                (number, at) -> leaks.add(where + " at " + at + " holds " + sent.get(number) + ": "
                        + new String(
                                bytes,
                                Math.max(0, at - 80),
                                Math.min(bytes.length, at + 80) - Math.max(0, at - 80),
                                UTF_8)));
    }

    /** Looks beneath all encodings too, for what each line was to hold. */
    private void searchLines(List<String> leaks) {
        int seen = 0;
        for (String line : Delivered.lines(data.resolve("s3/events"))) {
            ReferenceJson.parse(line);
            Matcher matcher = NUMBER.matcher(line);
            assertThat(matcher.find()).as(line).isTrue();
            Combination combination = sent.get(Integer.parseInt(matcher.group(1)));
            String left = Limits.left(combination.planted(), line);
            if (left != null) {
                leaks.add(combination + " has left " + left + " of " + combination.content() + " in " + line);
            }
            seen++;
        }
        assertThat(seen).isGreaterThan(COMBINATIONS * 8 / 10);
        List<String> rejected = Delivered.lines(data.resolve("s3/rejected"));
        assertThat(rejected).isNotEmpty();
        for (String line : rejected) {
            assertThat(ReferenceJson.object(line).names())
                    .as("what is left of what cannot be read")
                    .containsExactly("shop", "rt", "via", "reason", "index", "offset", "length", "pos");
        }
    }

    /** Many byte strings that are looked for at once, by their first eight bytes. */
    private static final class Needles {

        interface Found {
            void at(int number, int offset);
        }

        private record Needle(byte[] bytes, int number) {}

        private static final int SLOTS = 1 << 22;
        private final long[] bits = new long[SLOTS / 64];
        private final Map<Long, List<Needle>> needles = new HashMap<>();

        void add(byte[] bytes, int number) {
            // The address of this host stands in logs, and a network without a host begins other addresses.
            String text = new String(bytes, UTF_8);
            if (bytes.length < TELLING || text.equals("127.0.0.1") || text.endsWith("::")) {
                return;
            }
            long key = key(bytes, 0);
            List<Needle> same = needles.computeIfAbsent(key, none -> new ArrayList<>());
            if (same.stream().noneMatch(needle -> java.util.Arrays.equals(needle.bytes, bytes))) {
                same.add(new Needle(bytes, number));
            }
            int slot = slot(key);
            bits[slot >> 6] |= 1L << slot;
        }

        void search(byte[] in, Found found) {
            for (int at = 0; at + TELLING <= in.length; at++) {
                long key = key(in, at);
                int slot = slot(key);
                if ((bits[slot >> 6] & 1L << slot) != 0 && needles.containsKey(key)) {
                    for (Needle needle : needles.get(key)) {
                        int end = at + needle.bytes.length;
                        if (end <= in.length
                                && java.util.Arrays.equals(in, at, end, needle.bytes, 0, needle.bytes.length)) {
                            found.at(needle.number, at);
                        }
                    }
                }
            }
        }

        private static long key(byte[] b, int at) {
            long key = 0;
            for (int i = 0; i < TELLING; i++) {
                key = key << 8 | b[at + i] & 0xff;
            }
            return key;
        }

        private static int slot(long key) {
            return (int) (key * 0x9E3779B97F4A7C15L >>> 42);
        }
    }
}
