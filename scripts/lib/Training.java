import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Runs a gateway under a load like production's, so that the AOT cache that it records has the classes and the profiles
 * of production. Run from its source by {@code aot.sh}: the seconds of load, then the command of the gateway.
 *
 * <p>Batches, NDJSON, single events, pixels, and what is refused, over HTTP/1.1 and HTTP/2; delivered by the SDK, to
 * here. What the gateway prints goes to standard output, a dot a second to standard error. Ends as the gateway does.
 */
public final class Training {

    private static final int START_SECONDS = 30;
    /** The JVM writes the cache when it ends. */
    private static final int STOP_SECONDS = 90;

    private static final int SOCKET_MILLIS = 5_000;
    private static final int CONNECTIONS = 12;
    private static final int HTTP2_CONNECTIONS = 3;
    private static final int REQUESTS = 400;
    private static final int BATCH = 50;
    private static final Pattern PORT = Pattern.compile("takes beacons on .*:(\\d+)$");
    /** The last line that a gateway says when it has started. */
    private static final String STARTED = "  stop ";

    private static final String[] AGENTS = {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6",
        "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
        "Mozilla/5.0 (Linux; Android 15; SM-S931B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36"
    };
    private static final String[] NAMES = {"page_view", "search", "product_view", "add_to_cart", "purchase", "form"};
    private static final String[] TITLES = {
        "Läufer \\\"Aïda\\\", 80 × 150", "Trail shoe 3\\/4\\n\\tblue", "\\u00dcberzieher", "靴下 3足組", "Sale 🎉 -20 %", "Shirt"
    };
    private static final String[] FORMS = {
        "jane.doe@example.com", "+49 30 901820", "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "no, thanks", "2 pairs"
    };

    private static final String STREAM = "{\"DeliveryStreamStatus\":\"ACTIVE\",\"Destinations\":"
            + "[{\"ExtendedS3DestinationDescription\":{\"CompressionFormat\":\"UNCOMPRESSED\",\"FileExtension\":\".jsonl.gz\"}}]}";

    /** HTTP/2's names for what is used of it (RFC 9113, section 6). */
    private static final int DATA = 0, HEADERS = 1, RST_STREAM = 3, SETTINGS = 4, GOAWAY = 7, WINDOW_UPDATE = 8;

    private static final int END_STREAM = 1, END_HEADERS = 4, ACK = 1;

    private record Request(String method, String target, String agent, byte[] body) {}

    private final Random random = new Random(25);
    private final List<Request> requests = new ArrayList<>();
    private final int port;
    private final long end;

    private Training(int port, int seconds) {
        this.port = port;
        for (int i = 0; i < REQUESTS; i++) {
            requests.add(request(i));
        }
        end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    }

