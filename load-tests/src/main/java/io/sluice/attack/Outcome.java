package io.sluice.attack;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What came of one attack.
 *
 * @param connections that attackers had
 * @param refused those of their connections that were not taken, or ended by the gateway
 * @param peakBytes the most memory that the gateway had
 * @param alive whether the gateway still ran at the end
 * @param brokenLaws of its counters, in words
 * @param taken by the host meanwhile, for other machines, of all processors: 0 to 1
 * @param earlier what came of it before, and counts for nothing; see {@link #isDoubtful}
 */
record Outcome(
        Attack attack,
        GoodClients.Seen before,
        GoodClients.Seen during,
        GoodClients.Seen after,
        long connections,
        long refused,
        long peakBytes,
        boolean alive,
        String brokenLaws,
        double taken,
        List<Outcome> earlier) {

    /** Of good requests, meanwhile. A connection that hits a full queue of the kernel's tries again after a second. */
    static final double LEAST_SHARE = 0.99;

    static final long MOST_BYTES = 700L << 20;

    /** Of the processors. With more, good requests wait for the host in peace, too. */
    static final double MOST_TAKEN = 0.05;

    /** Everything that is not as it should be; empty if it held. */
    List<String> faults() {
        List<String> faults = new ArrayList<>(faultsOfTheGateway());
        faults.addAll(faultsOfTime());
        return faults;
    }

    private List<String> faultsOfTheGateway() {
        List<String> faults = new ArrayList<>();
        if (!alive) {
            faults.add("the gateway has ended");
        }
        if (attack.toBeRepelled() && refused == 0) {
            faults.add("no attacker was sent away");
        }
        if (peakBytes > MOST_BYTES) {
            faults.add(String.format(Locale.ROOT, "%d MiB, above %d", peakBytes >> 20, MOST_BYTES >> 20));
        }
        if (!brokenLaws.isEmpty()) {
            faults.add(brokenLaws);
        }
        return faults;
    }

    /** Those that a host makes, too, that gives the gateway no time. */
    private List<String> faultsOfTime() {
        List<String> faults = new ArrayList<>();
        if (during.share() < LEAST_SHARE) {
            faults.add(String.format(Locale.ROOT, "only %.1f %% of good requests were served", 100 * during.share()));
        }
        if (during.millisAt(99) > attack.most()) {
            faults.add(String.format(
                    Locale.ROOT, "p99 of good requests %.0f ms, above %d", during.millisAt(99), attack.most()));
        }
        if (after.share() < 1) {
            faults.add("good requests failed when it was over: " + after.failed());
        }
        return faults;
    }

    boolean held() {
        return faults().isEmpty();
    }

    /** Whether all that is wrong may be the doing of the host, which took much of the processors meanwhile. */
    boolean isDoubtful() {
        return !held() && faultsOfTheGateway().isEmpty() && taken > MOST_TAKEN;
    }

    /** The same, of an attack that was fought again since this one was doubtful. */
    Outcome behind(Outcome doubtful) {
        List<Outcome> all = new ArrayList<>(doubtful.earlier);
        all.add(doubtful);
        return new Outcome(
                attack, before, during, after, connections, refused, peakBytes, alive, brokenLaws, taken, all);
    }

    /** In words, with what came of it before. */
    String verdict() {
        StringBuilder text = new StringBuilder(held() ? "held" : String.join("; ", faults()) + host(taken));
        for (Outcome doubtful : earlier) {
            text.append("; before: ").append(String.join("; ", doubtful.faults()));
            text.append(host(doubtful.taken));
        }
        return text.toString();
    }

    private static String host(double taken) {
        return taken > MOST_TAKEN ? String.format(Locale.ROOT, ", while the host took %.0f %%", 100 * taken) : "";
    }
}
