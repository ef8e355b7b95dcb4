package io.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class OptionsTest {

    @Test
    void whatWasGivenIsPartOfTheCommandThatIsPrinted() {
        assertThat(given(new MillionCommand())).isEmpty();
        assertThat(given(new MillionCommand(), "--encoding", "gzip,zlib", "--seconds", "9", "--write-docs"))
                .as("seconds are told by themselves, and documents change no figure")
                .isEqualTo(" --encoding gzip,zlib");
        assertThat(given(new GrowthCommand(), "--quick", "--capacity", "500000"))
                .isEqualTo(" --capacity 500000");
        assertThat(given(new TuningCommand(), "--variants", "zgc|serial-gc")).isEqualTo(" --variants 'zgc|serial-gc'");
        assertThat(given(new ScenarioCommand(), "burst", "--encoding", "zstd")).isEqualTo(" --encoding zstd");
    }

    @Test
    void whatACommandDoesNotKnowIsRefused() {
        for (String option : List.of("--rounds", "--seconds", "--warmup")) {
            assertThat(new CommandLine(new BoundsCommand())
                            .setErr(new PrintWriter(new StringWriter()))
                            .execute("--root", ".", "--class-path", "gateway.jar", option, "3"))
                    .as(option)
                    .isEqualTo(CommandLine.ExitCode.USAGE);
        }
        assertThat(new CommandLine(new ProfileCommand())
                        .setErr(new PrintWriter(new StringWriter()))
                        .execute("--root", ".", "--class-path", "gateway.jar", "--rounds", "3"))
                .isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(new CommandLine(new GrowthCommand())
                        .setErr(new PrintWriter(new StringWriter()))
                        .execute("--root", ".", "--class-path", "gateway.jar", "--points=idle", "--write-docs"))
                .as("some points do not replace all")
                .isEqualTo(CommandLine.ExitCode.USAGE);
    }

    private static String given(Object command, String... arguments) {
        List<String> all = new ArrayList<>(List.of("--root", ".", "--class-path", "gateway.jar"));
        all.addAll(List.of(arguments));
        return Options.given(new CommandLine(command).parseArgs(all.toArray(String[]::new)));
    }
}
