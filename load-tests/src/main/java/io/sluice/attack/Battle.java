package io.sluice.attack;

import io.sluice.ladder.MachineUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One attack on one gateway: peace, the attack, peace again. One thread. */
final class Battle {

    /**
     * How long each part goes on, in seconds.
     *
     * @param warm the most for the compilers to come to rest, since nobody's gateway is cold for long
     * @param peace measured before, and once more behind
     * @param calm for what was under way when the attack ended, and for the kernel to take up what it had turned away
     */
    record Rhythm(double warm, double peace, double attack, double calm) {

        static Rhythm of(double attack) {
            return new Rhythm(8, 2, attack, 2);
        }
    }

    /** Fewer than the limit of connections of one address would let one attacker have. */
    private static final int ADDRESSES = 500;

    /** For good clients to have their first connections. */
    private static final double SETTLING_SECONDS = 0.5;

    private final Installed installed;
    private final Attack attack;
    private final double rate;
    private final int clients;
    private final Rhythm rhythm;

    Battle(Installed installed, Attack attack, double rate, int clients, Rhythm rhythm) {
        this.installed = installed;
        this.attack = attack;
        this.rate = rate;
        this.clients = clients;
        this.rhythm = rhythm;
    }

    Outcome fight(Path work) throws Exception {
        clear(work);
        Outcome outcome = fought(work);
        if (outcome.held()) {
            clear(work);
        }
        return outcome;
    }

    private Outcome fought(Path work) throws Exception {
        try (Gateway gateway = new Gateway(installed, work)) {
            Warming.warm(gateway, rhythm.warm());
            return fought(gateway);
        }
    }

    private Outcome fought(Gateway gateway) throws Exception {
        try (GoodClients good = new GoodClients(gateway.port(), clients, rate);
                Memory memory = new Memory(gateway)) {
            sleep(SETTLING_SECONDS);
            good.turn();
            MachineUse began = MachineUse.now();
            sleep(rhythm.peace());
            GoodClients.Seen before = good.turn();
            memory.turn();
            Field field = new Field(
                    gateway.port(), gateway.tlsPort(), System.nanoTime() + (long) (rhythm.attack() * 1e9), ADDRESSES);
            attack.means().on(field);
            while (!field.isOver()) {
                field.pause(100);
            }
            GoodClients.Seen during = good.turn();
            sleep(rhythm.calm());
            good.turn();
            sleep(rhythm.peace());
            GoodClients.Seen after = good.turn();
            double taken = MachineUse.now().since(began).stolenShare();
            long peak = memory.turn();
            good.end();
            boolean alive = gateway.isAlive();
            // What is still in flight when the last good client has gone is answered or abandoned.
            sleep(0.5);
            return new Outcome(
                    attack,
                    before,
                    during,
                    after,
                    field.connections(),
                    field.refused(),
                    peak,
                    alive,
                    alive ? gateway.brokenLaws() : "",
                    taken,
                    List.of());
        }
    }

    private static void sleep(double seconds) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep((long) (seconds * 1e9));
    }

    private static void clear(Path work) throws IOException {
        if (!Files.exists(work)) {
            return;
        }
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(work)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.deleteIfExists(path);
        }
    }
}
