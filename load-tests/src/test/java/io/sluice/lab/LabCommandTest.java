package io.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

final class LabCommandTest {

    @Test
    void withoutOptionsTheStreamsAreThoseOfTheGateway() {
        LabConfig config = config();
        assertThat(names(config)).containsExactly("sluice-events", "sluice-rejected", "sluice-manifests");
        assertThat(config.port()).isEqualTo(4573);
        assertThat(config.host()).isEqualTo("127.0.0.1");
        assertThat(config.quota()).isEqualTo(Quota.ofBytes(5 << 20, 1));
        assertThat(config.retention()).isEqualTo(Duration.ofHours(24));
        assertThat(config.streams().getFirst().bufferInterval()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.streams().getFirst().configuration()).containsEntry("FileExtension", ".jsonl.gz");
    }

    @Test
    void aRangeIsThatManyStreams() {
        LabConfig config = config("--streams", "e-{9..11}=events/,r");
        assertThat(names(config)).containsExactly("e-9", "e-10", "e-11", "r");
        assertThat(config.streams().get(2).configuration()).containsEntry("Prefix", "events/");
        assertThat(config.streams().get(3).configuration()).containsEntry("Prefix", "");
        assertThatThrownBy(() -> config("--streams", "e-{3..1}")).isInstanceOf(ParameterException.class);
    }

    @Test
    void aPrefixMayHoldExpressions() {
        assertThat(names(config("--streams", "a=y=!{timestamp:yyyy}/"))).containsExactly("a");
        assertThatThrownBy(() -> config("--streams", "a=!{partitionKeyFromQuery:x}/"))
                .isInstanceOf(ParameterException.class)
                .hasMessageContaining("expected of !{timestamp:");
    }

    @Test
    void quotasHaveUnits() {
        assertThat(config("--quota", "1MiB", "--burst", "0").quota()).isEqualTo(Quota.ofBytes(1 << 20, 0));
        assertThat(config("--quota", "none").quota().isUnlimited()).isTrue();
        for (String wrong : List.of("5", "0MiB", "MiB", "5MB")) {
            assertThatThrownBy(() -> config("--quota", wrong)).hasMessageContaining(wrong);
        }
    }

    private static LabConfig config(String... options) {
        LabCommand command = new LabCommand();
        new CommandLine(command).parseArgs(options);
        return command.config();
    }

    private static List<String> names(LabConfig config) {
        return config.streams().stream().map(StreamSettings::name).toList();
    }
}
