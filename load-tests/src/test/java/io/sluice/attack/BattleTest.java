package io.sluice.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.process.Machine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Attacks on a real gateway, short ones; and that the judge can say no. */
@Timeout(300)
class BattleTest {

    private static final Battle.Rhythm SHORT = new Battle.Rhythm(0.5, 0.5, 3, 0.5);

    @TempDir
    private Path directory;

    @Test
    void attackersAreMetAndGoodClientsServed() throws Exception {
        List<Attack> attacks = new ArrayList<>(Http2Attacks.all());
        attacks.addAll(BodyAttacks.all());
        for (Attack attack : attacks) {
            if (List.of("rapid-reset", "ping-flood", "gzip-bomb").contains(attack.name())) {
                Outcome outcome =
                        new Battle(Installed.here(), attack, 50, 4, SHORT).fight(directory.resolve(attack.name()));

                assertThat(outcome.alive()).isTrue();
                assertThat(outcome.connections()).isPositive();
                assertThat(outcome.refused() > 0).as(attack.name()).isEqualTo(attack.toBeRepelled());
                assertThat(outcome.before().served()).isPositive();
                assertThat(outcome.during().served()).isPositive();
                assertThat(outcome.after().failed()).isZero();
                assertThat(outcome.peakBytes()).isBetween(50L << 20, Outcome.MOST_BYTES);
                assertThat(outcome.brokenLaws()).isEmpty();
            }
        }
    }

    @Test
    void aGatewayThatEndsHasNotHeld() throws Exception {
        Attack deadly = Attack.of("deadly", "ends it", field -> {
            List<ProcessHandle> gateways = ProcessHandle.current().children().toList();
            gateways.forEach(ProcessHandle::destroyForcibly);
        });

        Outcome outcome = new Battle(Installed.here(), deadly, 50, 4, SHORT).fight(directory.resolve("deadly"));

        assertThat(outcome.held()).isFalse();
        assertThat(outcome.faults()).contains("the gateway has ended").anyMatch(fault -> fault.contains("were served"));
        assertThat(directory.resolve("deadly/gateway.log"))
                .as("the log of what failed stays")
                .exists();
        String report =
                Report.markdown(List.of(outcome), "scripts/attack", false, 50, Instant.EPOCH, Machine.here(directory));
        assertThat(report).contains("| `deadly` | ends it |", "**the gateway has ended");
        assertThat(Report.line(outcome)).contains("FAILED: the gateway has ended");
    }

    @Test
    void aFloodThatIsBorneHasNotBeenRepelled() throws Exception {
        Attack borne = Attack.of("borne", "does nothing", field -> {}).repelled();

        Outcome outcome = new Battle(Installed.here(), borne, 50, 4, SHORT).fight(directory.resolve("borne"));

        assertThat(outcome.faults()).contains("no attacker was sent away");
    }

    @Test
    void goodClientsThatWaitTooLongAreCounted() throws Exception {
        Attack slow = Attack.of("nothing", "does nothing", field -> {}).within(-1);

        Outcome outcome = new Battle(Installed.here(), slow, 50, 4, SHORT)
                .fight(Files.createDirectory(directory.resolve("slow")));

        assertThat(outcome.faults()).singleElement().asString().contains("p99 of good requests", "above -1");
    }
}
