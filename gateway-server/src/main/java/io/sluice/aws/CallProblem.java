package io.sluice.aws;

/** Why a whole call failed, told apart by what the caller does next. */
public enum CallProblem {
    /** More than the quota allows. Nothing was taken: send less, and again. */
    THROTTLED,
    /** No answer, or one that proves nothing: what was sent may have been taken. Send it again. */
    UNKNOWN,
    /** Nothing left this machine: no connection, no credentials, no region. Send it again, later. */
    UNSENT,
    /** What was sent will never be taken. Find out which part of it, and set that aside. */
    INVALID,
    /**
     * What it was sent to takes nothing: permission, key or signature. Nothing was taken: try elsewhere, and ask again.
     */
    DENIED,
    /** What it was sent to does not exist. Nothing was taken: try elsewhere, and ask again. */
    GONE
}
