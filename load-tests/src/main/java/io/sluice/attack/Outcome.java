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
        String brokenLaws) {

    /** Of good requests, meanwhile. A connection that hits a full queue of the kernel's tries again after a second. */
    static final double LEAST_SHARE = 0.99;

    static final long MOST_BYTES = 700L << 20;

    /** Everything that is not as it should be; empty if it held. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        if (!alive) {
            faults.add("the gateway has ended");
        }
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

    boolean held() {
        return faults().isEmpty();
    }
}
