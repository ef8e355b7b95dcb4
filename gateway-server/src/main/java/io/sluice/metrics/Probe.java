package io.sluice.metrics;

/** Every distribution that the gateway records, with unit and meaning. */
public enum Probe {
    SYNC("sluice.journal.sync", "nanoseconds", "Time of one fdatasync"),
    COMMIT_WAIT("sluice.commit.wait", "nanoseconds", "Time from the publishing of a ticket to its return"),
    COMMIT_TICKETS("sluice.commit.tickets", "tickets", "Tickets in one commit"),
    REQUEST("sluice.requests.time", "nanoseconds", "Time from the last byte of a request to its answer"),
    FIREHOSE_CALL("sluice.firehose.call", "nanoseconds", "Time of one PutRecordBatch call");

    private final String metric;
    private final String unit;
    private final String help;

    Probe(String metric, String unit, String help) {
        this.metric = metric;
        this.unit = unit;
        this.help = help;
    }

    public String metric() {
        return metric;
    }

    public String unit() {
        return unit;
    }

    public String help() {
        return help;
    }
}
