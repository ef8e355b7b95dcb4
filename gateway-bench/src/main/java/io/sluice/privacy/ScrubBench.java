package io.sluice.privacy;

import io.sluice.bench.traffic.Body;
import io.sluice.bench.traffic.Traffic;
import io.sluice.intake.CpuTime;
import io.sluice.json.Scanner;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Copy; validate and look for candidates; ask the sieve about them; scrub and write: each stage with those before it,
 * but for the copy. One operation is one body of 50 events.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ScrubBench {

    private static final byte[] NO_ROOT = {};
    static final int EVENTS = 50;
    private static final int BODIES = 300;
    private static final String[] PERSONAL = {
        "\"note\":\"call +49 151 23456789 or jane.doe@x.example\"",
        "\"note\":\"card 4111 1111 1111 1111\"",
        "\"link\":\"https://shop.example/?m=jane%40x.example&n=1\"",
        "\"note\":\"DE89 3704 0044 0532 0130 00\"",
        "\"address\":\"203.0.113.77\"",
    };

    /** Bytes that went through, by which the nanoseconds are to be divided. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Bytes {
        public long bytes;
    }

    /** How many of a hundred events hold something personal. */
    @Param({"0", "10"})
    public int percent;

    private final byte[][] bodies = new byte[BODIES][];
    private final int[] lengths = new int[BODIES];
    private final Scanner scanner = new Scanner();
    /** Asks nobody about what it suspects. */
    private final Scanner unfiltered = new Scanner();

    private final Scrubber scrubber = new Scrubber(new Rules(Policy.strict()), null);
    private final MarkedCopy copy = new MarkedCopy(scrubber);
    private byte[] dst;
    private int next;

    @Setup
    public void setUp() {
        List<Body> traffic = new Traffic(20261122).bodies(EVENTS, 4_000_000);
        int longest = 0;
        for (int i = 0; i < BODIES; i++) {
            String text = new String(traffic.get(i % traffic.size()).bytes(), StandardCharsets.UTF_8);
            String[] events = text.split("(?<=\\}),(?=\\{\"id\")");
            for (int k = 0; k < events.length; k++) {
                boolean personal = (k + i) % 100 < percent;
                // What the traffic itself holds of e-mail addresses is taken out, so that 0 means none.
                events[k] = events[k]
                        .replaceAll("(@|%40|.u0040)mail.example", "")
                        .replaceFirst(
                                "\\{\"id\"",
                                personal ? "{" + PERSONAL[(k + i) % PERSONAL.length] + ",\"id\"" : "{\"id\"");
            }
            byte[] bytes = String.join(",", events).getBytes(StandardCharsets.UTF_8);
            lengths[i] = bytes.length;
            bodies[i] = Arrays.copyOf(bytes, bytes.length + Scanner.PADDING);
            longest = Math.max(longest, bytes.length);
        }
        dst = new byte[scrubber.bound(longest) + 64];
    }

    private int body(Bytes bytes, CpuTime time) {
        time.records += EVENTS;
        next = next + 1 == BODIES ? 0 : next + 1;
        bytes.bytes += lengths[next];
        return next;
    }

    @Benchmark
    public byte[] copy(Bytes bytes, CpuTime time) {
        int i = body(bytes, time);
        System.arraycopy(bodies[i], 0, dst, 0, lengths[i]);
        return dst;
    }

    @Benchmark
    public int scan(Bytes bytes, CpuTime time) {
        return scan(unfiltered, body(bytes, time));
    }

    @Benchmark
    public int filter(Bytes bytes, CpuTime time) {
        copy.prepare(scanner);
        return scan(scanner, body(bytes, time));
    }

    @Benchmark
    public int scrub(Bytes bytes, CpuTime time) {
        int i = body(bytes, time);
        scrubber.begin();
        copy.prepare(scanner);
        scan(scanner, i);
        return copy.copy(scanner, 0, lengths[i], 0, scanner.marks(), NO_ROOT, dst, 0);
    }

    private int scan(Scanner scanner, int i) {
        scanner.reset(bodies[i], lengths[i]);
        int end = scanner.document(0);
        if (end == Scanner.FAILED) {
            throw new IllegalStateException("no JSON at " + scanner.faultOffset());
        }
        return end;
    }
}
