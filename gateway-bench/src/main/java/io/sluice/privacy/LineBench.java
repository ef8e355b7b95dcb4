package io.sluice.privacy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.SerializedString;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import io.sluice.common.Uuid7;
import io.sluice.intake.CpuTime;
import io.sluice.json.Scanner;
import io.sluice.metrics.Metrics;
import io.sluice.record.Field;
import io.sluice.record.LineBuffer;
import io.sluice.shop.Shop;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The line writer without scan and scrubbing: what each line has besides its event. Beside it a copy of the same bytes,
 * and Jackson writing the same members. One operation is 50 lines.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LineBench {

    private static final int EVENTS = 50;
    private static final long MILLIS = 1_795_305_600_000L;
    private static final byte[] ADDRESS = {(byte) 203, 0, 113, 77};
    private static final byte[] AGENT =
            ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
                            + " Chrome/142.0.0.0 Safari/537.36")
                    .getBytes(StandardCharsets.US_ASCII);

    private final LineBuffer lines = new LineBuffer(96 * 1024);
    private final Shop shop = new Shop("shop-0042", 0, Set.of());
    private final Scanner scanner = new Scanner();
    private final JsonFactory jackson = new JsonFactory();
    private final ByteArrayBuilder written = new ByteArrayBuilder(96 * 1024);
    private final SerializedString[] names = {
        new SerializedString("id"), new SerializedString("event"), new SerializedString("shop"),
        new SerializedString("rt"), new SerializedString("ip"), new SerializedString("ua"),
        new SerializedString("via"), new SerializedString("policy"), new SerializedString("pos")
    };
    private ScrubbedSink sink;
    private int from;
    private int to;
    private byte[] copy;

    @Setup
    public void setUp() {
        Metrics metrics = new Metrics();
        sink = new ScrubbedSink(metrics, metrics.newCells(), new Uuid7(), new UUID(1, 2), 0, new LineBuffer(64));
        byte[] name = "\"page_view\"".getBytes(StandardCharsets.US_ASCII);
        scanner.reset(Arrays.copyOf(name, name.length + Scanner.PADDING), name.length);
        from = 0;
        to = scanner.string(0);
        write();
        copy = new byte[lines.size()];
    }

    private int write() {
        lines.clear();
        sink.begin(shop, "v1", MILLIS, ADDRESS, ADDRESS.length, AGENT, AGENT.length, lines);
        for (int i = 0; i < EVENTS; i++) {
            sink.startEvent(scanner);
            sink.set(Field.EVENT, from, to, scanner.marks());
            sink.endEvent();
        }
        sink.end();
        return lines.size();
    }

    @Benchmark
    public byte[] memcpy(CpuTime time) {
        time.records += EVENTS;
        System.arraycopy(lines.array(), 0, copy, 0, copy.length);
        return copy;
    }

    @Benchmark
    public int line(CpuTime time) {
        time.records += EVENTS;
        return write();
    }

    /** It is given the texts, and so has neither ids nor addresses to make. */
    @Benchmark
    public int jackson(CpuTime time) throws IOException {
        time.records += EVENTS;
        written.reset();
        for (int i = 0; i < EVENTS; i++) {
            try (JsonGenerator json = jackson.createGenerator(written)) {
                json.writeStartObject();
                member(json, 0, "019abc12-3456-7890-abcd-ef0123456789");
                member(json, 1, "page_view");
                member(json, 2, "shop-0042");
                json.writeFieldName(names[3]);
                json.writeNumber(MILLIS);
                member(json, 4, "203.0.113.0");
                member(json, 5, "Chrome/142 Windows");
                member(json, 6, "v1");
                member(json, 7, "strict@1");
                member(json, 8, "0123456789abcdef012345670000000000");
                json.writeEndObject();
                json.writeRaw('\n');
            }
        }
        return written.size();
    }

    private void member(JsonGenerator json, int name, String value) throws IOException {
        json.writeFieldName(names[name]);
        json.writeString(value);
    }
}
