package io.sluice.oracle;

import java.util.ArrayList;
import java.util.List;

/**
 * What the oracle counts. Filled by the passes; one thread.
 *
 * <pre>
 *   acked = lost + acked and found
 *   found = acked and found + unacked
 *   records = found + duplicates + phantom + foreign
 *   duplicates = redelivered + resent
 * </pre>
 */
final class Verdict {

    /** Examples that are kept of what is wrong. */
    private static final int EXAMPLES = 10;

    /** Numbers that were sent, or may have been if a run did not end in order. */
    long sent;

    long acked;
    /** Different events of these runs, that were sent, in the objects. */
    long found;
    /** Acked, and in no object. */
    long lost;
    /** Found, though the client was never told so: refused, or unanswered. */
    long unacked;
    /** Records of an event beyond its first. */
    long duplicates;
    /** Duplicates with the position of another: delivered twice. */
    long redelivered;
    /** Duplicates with positions of their own: the client sent them again. */
    long resent;
    /** Records with an id of these runs that was never sent. */
    long phantom;
    /** Records without an id of these runs. */
    long foreign;

    long objects;
    long records;
    int passes;
    boolean allEnded = true;
    final List<String> damaged = new ArrayList<>();
    final List<String> losses = new ArrayList<>();
    final List<String> phantoms = new ArrayList<>();

    void lostRange(String range) {
        if (losses.size() < EXAMPLES) {
            losses.add(range);
        }
    }

    void phantoms(long records, String which) {
        phantom += records;
        if (phantoms.size() < EXAMPLES) {
            phantoms.add(which);
        }
    }

    boolean good() {
        return lost == 0 && phantom == 0 && damaged.isEmpty();
    }

    String line() {
        return "sent=" + sent + " acked=" + acked + " found=" + found + " lost=" + lost + " duplicates=" + duplicates
                + " phantom=" + phantom;
    }

    String result() {
        return "RESULT name=oracle " + line() + " redelivered=" + redelivered + " resent=" + resent + " unacked="
                + unacked + " foreign=" + foreign + " damaged=" + damaged.size() + " objects=" + objects + " records="
                + records + " passes=" + passes;
    }
}
