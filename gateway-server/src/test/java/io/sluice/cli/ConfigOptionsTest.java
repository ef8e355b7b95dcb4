package io.sluice.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.OptionSpec;

class ConfigOptionsTest {

    @Command
    private static final class Any {
        @Mixin
        private ConfigOptions options;
    }

    private final Any any = new Any();
    private final CommandLine picocli = new CommandLine(any);

    @Test
    void pairsAreUnderstoodAsPicocliDoes() {
        List<String> all = new ArrayList<>();
        for (OptionSpec option : picocli.getCommandSpec().options()) {
            all.add(option.longestName());
            all.add(option.type() == Integer.class ? Integer.toString(all.size()) : "value " + all.size());
            if (option.longestName().equals("--port")) {
                assertThat(option.type()).isEqualTo(Integer.class);
            }
        }
        assertThat(all).contains("--config", "--data", "--port").hasSizeGreaterThan(10);

        for (int i = 0; i <= all.size(); i += 2) {
            // The same options, begun with another.
            List<String> arguments = new ArrayList<>(all.subList(i, all.size()));
            arguments.addAll(all.subList(0, i));
            picocli.parseArgs(arguments.toArray(new String[0]));
            assertThat(ConfigOptions.ofPairs(arguments))
                    .as("%s", arguments)
                    .usingRecursiveComparison()
                    .isEqualTo(any.options);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--port",
                "--port 80 --help",
                "--port x",
                "--port=80",
                "--port 80 --port 80",
                "--data a --data a",
                "--data --port",
                "--data @file",
                "--data 'a'",
                "-c a",
                "--nothing a",
                "a --data"
            })
    void allElseIsLeftToPicocli(String arguments) {
        assertThat(ConfigOptions.ofPairs(List.of(arguments.split(" ")))).isNull();
    }
}
