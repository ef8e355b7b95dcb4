package io.sluice.prove;

import java.time.Duration;
import java.util.List;

/**
 * What came of a row.
 *
 * @param figures what the oracle found; {@code null} if the row did not come so far
 * @param recovery the longest time from the end of a fault to full rate and no backlog; {@code null} if that never came
 * @param stall the longest time without an ack
 * @param notes what the fault did, in words
 * @param problems why the row is not good; empty if it is
 * @param chart of the load, {@code null} if there was none
 */
record Outcome(
        Row row,
        Figures figures,
        Duration recovery,
        Duration stall,
        List<String> notes,
        List<String> problems,
        Timeline chart) {

    /**
     * @param delivered different events found; a duplicate is a record of an event beyond its first
     * @param reconciled what manifests and journal say of the objects
     */
    record Figures(
            long sent,
            long acked,
            long delivered,
            long lost,
            long duplicates,
            long allowed,
            long phantom,
            Reconciled reconciled) {}

    boolean good() {
        return problems.isEmpty();
    }
}
