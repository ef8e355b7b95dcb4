package io.sluice.aws;

/** What became of one record of a call that was answered. */
public enum RecordResult {
    TAKEN,
    /** More than the quota allows; it was not taken. */
    THROTTLED,
    /** It failed inside of the service, which may have stored it all the same. */
    UNKNOWN
}
