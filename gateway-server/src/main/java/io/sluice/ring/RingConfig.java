package io.sluice.ring;

import java.time.Duration;

/**
 * Settings of the waist.
 *
 * @param tickets tickets in the pool of each producer: its credits, one of them kept for seals
 * @param bytes bytes of frames that all producers together may have in flight
 * @param commitWait how the committer waits for tickets
 * @param gather most time from one commit's begin to the next one's where few records come; zero for at once, and so
 *     it is unless the committer parks
 */
public record RingConfig(int tickets, int bytes, CommitWait commitWait, Duration gather) {

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