    public static void main(String[] arguments) throws Exception {
        HttpServer firehose = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        firehose.createContext("/", Training::take);
        firehose.start();
        List<String> command = new ArrayList<>(List.of(arguments).subList(1, arguments.length));
        command.addAll(List.of("--destination", "firehose", "--region", "us-east-1", "--endpoint"));
        command.add("http://127.0.0.1:" + firehose.getAddress().getPort());
        Process gateway;
        try {
            gateway = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            System.out.println("The gateway did not start: " + e);
            System.exit(1);
            return;
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> kill(gateway)));
        CompletableFuture<Integer> started = new CompletableFuture<>();
        Thread output = Thread.ofPlatform().daemon().start(() -> copy(gateway.inputReader(), started));
        try {
            int port = started.get(START_SECONDS, TimeUnit.SECONDS);
            new Training(port, Integer.parseInt(arguments[0])).load();
        } catch (ExecutionException | TimeoutException e) {
            System.out.println("The gateway did not start: " + e);
        }
        // The process' own method would close its standard output, too, and whoever writes the cache die of that.
        gateway.toHandle().destroy();
        boolean ended = gateway.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        output.join(SOCKET_MILLIS);
        System.exit(ended ? gateway.exitValue() : 1);
    }

    /** With the JVM that it has write the cache. */
    private static void kill(Process gateway) {
        gateway.descendants().forEach(ProcessHandle::destroyForcibly);
        gateway.destroyForcibly();
        gateway.onExit().completeOnTimeout(gateway, SOCKET_MILLIS, TimeUnit.MILLISECONDS).join();
    }

    private static void copy(BufferedReader output, CompletableFuture<Integer> started) {
        try {
            int port = 0;
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                System.out.println(line);
                Matcher matcher = PORT.matcher(line);
                if (matcher.find()) {
                    port = Integer.parseInt(matcher.group(1));
                } else if (line.startsWith(STARTED)) {
                    started.complete(port);
                }
            }
            started.completeExceptionally(new EOFException("it ended"));
        } catch (IOException e) {
            started.completeExceptionally(e);
        }
    }

    /** Firehose, which takes every record. Both of its answers in one, of which each call reads its own. */
    private static void take(HttpExchange call) throws IOException {
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1);
        int records = body.split("\"Data\"", -1).length - 1;
        String taken = String.join(",", Collections.nCopies(records, "{\"RecordId\":\"1\"}"));
        byte[] answer = utf8("{\"FailedPutCount\":0,\"RequestResponses\":[" + taken + "],\"DeliveryStreamDescription\":" + STREAM + "}");
        call.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
        call.sendResponseHeaders(200, answer.length);
        call.getResponseBody().write(answer);
        call.close();
    }

    private Request request(int index) {
        String agent = any(AGENTS);
        return switch (index % 40) {
            case 0 -> new Request("POST", "/v1/events?k=demo", agent, utf8("[" + event() + ",{\"page\":1},7]"));
            case 1 -> new Request("POST", "/v1/events?k=demo", agent, utf8("[" + event() + ",{\"event\":\"cut"));
            case 2 -> new Request("POST", "/v1/events?k=nobody", agent, utf8(event()));
            case 3 -> new Request("GET", "/nothing", agent, new byte[0]);
            case 4, 5, 6, 7, 8, 9, 10, 11 -> new Request("GET", pixel(), agent, new byte[0]);
            case 12, 13, 14, 15, 16, 17 -> new Request("POST", "/v1/events?k=demo", agent, utf8(event()));
            case 18, 19, 20 -> new Request("POST", "/v1/events?k=demo", agent, utf8(events("", "\n", "\n")));
            default -> new Request("POST", "/v1/events?k=demo", agent, utf8(events("[", ",", "]")));
        };
    }

    private String events(String before, String between, String behind) {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < BATCH; i++) {
            events.add(event());
        }
        return before + String.join(between, events) + behind;
    }

    /** Each has what a tracker sends; some fields are not always there, and their order is not always the same. */
    private String event() {
        String head = "{\"event\":\"" + any(NAMES) + "\",\"url\":\"" + url() + "\",\"uid\":\"u-" + random.nextInt(1 << 20)
                + "\",\"time\":" + (1_790_000_000_000L + random.nextInt());
        String props = ",\"props\":{\"title\":\"" + any(TITLES) + "\",\"price\":" + random.nextInt(10_000) / 100.0
                + ",\"currency\":\"EUR\",\"new\":" + random.nextBoolean() + ",\"coupon\":null,\"position\":" + random.nextInt(40)
                + ",\"input\":\"" + any(FORMS) + "\",\"items\":[{\"sku\":\"A-" + random.nextInt(9_999) + "\",\"quantity\":"
                + (1 + random.nextInt(3)) + "},{\"sku\":\"B-" + random.nextInt(9_999) + "\",\"tags\":[\"x\",\"" + any(TITLES)
                + "\"]}]}";
        String rest = random.nextBoolean() ? ",\"ref\":\"https://search.example/?q=blue+shoes\"" : ",\"email\":\"" + any(FORMS) + "\"";
        return random.nextInt(4) == 0 ? head + rest + props + "}" : head + props + rest + "}";
    }

    private String url() {
        return "https://shop.example/c/" + random.nextInt(500) + "/p?utm_source=mail&q=" + encoded(any(FORMS)) + "&page="
                + random.nextInt(9) + (random.nextBoolean() ? "#top" : "");
    }

    private String pixel() {
        return "/p.gif?k=demo&e=" + any(NAMES) + "&url=" + encoded(url()) + "&title=" + encoded(any(TITLES)) + "&w=1920&n="
                + random.nextInt(1 << 20);
    }

    private String any(String[] values) {
        return values[random.nextInt(values.length)];
    }

    private void load() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            int number = i;
            threads.add(Thread.ofPlatform().daemon().start(() -> connect(number)));
        }
        while (System.nanoTime() < end) {
            Thread.sleep(1_000);
            System.err.print('.');
        }
        for (Thread thread : threads) {
            thread.join(SOCKET_MILLIS);
        }
    }

    /** One connection after the other, since a refusal may end one. */
    private void connect(int number) {
        int next = number * REQUESTS / CONNECTIONS;
        while (System.nanoTime() < end) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(SOCKET_MILLIS);
                socket.setTcpNoDelay(true);
                DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
                boolean http2 = number < HTTP2_CONNECTIONS;
                if (http2) {
                    socket.getOutputStream().write(preface());
                }
                for (int stream = 1; System.nanoTime() < end; stream += 2) {
                    Request request = requests.get(next++ % REQUESTS);
                    socket.getOutputStream().write(http2 ? frames(request, stream) : message(request));
                    if (http2) {
                        skipStream(in, stream);
                    } else {
                        skipAnswer(in);
                    }
                }
            } catch (IOException e) {
                // On to the next one: what has been loaded up to now is good.
            }
        }
    }

    private static byte[] message(Request request) {
        byte[] head = utf8(request.method + " " + request.target + " HTTP/1.1\r\nHost: beacons.shop.example\r\nUser-Agent: "
                + request.agent + "\r\nAccept: */*\r\nAccept-Language: de-DE,de;q=0.9,en;q=0.8\r\nOrigin: https://shop.example\r\n"
                + "Referer: https://shop.example/\r\nSec-Fetch-Mode: no-cors\r\n"
                + (request.body.length == 0
                        ? "\r\n"
                        : "Content-Type: text/plain;charset=UTF-8\r\nContent-Length: " + request.body.length + "\r\n\r\n"));
        return ByteBuffer.allocate(head.length + request.body.length).put(head).put(request.body).array();
    }

    private static void skipAnswer(DataInputStream in) throws IOException {
        int length = 0;
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        in.skipNBytes(length);
    }

    private static String line(DataInputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (char c = (char) in.readUnsignedByte(); c != '\n'; c = (char) in.readUnsignedByte()) {
            line.append(c);
        }
        return line.toString().strip();
    }

    /** With a window for all answers of a connection, so that none has to be opened again. */
    private static byte[] preface() {
        byte[] window = ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE - 0xffff).array();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(utf8("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"));
        frame(out, SETTINGS, 0, 0, new byte[0], 0, 0);
        frame(out, WINDOW_UPDATE, 0, 0, window, 0, window.length);
        // That of the gateway's settings may come before them: nobody minds here.
        frame(out, SETTINGS, ACK, 0, new byte[0], 0, 0);
        return out.toByteArray();
    }

    /** Headers as literals behind names of the static table (RFC 7541, section 6.2.2), then the body, 16 KiB a frame. */
    private static byte[] frames(Request request, int stream) {
        ByteArrayOutputStream headers = new ByteArrayOutputStream();
        headers.write(request.method.equals("GET") ? 0x82 : 0x83);
        headers.write(0x86);
        literal(headers, 1, "beacons.shop.example");
        literal(headers, 4, request.target);
        literal(headers, 58, request.agent);
        literal(headers, 31, "text/plain;charset=UTF-8");
        literal(headers, 51, "https://shop.example/");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] body = request.body;
        frame(out, HEADERS, END_HEADERS | (body.length == 0 ? END_STREAM : 0), stream, headers.toByteArray(), 0, headers.size());
        int step = 16_384;
        for (int from = 0; from < body.length; from += step) {
            int length = Math.min(step, body.length - from);
            frame(out, DATA, from + length == body.length ? END_STREAM : 0, stream, body, from, length);
        }
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, int name, String value) {
        integer(out, 15, name);
        integer(out, 127, value.length());
        out.writeBytes(utf8(value));
    }

    /** RFC 7541, section 5.1. */
    private static void integer(ByteArrayOutputStream out, int most, int value) {
        out.write(Math.min(value, most));
        if (value >= most) {
            int rest = value - most;
            for (; rest >= 128; rest >>= 7) {
                out.write(rest & 127 | 128);
            }
            out.write(rest);
        }
    }

    private static void frame(ByteArrayOutputStream out, int type, int flags, int stream, byte[] bytes, int from, int length) {
        ByteBuffer head = ByteBuffer.allocate(9).put((byte) 0).putShort((short) length).put((byte) type).put((byte) flags);
        out.writeBytes(head.putInt(stream).array());
        out.write(bytes, from, length);
    }

    private static void skipStream(DataInputStream in, int wanted) throws IOException {
        while (true) {
            int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
            int type = in.readUnsignedByte();
            int flags = in.readUnsignedByte();
            int stream = in.readInt();
            in.skipNBytes(length);
            if (type == GOAWAY || type == RST_STREAM) {
                throw new EOFException();
            }
            if (stream == wanted && (type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
                return;
            }
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
