package io.sluice.metrics;

/** Every value that the gateway shows as it is now, with unit and meaning. Each is read from its owner on demand. */
public enum Gauge {
    CONNECTIONS("sluice.connections.open", "connections", "Connections open now"),
    REQUESTS_IN_FLIGHT("sluice.requests.in.flight", "requests", "Requests read and not yet answered"),
    REQUESTS_WAITING(
            "sluice.requests.waiting",
            "requests",
            "Requests that wait for room in the ring; their connections are not read from"),
    ADMISSION_REFUSED(
            "sluice.admission.refused",
            "ratio",
            "Share of the work that is refused now because delay lasts, by the loop that refuses most"),
    EVENTS_UNDER_WAY("sluice.events.under.way", "events", "Events staged, or in tickets that have not come back"),
    JOURNAL_BYTES("sluice.journal.size", "bytes", "Bytes that the journal takes up on disk"),
    JOURNAL_FREE_SEGMENTS(
            "sluice.journal.segments.free",
            "segments",
            "Segments that can be written before the disk or the limit is full"),
    JOURNAL_KEPT_BYTES(
            "sluice.journal.kept", "bytes", "Segments that are delivered and stay until their space is needed"),
    JOURNAL_KEPT_SECONDS(
            "sluice.journal.kept.age",
            "seconds",
            "How long the oldest of these has been delivered, 0 if there is none"),
    JOURNAL_PENDING_MANIFESTS(
            "sluice.journal.manifests.pending", "manifests", "Manifests of delivered blocks that are not delivered"),
    JOURNAL_PENDING_RECORDS("sluice.journal.pending", "records", "Durable lines not yet delivered"),
    JOURNAL_UNSYNCED_SECONDS(
            "sluice.journal.unsynced.age",
            "seconds",
            "Since when an answered line waits for its sync, with commit.ack: written; else 0"),
    OLDEST_UNDELIVERED_SECONDS(
            "sluice.delivery.oldest.age", "seconds", "Age of the oldest line that is not yet delivered"),
    FIREHOSE_WINDOW_BYTES("sluice.firehose.window", "bytes", "Blocks taken from the journal and not settled"),
    FIREHOSE_STREAMS_OPEN("sluice.firehose.streams.open", "streams", "Streams that take blocks"),
    FIREHOSE_STREAMS_PAUSED("sluice.firehose.streams.paused", "streams", "Streams paused after failures, and probed"),
    FIREHOSE_STREAMS_REFUSED(
            "sluice.firehose.streams.refused", "streams", "Streams not used because of their settings, or missing"),
    FIREHOSE_STREAMS_UNCHECKED(
            "sluice.firehose.streams.unchecked", "streams", "Streams used although their settings could not be read"),
    FIREHOSE_PACE("sluice.firehose.pace", "bytes", "Bytes that all open streams are sent in a second at most, now"),
    OPEN_BLOCKS("sluice.blocks.open", "blocks", "Blocks under way in the encoders"),
    CLOCK_SKEW_MILLIS("sluice.clock.skew", "milliseconds", "How far the wall clock stands behind the received time"),
    SHOPS_STALE_SECONDS(
            "sluice.shops.stale.age",
            "seconds",
            "How long the files of shops and policies have been other than what is in use, 0 if they are not"),
    PSEUDONYM_SECONDS(
            "sluice.pseudonyms.left",
            "seconds",
            "Until values are removed that policies hash, unless the next secret comes; +Inf if none are hashed"),
    TLS_CERTIFICATE_SECONDS(
            "sluice.tls.certificate.left",
            "seconds",
            "Until the first certificate for TLS expires; below 0 since then, nothing without TLS"),
    TLS_REFUSED_FILES(
            "sluice.tls.refused.files",
            "files",
            "Files for TLS that were not taken when they were read last, so that what they held before is in use"),
    ADMIN_TOKEN_REFUSED(
            "sluice.admin.token.refused",
            "boolean",
            "1 if the file of the admin port's token held none when it was read last, so that the one before is in use"),
    READY("sluice.ready", "boolean", "1 if new beacons are taken");

    private final String metric;
    private final String unit;
    private final String help;

    Gauge(String metric, String unit, String help) {
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
