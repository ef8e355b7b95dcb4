package io.sluice.json;

import com.dslplatform.json.DslJson;
import com.dslplatform.json.JsonReader;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.sluice.bench.traffic.Body;
import io.sluice.bench.traffic.Traffic;
import io.sluice.intake.CpuTime;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The validating scan beside a copy, and beside what others take to go over the same bytes: dsl-json skips the value,
 * Jackson asks for each token. One operation is one body of 50 events.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ScanBench {

    private static final int EVENTS = 50;
    private static final int BODIES = 300;
    private static final long SEED = 20261122;

    /** What the events are made of. */
    public enum Text {
        TRAFFIC(null),
        LONG_STRINGS("{\"text\":\"" + "a plain text without end, ".repeat(9) + "\"}"),
        ESCAPES("{\"text\":\"" + "\\n\\\"q\\\" \\u00e9".repeat(14) + "\"}"),
        UNICODE("{\"text\":\"" + "größe 日本語 ".repeat(11) + "\"}"),
        NUMBERS("{\"a\":[" + "-12.5e3,1795305600000,0.25,".repeat(8) + "7]}"),
        NESTED("{\"a\":".repeat(20) + "[[[[true,null],[]],{}],1]" + "}".repeat(20));

        private final String event;

        Text(String event) {
            this.event = event;
        }
    }

    @Param
    public Text text;

    private final List<byte[]> bodies = new ArrayList<>();
    private final Scanner scanner = new Scanner();
    private final JsonReader<Object> dslJson = new DslJson<>().newReader();
    private final JsonFactory jackson = new JsonFactory();
    private byte[] copy;
    private int next;

    @Setup
    public void setUp() {
        int longest = 0;
        List<Body> traffic = new Traffic(SEED).bodies(EVENTS, 4_000_000);
        for (int i = 0; i < BODIES; i++) {
            byte[] bytes = text == Text.TRAFFIC
                    ? traffic.get(i % traffic.size()).bytes()
                    : ("[" + (text.event + ",").repeat(EVENTS - 1) + text.event + "]").getBytes(StandardCharsets.UTF_8);
            longest = Math.max(longest, bytes.length);
            bodies.add(Arrays.copyOf(bytes, bytes.length + Scanner.PADDING));
        }
        copy = new byte[longest + Scanner.PADDING];
    }

    private byte[] body(CpuTime time) {
        time.records += EVENTS;
        next = next + 1 == BODIES ? 0 : next + 1;
        return bodies.get(next);
    }

    private static int length(byte[] body) {
        return body.length - Scanner.PADDING;
    }

    @Benchmark
    public byte[] memcpy(CpuTime time) {
        byte[] body = body(time);
        System.arraycopy(body, 0, copy, 0, length(body));
        return copy;
    }

    @Benchmark
    public int scan(CpuTime time) {
        byte[] body = body(time);
        scanner.reset(body, length(body));
        int end = scanner.document(0);
        if (end == Scanner.FAILED) {
            throw new IllegalStateException("no JSON at " + scanner.faultOffset());
        }
        return end;
    }

    @Benchmark
    public int dslJson(CpuTime time) throws IOException {
        byte[] body = body(time);
        // It looks for what comes next: one byte of the padding.
        dslJson.process(body, length(body) + 1);
        dslJson.getNextToken();
        return dslJson.skip();
    }

    @Benchmark
    public int jackson(CpuTime time) throws IOException {
        byte[] body = body(time);
        int tokens = 0;
        try (JsonParser parser = jackson.createParser(body, 0, length(body))) {
            while (parser.nextToken() != null) {
                tokens++;
            }
        }
        return tokens;
    }
}
