package io.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.ladder.DocsBlock;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ScenarioTest {

    /** The tests of a module run in its directory. */
    private static final Path SCENARIOS = Path.of("scenarios");

    @TempDir
    private Path directory;

    @Test
    void everyScenarioOfTheProjectCanBeRead() throws IOException {
        List<String> names = Scenario.names(SCENARIOS);
        assertThat(names).contains("million", "latency", "mixed", "burst", "soak");
        for (String name : names) {
            Scenario scenario = Scenario.read(SCENARIOS, name);
            assertThat(scenario.goals()).as(name).isNotEmpty();
            assertThat(scenario.gateway()).as(name).isRegularFile();
            assertThat(scenario.loads(1_000_000).toString()).as(name).doesNotContain("{", "}");
        }
    }

    @Test
    void thereIsAPlaceInTheDocumentationForEachReport() throws IOException {
        String document = Files.readString(Path.of("../docs/PERFORMANCE.md"));
        List<String> commands = new ArrayList<>(List.of("million", "latency", "start", "bounds", "limit"));
        for (String name : Scenario.names(SCENARIOS)) {
            // These two are what the commands of their names run.
            if (!commands.contains(name)) {
                commands.add("scenario " + name);
            }
        }
        for (String command : commands) {
            DocsBlock block = DocsBlock.of("scripts/bench " + command);
            assertThat(document).containsOnlyOnce(block.begin()).containsOnlyOnce(block.end());
        }
    }

    @Test
    void whatWarmsIsTheFirstLoadUnlessItIsSaid() throws IOException {
        write("load = --rate {0.5}\nload.2 = --rate 7\nwarm = 30");
        assertThat(Scenario.read(directory, "mine").warmOptions(1_000)).containsExactly("--rate", "500");
        write("load = --rate {0.5}\nwarm = 30\nwarm-load = --rate {2} --batch 1");
        Scenario scenario = Scenario.read(directory, "mine");
        assertThat(scenario.warmOptions(1_000)).containsExactly("--rate", "2000", "--batch", "1");
        assertThat(scenario.warmed(9, "--flat-out").warmOptions(1_000)).containsExactly("--flat-out");
        assertThat(scenario.warmed(9, "--flat-out").warm()).isEqualTo(9);
    }

    @Test
    void theHeadlineIsFlatOutAndNeedsNoCapacity() throws IOException {
        Scenario million = Scenario.read(SCENARIOS, "million");
        assertThat(million.loads()).singleElement().asString().contains("--flat-out", "--shops 3000");
        assertThat(million.needsCapacity()).isFalse();
        assertThat(million.goals().getFirst()).isEqualTo(new Goal("rate", true, 1_000_000));
        assertThat(List.of(million.warmup(), million.seconds())).containsExactly(8, 60);
    }

    @Test
    void aLoadWithARateIsToBeTakenUnlessTheGoalSaysOtherwise() throws IOException {
        assertThat(Scenario.read(SCENARIOS, "million").goals()).doesNotContainAnyElementsOf(Goal.RATE_KEPT);
        assertThat(Scenario.read(SCENARIOS, "burst").goals()).containsAll(Goal.RATE_KEPT);
        write("load = --rate {0.5}");
        assertThat(Scenario.read(directory, "mine").goals())
                .startsWith(new Goal("rate", true, 1))
                .hasSize(4);
        write("load = --rate {2}\ngoal = refused >= 1, unsent <= 9");
        assertThat(Scenario.read(directory, "mine").goals())
                .extracting(Goal::figure)
                .containsExactly("refused", "unsent", "unknown");
    }

    @Test
    void partsBecomeRatesAndTimes() throws IOException {
        write("load = --rate {0.5} --ramp {25%s}:{1}..{0.25}");
        Scenario scenario = Scenario.read(directory, "mine").lasting(1, 40);
        assertThat(scenario.needsCapacity()).isTrue();
        assertThat(scenario.loads(800_000).getFirst())
                .containsExactly("--rate", "400000", "--ramp", "10000ms:800000..200000");
        // No ramp is shorter than a second, or nothing would be seen of it.
        assertThat(scenario.lasting(1, 1).loads(8).getFirst()).containsExactly("--rate", "4", "--ramp", "1000ms:8..2");
    }

    @Test
    void faultsAndAGatewayOfItsOwnAreTakenWhereTheyAre() throws IOException {
        Path own = write("load = --flat-out");
        assertThat(Scenario.read(directory, "mine").faults()).isNull();
        assertThat(Scenario.read(directory, "mine").gateway()).isEqualTo(directory.resolve("gateway.yaml"));
        Files.writeString(own.resolve("faults.json"), "{}");
        Files.writeString(own.resolve("gateway.yaml"), "");
        assertThat(Scenario.read(directory, "mine").faults()).isEqualTo(own.resolve("faults.json"));
        assertThat(Scenario.read(directory, "mine").gateway()).isEqualTo(own.resolve("gateway.yaml"));
    }

    @Test
    void faultsMayBeInForceForAPartOfTheTime() throws IOException {
        Scenario down = Scenario.read(SCENARIOS, "firehose-down");
        assertThat(down.down()).isEqualTo(new Downtime(0.15, 0.6));
        assertThat(down.lasting(1, 2).down()).isEqualTo(down.down());
        assertThat(Scenario.read(SCENARIOS, "slow-firehose").down()).isNull();
        write("load = --flat-out\ndown = 10%..20%");
        assertThatThrownBy(() -> Scenario.read(directory, "mine")).hasMessageContaining("expected a faults.json");
    }

    @Test
    void whatIsAboutTheTailWarmsTheGatewayFirst() throws IOException {
        assertThat(Scenario.read(SCENARIOS, "latency").warm()).isEqualTo(60);
        assertThat(Scenario.read(SCENARIOS, "latency").lasting(1, 2).warm()).isEqualTo(60);
        assertThat(Scenario.read(SCENARIOS, "million").warm()).isZero();
        for (String name : Scenario.names(SCENARIOS)) {
            Scenario scenario = Scenario.read(SCENARIOS, name);
            if (scenario.goals().stream().anyMatch(goal -> goal.figure().matches("p[0-9]+_ms"))) {
                assertThat(Math.max(scenario.warm(), scenario.warmup()))
                        .as(name)
                        .isGreaterThanOrEqualTo(60);
            }
        }
    }

    @Test
    void whatHasManyGeneratorsWaitsUntilTheyAreCompiled() throws IOException {
        for (String name : Scenario.names(SCENARIOS)) {
            Scenario scenario = Scenario.read(SCENARIOS, name);
            if (scenario.loads().size() > 2) {
                assertThat(scenario.warmup()).as(name).isGreaterThanOrEqualTo(25);
            }
        }
        assertThat(Scenario.read(SCENARIOS, "mixed").loads()).hasSize(4);
    }

    @Test
    void aRunTooShortForItsGoalsIsRefusedBeforeItBegins() throws IOException {
        assertThat(Scenario.read(SCENARIOS, "soak").leastSeconds()).isEqualTo(5);
        assertThat(Scenario.read(SCENARIOS, "burst").leastSeconds()).isEqualTo(1);
        StringWriter told = new StringWriter();
        int status = new CommandLine(new ScenarioCommand())
                .setErr(new PrintWriter(told))
                .execute("--root", "..", "--class-path", "gateway.jar", "soak", "--seconds", "4", "--capacity", "1");
        assertThat(status).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(told.toString()).contains("--seconds is 4, expected at least 5: a goal of soak compares quarters");
    }

    @Test
    void theLatencyScenarioKeepsObjectsInMemoryProbesTheDiskAndIsNotFlatOut() throws IOException {
        Scenario latency = Scenario.read(SCENARIOS, "latency").lasting(1, 2);
        assertThat(latency.objects()).isEqualTo(Scenario.Objects.MEMORY);
        assertThat(latency.syncProbe()).isEqualTo(50);
        assertThat(latency.isFlatOut()).isFalse();
        Scenario million = Scenario.read(SCENARIOS, "million").with(List.of("--flat-out"));
        assertThat(million.objects()).isEqualTo(Scenario.Objects.DISK);
        assertThat(million.syncProbe()).isZero();
        assertThat(million.isFlatOut()).isTrue();
        write("load = --flat-out\nobjects = tape");
        assertThatThrownBy(() -> Scenario.read(directory, "mine")).hasMessageContaining("objects is 'tape'");
    }

    @Test
    void mistakesAreNamed() throws IOException {
        assertThatThrownBy(() -> Scenario.read(SCENARIOS, "none"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("there is no scenario 'none', expected one of [")
                .hasMessageContaining("million");
        write("load = --flat-out\nlaod.2 = --flat-out");
        assertThatThrownBy(() -> Scenario.read(directory, "mine")).hasMessageContaining("has 'laod.2'");
        write("lab = --quota none");
        assertThatThrownBy(() -> Scenario.read(directory, "mine")).hasMessageContaining("has no 'load'");
        write("load = --flat-out\nseconds = long");
        assertThatThrownBy(() -> Scenario.read(directory, "mine")).hasMessageContaining("seconds is 'long'");
        write("load = --flat-out\noutage = 75%..25%");
        assertThatThrownBy(() -> Scenario.read(directory, "mine")).hasMessageContaining("outage is '75%..25%'");
    }

    @Test
    void anOutageIsAPartOfTheWarmUp() throws IOException {
        write("load = --flat-out\noutage = 25%..75%");
        assertThat(Scenario.read(directory, "mine").outage()).isEqualTo(new Scenario.Outage(0.25, 0.75));
        assertThat(Scenario.read(SCENARIOS, "million").outage()).isNull();
    }

    private Path write(String text) throws IOException {
        Path own = Files.createDirectories(directory.resolve("mine"));
        Files.writeString(own.resolve("scenario.properties"), "title = mine\ngoal = rate >= 1\n" + text);
        return own;
    }
}
