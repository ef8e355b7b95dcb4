package io.sluice.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.aws.Client;
import io.sluice.ladder.Figures;
import io.sluice.ladder.MachineUse;
import io.sluice.ladder.ResultLine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ClientsTest {

    private static List<String> printed(double nanos) {
        List<String> lines = new ArrayList<>();
        Map.of("caller", 1.0, "loops", 0.5, "gc", 0.1, "other", 0.4, "allocated", 7.0, "rate", 200.0)
                .forEach((name, value) ->
                        lines.add("RESULT name=sdk-" + name + " value=" + value * nanos + " unit=any"));
        lines.add("RESULT name=sdk-sha256 value=0.6 unit=ns/B");
        lines.add("RESULT name=sdk-base64 value=0.1 unit=ns/B");
        return lines;
    }

    /** Rounds of 1, 5 and 2 times as much, and every client twice as much as the one before it. */
    private static Figures race() {
        Figures figures = new Figures();
        for (double round : new double[] {1, 5, 2}) {
            for (int bytes : Clients.SIZES) {
                double nanos = round;
                for (Client client : Client.values()) {
                    Clients.add(figures, client, bytes, printed(nanos));
                    nanos *= 2;
                }
            }
        }
        return figures;
    }

    @Test
    void everyClientHasALineOfMediansForEachSize() {
        List<String> lines = Clients.results(race()).lines().toList();

        assertThat(lines).hasSize(Client.values().length * Clients.SIZES.size());
        assertThat(ResultLine.value(lines, "clients-ours-1000000")).isEqualTo(4);
        assertThat(ResultLine.value(lines, "clients-sdk-netty-2000")).isEqualTo(8);
        assertThat(ResultLine.field(lines, "clients-sdk-netty-2000", "us_a_call"))
                .isEqualTo("16.0");
        assertThat(ResultLine.field(lines, "clients-ours-2000", "caller")).isEqualTo("2.000");
        assertThat(ResultLine.field(lines, "clients-ours-2000", "loops")).isEqualTo("1.000");
    }

    @Test
    void whatNeitherTheClientNorTheLabTookOthersDid() {
        Figures figures = new Figures();
        List<String> printed = List.of("RESULT name=sdk-process value=5.5 unit=s");
        Clients.addOthers(
                figures, new MachineUse(12_000_000_000L, 7_000_000_000L, 1_000_000_000L), 3_500_000_000L, printed);
        assertThat(figures.of("others")).isEqualTo(0.15);

        Clients.addOthers(figures, new MachineUse(8_000_000_000L, 12_000_000_000L, 0), 3_500_000_000L, printed);
        assertThat(figures.last("others")).isZero();
    }

    @Test
    void tablesHaveNanosecondsAByteOfLargeCallsAndMicrosecondsOfSmallOnes() {
        String table = Clients.table(race());

        assertThat(table)
                .contains(
                        "| **our body and signature, netty-nio-client** | 2.00 | 1.00 | 0.20 | 0.80 | 4.00 | 14.00 | 400 |")
                .contains("| SDK's module, aws-crt | 8.00 | 4.00 | 0.80 | 3.20 | 16.00 | 56.00 | 1,600 |")
                .contains("| **our body and signature, netty-nio-client** | 4 | 2 | 0 | 2 | 8 | 28.00 | 200,000 |")
                .contains("alone: 0.90 ns a byte");
    }
}
