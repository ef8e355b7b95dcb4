package io.sluice.ring;

/**
 * Settings of the waist.
 *
 * @param tickets tickets in the pool of each producer: its credits, one of them kept for seals
 * @param bytes bytes of frames that all producers together may have in flight
 * @param commitWait how the committer waits for tickets
 */
public record RingConfig(int tickets, int bytes, CommitWait commitWait) {

    /** What the committer does while there is nothing to commit. */
    public enum CommitWait {
        /** It sleeps, and a publisher wakes it: nothing at idle, and two system calls a wake-up. */
        PARK,
        /** It looks again and again, and lets whoever is ready have its processor in between. */
        YIELD,
        /** It looks again and again: the shortest wait, and a whole processor at any load. */
        SPIN
    }
}
