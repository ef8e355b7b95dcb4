package io.sluice.load.acks;

/**
 * What a file of acks says of its run.
 *
 * @param run its name, which is in every id; see {@link EventId}
 * @param startedMillis when it began, epoch milliseconds
 * @param seed what its traffic was made from
 */
public record AckHead(String run, long startedMillis, long seed) {

    public AckHead {
        if (!EventId.isRun(run)) {
            throw new IllegalArgumentException("a run is named by 8 of 0-9 a-z, not by \"" + run + '"');
        }
    }
}
