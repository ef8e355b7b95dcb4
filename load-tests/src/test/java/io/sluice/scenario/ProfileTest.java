package io.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.ladder.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProfileTest {

    private static final Stage.Frame LOOP = frame("io.sluice.http.HttpServer", "run");
    private static final Stage.Frame INTAKE = frame("io.sluice.intake.LoopIntake", "take");
    private static final Stage.Frame SIEVE = frame("io.sluice.privacy.Sieve", "find");
    private static final Stage.Frame COPY = frame("java.lang.System", "arraycopy");
    private static final Stage.Frame SEND = new Stage.Frame("io.netty.channel.unix.Socket", "send", true);

    /** Of benchmarks of a stage alone, which have a profiler of their own (-prof). */
    private static final List<String> WITHOUT_A_LOAD = List.of("jmh-allocated");

    @TempDir
    private Path directory;

    private static Stage.Frame frame(String type, String method) {
        return new Stage.Frame(type, method, false);
    }

    @Test
    void theInnermostFrameOfOursTellsTheStage() {
        assertThat(Stage.of(Role.LOOPS, List.of(COPY, SIEVE, INTAKE, LOOP))).isEqualTo(Stage.SCRUB);
        assertThat(Stage.of(Role.LOOPS, List.of(COPY, INTAKE, LOOP))).isEqualTo(Stage.FLUSH);
        assertThat(Stage.of(Role.LOOPS, List.of(frame("io.sluice.record.LineBuffer", "put"), LOOP)))
                .isEqualTo(Stage.LINES);
        assertThat(Stage.of(Role.LOOPS, List.of(frame("io.sluice.record.FastDeflate", "match"), LOOP)))
                .isEqualTo(Stage.ENCODE);
        assertThat(Stage.of(Role.COMMITTER, List.of(frame("io.sluice.journal.Committer", "run"))))
                .isEqualTo(Stage.COMMIT);
        assertThat(Stage.of(Role.DELIVERY, List.of(frame("io.sluice.journal.LookAhead", "next"))))
                .isEqualTo(Stage.DELIVER);
        assertThat(Stage.of(Role.LOOPS, List.of(frame("io.netty.util.Recycler", "get"))))
                .isEqualTo(Stage.HTTP);
        assertThat(Stage.of(Role.OTHER, List.of())).isEqualTo(Stage.OTHER);
    }

    @Test
    void aNativeMethodOnTopIsTheKernels() {
        assertThat(Stage.of(Role.LOOPS, List.of(SEND, LOOP))).isEqualTo(Stage.SOCKETS);
        assertThat(Stage.of(
                        Role.COMMITTER,
                        List.of(
                                new Stage.Frame("sun.nio.ch.UnixFileDispatcherImpl", "force0", true),
                                frame("io.sluice.storage.DiskFile", "sync"))))
                .isEqualTo(Stage.DISK);
        assertThat(Stage.of(Role.COMMITTER, List.of(new Stage.Frame("jdk.internal.misc.Unsafe", "park", true))))
                .isEqualTo(Stage.SLEEP);
        // A library of ours, through JNI.
        assertThat(Stage.of(
                        Role.LOOPS,
                        List.of(
                                new Stage.Frame("com.github.luben.zstd.ZstdCompressCtx", "compress", true),
                                frame("io.sluice.record.ZstdEncoder", "add"))))
                .isEqualTo(Stage.ENCODE);
    }

    @Test
    void whoeverAsksForAClassIsNotToBlame() {
        assertThat(Stage.of(
                        Role.OTHER,
                        List.of(frame("java.lang.ClassLoader", "defineClass1"), frame("io.sluice.json.Json", "read"))))
                .isEqualTo(Stage.CLASSES);
    }

    @Test
    void aPageHasSharesByStagePackageAndMethod() {
        Profile profile = new Profile();
        for (int i = 0; i < 3; i++) {
            profile.add(Role.LOOPS, List.of(SIEVE, LOOP));
        }
        profile.add(Role.LOOPS, List.of(SEND, LOOP));
        String page =
                profile.text(new Waiting(Map.of(Role.LOOPS, new Waiting.Time(500_000_000, 250_000_000, 1_000))), 1);
        assertThat(page.lines())
                .contains(
                        "| loops | 50.0 % | 25.0 % | 1,000 | 250 |",
                        "| scrub: find what is personal | 75.0 % | **75.0 %** |",
                        "| kernel: sockets | 25.0 % | **25.0 %** |",
                        "## loops: 100.0 % of all",
                        "| io.sluice.privacy | 75.0 % |",
                        "| `io.netty.channel.unix.Socket.send` | 25.0 % |");
        assertThat(page.lines().filter(line -> line.startsWith("| commit |"))).isEmpty();
    }

    @Test
    void whatThreadsWaitedIsReadAsItWasWritten() throws IOException {
        assertThat(Waiting.parse("262101 470282 4\n")).isEqualTo(new Waiting.Time(262_101, 470_282, 4));
        Waiting before = new Waiting(Map.of(Role.LOOPS, new Waiting.Time(10, 20, 1)));
        Waiting behind =
                new Waiting(Map.of(Role.LOOPS, new Waiting.Time(15, 50, 3), Role.COMMITTER, new Waiting.Time(1, 2, 3)));
        Path file = Files.writeString(
                directory.resolve("waiting"), behind.since(before).toString());
        assertThat(Waiting.read(file).times())
                .isEqualTo(Map.of(Role.LOOPS, new Waiting.Time(5, 30, 2), Role.COMMITTER, new Waiting.Time(1, 2, 3)));
    }

    @Test
    void classesAreCountedByWhereTheyComeFrom() {
        assertThat(ProfileCommand.classes(List.of(
                        "[0.010s] java.lang.Object source: shared objects file",
                        "[0.120s] io.sluice.bootstrap.Main source: shared objects file (top)",
                        "[0.130s] io.sluice.json.Json source: file:/a/server.jar",
                        "[0.140s] io.sluice.json.Json$$Lambda/0x1 source: io.sluice.json.Json")))
                .contains("120 ms", "2 classes come from the cache", "1 are parsed", "1 made on the way");
    }

    @Test
    void eachProfileOfAGoalHasAPage() {
        Path docs = Path.of("..", "docs", "profiles");
        assertThat(Stream.of(Profiled.values()).map(one -> docs.resolve(one.word() + ".md")))
                .allMatch(Files::exists);
        for (Headline.Row row : Headline.ROWS) {
            // The first name is the one that the link goes by.
            String name = row.names().getFirst();
            if (row.goal() < 9 && !WITHOUT_A_LOAD.contains(name)) {
                assertThat(Profiled.of(name)).as(row.what()).isNotNull();
            } else {
                assertThat(Profiled.of(name)).as(row.what()).isNull();
            }
        }
    }
}
