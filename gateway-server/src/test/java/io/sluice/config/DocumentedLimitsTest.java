package io.sluice.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.channel.WriteBufferWaterMark;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/LIMITS.md} to the keys, the constants, the metrics, and the tests that it names. */
class DocumentedLimitsTest {

    private static final Path FILE = Path.of("../docs/LIMITS.md");
    private static final Path METRICS = Path.of("../docs/OPERATIONS.md");
    private static final Path TESTS = Path.of("src/test/java");
    private static final Pattern KEY = Pattern.compile("`((?:http|intake|ring|commit)\\.[a-z.-]+)`");

    /** The rows of each table that has the given column, as cells. */
    private static List<List<String>> rows(String column) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : Files.readAllLines(FILE)) {
            List<String> cells =
                    Stream.of(line.split("\\|")).skip(1).map(String::strip).toList();
            if (cells.contains(column)) {
                inside = true;
            } else if (cells.isEmpty()) {
                inside = false;
            } else if (inside && !line.startsWith("|---")) {
                rows.add(cells);
            }
        }
        assertThat(rows).as(column).isNotEmpty();
        return rows;
    }

    private static List<String> matches(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(found -> found.group(1)).toList();
    }

    @Test
    void everyKeyIsOneAndHasTheDefaultThatIsWritten() throws Exception {
        Map<String, String> defaults = new HashMap<>();
        Keys.all().forEach(key -> defaults.put(key.name(), key.byDefault()));
        for (List<String> row : rows("key")) {
            List<String> keys = matches(KEY, row.get(1));
            assertThat(defaults.keySet()).containsAll(keys);
            if (keys.size() == 1) {
                String written = row.get(2).replaceAll("[ ,]|/s$", "").replaceAll("^auto:.*", Values.AUTO);
                assertThat(written).as(keys.getFirst()).isEqualTo(defaults.get(keys.getFirst()));
            }
        }
    }

    @Test
    void everyLimitThatHasAKeyHasATestThatReachesIt() throws Exception {
        List<String> reached = new ArrayList<>();
        for (List<String> row : rows("test")) {
            reached.addAll(matches(KEY, row.get(0)));
        }
        for (List<String> row : rows("key")) {
            assertThat(reached).containsAll(matches(KEY, row.get(1)));
        }
    }

    @Test
    void everyFixedLimitIsWhatTheCodeHas() throws Exception {
        WriteBufferWaterMark marks = (WriteBufferWaterMark) constant("http.HttpServer", "WRITE_MARKS");
        assertThat(marks.high()).isEqualTo((int) number("http.HttpServer", "SEND_BUFFER_BYTES"));
        assertThat(number("http.ConnectionCaps", "RESERVE")).isEqualTo(16);
        assertThat(number("http.Http2Allowances", "LARGE_HEADS_PER_SECOND")).isEqualTo(1);
        Map<String, String> code = Map.ofEntries(
                Map.entry("places kept free while idle connections can give way", "a sixteenth"),
                Map.entry(
                        "idleness before a connection gives way",
                        number("http.Crowd", "LEAST_IDLE_NANOS") / 1_000_000_000 + " s"),
                Map.entry(
                        "silence before a connection gives way that has said nothing",
                        number("http.Crowd", "LEAST_MUTE_NANOS") / 1_000_000 + " ms"),
                Map.entry("answers that a client does not take", kib(marks.high()) + ", and as much of the kernel's"),
                Map.entry(
                        "bytes read before others have their turn",
                        kib(number("http.HttpServer", "TURN_READS") * number("http.HttpServer", "READ_BYTES"))),
                Map.entry("bodies that cannot be dear", "below " + kib(number("intake.Intake", "LEAST_DEAR_BYTES"))),
                Map.entry(
                        "time before the rate of a body counts",
                        ((Duration) constant("http.LimitsConfig", "RATE_GRACE")).toSeconds() + " s"),
                Map.entry(
                        "time to take the last answer of a connection",
                        number("http.Connection", "LINGER_MILLIS") / 1000 + " s"),
                Map.entry(
                        "CONTINUATION frames below 8 KiB of a head",
                        "" + number("http.Http2Decoder", "SMALL_CONTINUATIONS")),
                Map.entry("bytes of a frame of HTTP/2", kib(number("http.Http2Decoder", "MAX_FRAME_BYTES"))),
                Map.entry(
                        "frames beside requests that an answer makes good",
                        "" + number("http.Http2Allowances", "CONTROLS_PER_ANSWER")),
                Map.entry(
                        "copies of requests that the bulk worker has, of all loops",
                        number("intake.BulkConfig", "MOST_BYTES") / (1 << 20) + " MiB"),
                Map.entry(
                        "requests of a loop that the bulk worker has",
                        number("intake.LoopIntake", "MOST_GIVEN_AWAY") + ", of one shop "
                                + number("intake.LoopIntake", "MOST_OF_A_SHOP")),
                Map.entry(
                        "heads of HTTP/2 that are too large",
                        number("http.Http2Allowances", "LARGE_HEADS") + ", and one a second"),
                // There is no code that decompresses, and so no constant.
                Map.entry("decompressed bytes of a body", "0"),
                Map.entry(
                        "lines that a request becomes",
                        kib(number("beacon.Decoders", "STAGED_FIXED")) + " and "
                                + number("beacon.Decoders", "STAGED_PER_BYTE") + " times its body"),
                Map.entry("ClientHello", kib(number("http.TlsOpening", "MOST_HELLO_BYTES"))),
                Map.entry("header of the PROXY protocol", kib(number("http.ProxyHeader", "MOST_BYTES"))));

        Map<String, String> written = new HashMap<>();
        for (List<String> row : rows("why")) {
            written.put(row.get(0), row.get(1));
        }
        assertThat(written).isEqualTo(code);
    }

    /** What {@code docs/LIMITS.md} works out for 20,000 idle connections. */
    @Test
    void theExampleOfIdleConnectionsIsWhatTheCodeAsksFor() throws Exception {
        long reserve = number("http.ConnectionCaps", "RESERVE");
        int places = 20_000;
        while (places - places / reserve < 20_000) {
            places++;
        }
        int files = places + ConfigLoader.OTHER_FILES;
        long heapMib = Math.ceilDiv(places * number("config.ConfigLoader", "HEAP_PER_CONNECTION"), 1L << 20);
        Map<String, String> written = new HashMap<>();
        for (List<String> row : rows("needed")) {
            written.put(row.get(0), row.get(1).replace(",", ""));
        }
        assertThat(written)
                .containsEntry("`http.max-connections`", "" + places)
                .containsEntry("files that may be open: `LimitNOFILE`, `ulimit -n`", "" + files)
                .containsEntry("heap, where `http.max-connections` is `auto`", heapMib + " MiB");

        Machine enough = new Machine(2, 8L << 30, heapMib << 20, 2L << 30, files);
        assertThat(new ConfigLoader().load(enough).http().limits().connections())
                .isEqualTo(places);
        ConfigLoader set = new ConfigLoader().option("test", "http.max-connections", places);
        Machine fewer = new Machine(2, 8L << 30, heapMib << 20, 2L << 30, files - 1);
        assertThatThrownBy(() -> set.load(fewer)).hasMessageContaining("at most " + (places - 1));
    }

    @Test
    void everyFixedLimitHasATestThatReachesIt() throws Exception {
        List<String> reached = new ArrayList<>();
        for (List<String> row : rows("test")) {
            reached.add(row.get(0));
        }
        for (List<String> row : rows("why")) {
            assertThat(reached).contains(row.get(0));
        }
    }

    private static Object constant(String type, String name) throws ReflectiveOperationException {
        Field field = Class.forName("io.sluice." + type).getDeclaredField(name);
        field.setAccessible(true);
        return field.get(null);
    }

    private static long number(String type, String name) throws ReflectiveOperationException {
        return ((Number) constant(type, name)).longValue();
    }

    private static String kib(long bytes) {
        assertThat(bytes % 1024).isZero();
        return bytes / 1024 + " KiB";
    }

    @Test
    void everyTestThatIsNamedIsThere() throws Exception {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> files = Files.walk(TESTS)) {
            for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
                String name = file.getFileName().toString();
                if (name.endsWith(".java")) {
                    sources.put(name.substring(0, name.length() - ".java".length()), Files.readString(file));
                }
            }
        }
        Pattern test = Pattern.compile("(\\w+)\\.(\\w+)");
        for (List<String> row : rows("test")) {
            Matcher named = test.matcher(row.get(1));
            assertThat(named.find()).as(row.get(0)).isTrue();
            do {
                assertThat(sources).containsKey(named.group(1));
                assertThat(sources.get(named.group(1))).contains("void " + named.group(2) + "(");
            } while (named.find());
        }
    }

    @Test
    void everyCounterIsOne() throws Exception {
        String metrics = Files.readString(METRICS);
        String text = Files.readString(FILE);
        for (String limit : matches(Pattern.compile("`limit=([a-z-]+)`"), text)) {
            assertThat(metrics).contains("`sluice_limits_reached_total{limit=\"" + limit + "\"}`");
        }
        for (String reason : matches(Pattern.compile("`reason=([a-z-]+)`"), text)) {
            assertThat(metrics).contains("| `" + reason + "` |");
        }
        for (String name : matches(Pattern.compile("`(sluice_[a-z0-9_]+(?:\\{[a-z]+=\"[a-z-]+\"})?)`"), text)) {
            assertThat(metrics).contains("`" + name + "`");
        }
    }
}
