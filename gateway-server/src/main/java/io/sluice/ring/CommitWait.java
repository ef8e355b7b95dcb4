package io.sluice.ring;

/** What the committer does while there is nothing to commit. */
public enum CommitWait {
    /** It sleeps, and a publisher wakes it: nothing at idle, and two system calls a wake-up. */
    PARK,
    /** It looks again and again, and lets whoever is ready have its processor in between. */
    YIELD,
    /** It looks again and again: the shortest wait, and a whole processor at any load. */
    SPIN
}
