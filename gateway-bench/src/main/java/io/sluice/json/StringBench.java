package io.sluice.json;

import io.sluice.intake.CpuTime;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The race for the scanner's inner loop: the strings of a body by a table, by words and by vectors. One operation is
 * one body; its record is a string. What all of them have to do besides is the filter's question and its mark.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class StringBench {

    /** Which strings. */
    public enum Text {
        /** Every value of the traffic's that is a string. */
        TRAFFIC,
        /** Those of fewer than 16 bytes. */
        SHORT,
        /** User agents and addresses of pages. */
        LONG
    }

    @Param
    public Text text;

    private Strings[] bodies;
    private int next;

    /** What a benchmark does not run, its JVM does not load: one of them needs a module that the others lack. */
    @State(Scope.Thread)
    public static class Words {
        private final StringScan scan = new StringsByWords();
    }

    @State(Scope.Thread)
    public static class Table {
        private final StringScan scan = new StringsByTable();
    }

    @State(Scope.Thread)
    public static class Vectors {
        private final StringScan scan = new StringsByVectors();
    }

    @Setup
    public void setUp() {
        List<Strings> all = switch (text) {
            case TRAFFIC -> Strings.ofTraffic();
            case SHORT -> Strings.ofTrafficShort();
            case LONG -> Strings.ofAgentsAndUrls();
        };
        bodies = all.toArray(Strings[]::new);
    }

    @Benchmark
    public int words(CpuTime time, Words words) {
        return scan(time, words.scan);
    }

    @Benchmark
    public int table(CpuTime time, Table table) {
        return scan(time, table.scan);
    }

    @Benchmark
    @Fork(jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
    public int vectors(CpuTime time, Vectors vectors) {
        return scan(time, vectors.scan);
    }

    private int scan(CpuTime time, StringScan scan) {
        next = next + 1 == bodies.length ? 0 : next + 1;
        Strings body = bodies[next];
        time.records += body.gaps().length;
        return body.scan(scan);
    }
}
