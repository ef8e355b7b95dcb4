package io.sluice.aws;

/** What became of one record of a call that was answered. */
public sealed interface RecordResult {

    /** @param id what Firehose names it by: some 200 characters of ASCII, empty if it gave none */
    record Taken(String id) implements RecordResult {}

    /** It is to be sent again. */
    enum NotTaken implements RecordResult {
        /** More than the quota allows; it was not taken. */
        THROTTLED,
        /** It failed inside of the service, which may have stored it all the same. */
        UNKNOWN
    }
}
