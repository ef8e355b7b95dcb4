package io.sluice.privacy;

import io.sluice.json.Scanner;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
 * What a sender can cost a loop at most: bodies of 256 KiB of what is dearest to each detector, in one string and in
 * strings of 200 bytes. One operation is one body, validated, scrubbed and written.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class HostileBench {

    private static final byte[] NO_ROOT = {};
    private static final int BYTES = 256 * 1024;

    @Param({
        "+49 ",
        "1.1.",
        "1 2 ",
        "12-34/56.",
        "1234567890123456 ",
        "4111 1111 1111 1112 ",
        "@a.a",
        "a@b.c.",
        "a.b@c-d.",
        "DE00",
        "DE00 1234 ",
        "AB12 34 56 C ",
        "1:2:",
        "::1 ",
        "00-11-22-",
        "%25",
        "%2525",
        "%40",
        "&#64;",
        "&amp;",
        "\\\\u0040",
        "\\\\\\\\u0040",
        "\\\\\\\"",
        "eyJ",
        "eyJhIjoxfQ ",
        "bearer A1b",
        "sk_live_A1",
        "52.1234,13.1234 ",
        "tel 030 1234567 ",
        "tel ",
        "email=a&",
        "\u00e9\uff10",
        "\uff0b\uff14\uff19\u3000",
        "a-1_",
        "abcdefghijkl_",
        "Bearer abcdefghijkl1_",
        "x@",
        "\\\"a@b.cd",
        "aaaaaaaa.",
        "a:b:c::",
        "0 ",
        "9) ",
        "(0) ",
        "1\u00a0",
        "[a@",
        "a@[1.",
        "12,1.1234 ",
        "{\\\"a\\\":",
        "12345678A"
    })
    public String input;

    /** Bytes of each string. */
    @Param({"262144", "200"})
    public int string;

    private final Scanner scanner = new Scanner();
    private final Scrubber scrubber = new Scrubber(new Rules(Policy.strict()), null);
    private final MarkedCopy copy = new MarkedCopy(scrubber);
    private byte[] body;
    private int length;
    private byte[] dst;

    @Setup
    public void setUp() {
        StringBuilder text = new StringBuilder("[");
        byte[] unit = input.getBytes(StandardCharsets.UTF_8);
        for (int left = BYTES; left > 0; left -= string) {
            text.append(text.length() > 1 ? ",\"" : "\"")
                    .append(input.repeat(Math.min(left, string) / unit.length))
                    .append('"');
        }
        byte[] bytes = text.append(']').toString().getBytes(StandardCharsets.UTF_8);
        length = bytes.length;
        body = Arrays.copyOf(bytes, length + Scanner.PADDING);
        dst = new byte[scrubber.bound(length) + 64];
    }

    @Benchmark
    public int scrub() {
        scrubber.begin();
        copy.prepare(scanner);
        scanner.reset(body, length);
        if (scanner.document(0) == Scanner.FAILED) {
            throw new IllegalStateException("no JSON at " + scanner.faultOffset());
        }
        return copy.copy(scanner, 0, length, 0, scanner.marks(), NO_ROOT, dst, 0);
    }
}
