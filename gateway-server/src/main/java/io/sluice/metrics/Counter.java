package io.sluice.metrics;

/**
 * Every count that the gateway keeps, with unit and meaning. Each only grows, and has one writer a {@link Cells}.
 *
 * <p>The laws that they satisfy, at every moment when nothing is in flight, and within what is in flight otherwise:
 *
 * <pre>
 *   requests   received = answered + in flight + abandoned
 *   events     decoded = accepted + rejected
 *   lines      accepted + rejected = journalled + unkept + under way
 *   delivery   journalled + recovered = delivered + parked + pending, for each destination
 * </pre>
 */
public enum Counter {
    REQUESTS_RECEIVED("sluice.requests.received", "requests", "Requests whose head was read"),
    REQUESTS_2XX("sluice.requests.answered", "requests", "Requests answered, by class of status", "status", "2xx"),
    REQUESTS_4XX("sluice.requests.answered", "requests", "Requests answered, by class of status", "status", "4xx"),
    REQUESTS_5XX("sluice.requests.answered", "requests", "Requests answered, by class of status", "status", "5xx"),
    REQUESTS_ABANDONED(
            "sluice.requests.abandoned",
            "requests",
            "Requests whose connection closed, or whose stream was reset, before they were answered"),
    REQUESTS_HTTP2("sluice.requests.http2", "requests", "Requests received over HTTP/2"),
    BULK_REQUESTS(
            "sluice.requests.bulk",
            "requests",
            "Requests that would have held up their loop, and were decoded on the bulk worker"),
    REQUEST_BYTES("sluice.requests.bytes", "bytes", "Bytes of request bodies and query strings that were decoded"),
    CONNECTIONS_OPENED("sluice.connections.opened", "connections", "Connections accepted"),
    CONNECTIONS_CLOSED("sluice.connections.closed", "connections", "Connections closed, by either side"),
    CONNECTIONS_GAVE_WAY(
            "sluice.connections.gave.way",
            "connections",
            "Connections closed that were idle, to keep places for new ones"),
    CONNECTIONS_HTTP2("sluice.connections.http2", "connections", "Connections that spoke HTTP/2"),
    PROXY_HEADERS_MALFORMED(
            "sluice.connections.proxy.malformed",
            "connections",
            "Connections closed because they did not begin with a header of the PROXY protocol"),
    LIMIT_CONNECTIONS(
            "sluice.limits.reached", "times", "Times that a limit was reached, by limit", "limit", "connections"),
    LIMIT_ADDRESS_CONNECTIONS(
            "sluice.limits.reached",
            "times",
            "Times that a limit was reached, by limit",
            "limit",
            "connections-per-address"),
    LIMIT_FIRST_BYTE(
            "sluice.limits.reached", "times", "Times that a limit was reached, by limit", "limit", "first-byte-time"),
    LIMIT_HEADER_TIME(
            "sluice.limits.reached", "times", "Times that a limit was reached, by limit", "limit", "header-time"),
    LIMIT_BODY_TIME("sluice.limits.reached", "times", "Times that a limit was reached, by limit", "limit", "body-time"),
    LIMIT_BODY_RATE("sluice.limits.reached", "times", "Times that a limit was reached, by limit", "limit", "body-rate"),
    LIMIT_DELAY("sluice.limits.reached", "times", "Times that a limit was reached, by limit", "limit", "delay"),
    LIMIT_IDLE("sluice.limits.reached", "times", "Times that a limit was reached, by limit", "limit", "idle-time"),
    LIMIT_REQUESTS(
            "sluice.limits.reached",
            "times",
            "Times that a limit was reached, by limit",
            "limit",
            "requests-per-connection"),
    LIMIT_DEAR("sluice.limits.reached", "times", "Times that a limit was reached, by limit", "limit", "dear"),
    LIMIT_BULK("sluice.limits.reached", "times", "Times that a limit was reached, by limit", "limit", "bulk"),
    LIMIT_PIPELINED("sluice.limits.reached", "times", "Times that a limit was reached, by limit", "limit", "pipelined"),
    LIMIT_IN_FLIGHT(
            "sluice.limits.reached", "times", "Times that a limit was reached, by limit", "limit", "bytes-in-flight"),
    LIMIT_CONNECTION_IN_FLIGHT(
            "sluice.limits.reached",
            "times",
            "Times that a limit was reached, by limit",
            "limit",
            "bytes-in-flight-per-connection"),
    HTTP2_STREAMS_REFUSED(
            "sluice.http2.streams.refused", "streams", "Streams refused, since as many as may be were under way"),
    HTTP2_STREAMS_RESET("sluice.http2.streams.reset", "streams", "Streams that the client reset before the answer"),
    HTTP2_PROTOCOL_ERRORS(
            "sluice.http2.closed", "connections", "Connections of HTTP/2 that we ended, by cause", "cause", "protocol"),
    HTTP2_RESET_FLOODS(
            "sluice.http2.closed", "connections", "Connections of HTTP/2 that we ended, by cause", "cause", "resets"),
    HTTP2_CONTROL_FLOODS(
            "sluice.http2.closed", "connections", "Connections of HTTP/2 that we ended, by cause", "cause", "control"),
    HTTP2_HEADER_FLOODS(
            "sluice.http2.closed", "connections", "Connections of HTTP/2 that we ended, by cause", "cause", "headers"),
    HTTP2_STALLS(
            "sluice.http2.closed", "connections", "Connections of HTTP/2 that we ended, by cause", "cause", "stalled"),
    TLS_HANDSHAKES("sluice.tls.handshakes", "connections", "Handshakes of TLS that were completed"),
    TLS_FAILED_TIMEOUT(
            "sluice.tls.failed", "connections", "Handshakes of TLS that were not, by cause", "cause", "timeout"),
    TLS_FAILED_CLOSED(
            "sluice.tls.failed", "connections", "Handshakes of TLS that were not, by cause", "cause", "closed"),
    TLS_FAILED_NOT_TLS(
            "sluice.tls.failed", "connections", "Handshakes of TLS that were not, by cause", "cause", "not-tls"),
    TLS_FAILED_PROTOCOL(
            "sluice.tls.failed", "connections", "Handshakes of TLS that were not, by cause", "cause", "protocol"),
    TLS_FAILED_CERTIFICATE(
            "sluice.tls.failed", "connections", "Handshakes of TLS that were not, by cause", "cause", "certificate"),
    TLS_FAILED_OTHER("sluice.tls.failed", "connections", "Handshakes of TLS that were not, by cause", "cause", "other"),
    TLS_BROKEN("sluice.tls.broken", "connections", "Connections of TLS with records that could not be read"),
    READS_PAUSED("sluice.reads.paused", "times", "Times that a request had to wait for credit"),

    EVENTS_DECODED("sluice.events.decoded", "events", "Events found in requests"),
    EVENTS_ACCEPTED("sluice.events.accepted", "events", "Events staged for their stream group"),
    EVENTS_REJECTED("sluice.events.rejected", "events", "Events staged for the rejected group"),
    EVENTS_UNKEPT(
            "sluice.events.unkept",
            "events",
            "Events staged whose ticket could not be committed: answered 503, not kept"),
    CONSENT_KEPT(
            "sluice.consent.events", "events", "Events by what was done for the sake of consent", "decision", "keep"),
    CONSENT_ANONYMISED(
            "sluice.consent.events",
            "events",
            "Events by what was done for the sake of consent",
            "decision",
            "anonymise"),
    CONSENT_COUNTED(
            "sluice.consent.events", "events", "Events by what was done for the sake of consent", "decision", "count"),
    CONSENT_REFUSED_GPC(
            "sluice.consent.refused", "events", "Events to which a signal refused consent", "signal", "gpc"),
    CONSENT_REFUSED_DNT(
            "sluice.consent.refused", "events", "Events to which a signal refused consent", "signal", "dnt"),
    CONSENT_REFUSED_TCF(
            "sluice.consent.refused", "events", "Events to which a signal refused consent", "signal", "tcf"),
    CONSENT_REFUSED_GPP(
            "sluice.consent.refused", "events", "Events to which a signal refused consent", "signal", "gpp"),
    CONSENT_REFUSED_US_PRIVACY(
            "sluice.consent.refused", "events", "Events to which a signal refused consent", "signal", "us-privacy"),
    CONSENT_REFUSED_GOOGLE(
            "sluice.consent.refused", "events", "Events to which a signal refused consent", "signal", "google"),
    CONSENT_REFUSED_CATEGORIES(
            "sluice.consent.refused", "events", "Events to which a signal refused consent", "signal", "categories"),
    CONSENT_REFUSED_SNOWPLOW(
            "sluice.consent.refused", "events", "Events to which a signal refused consent", "signal", "snowplow"),
    CONSENT_REFUSED_WORD(
            "sluice.consent.refused", "events", "Events to which a signal refused consent", "signal", "word"),
    CONSENT_GRANTED_TCF("sluice.consent.granted", "events", "Events to which a signal gave consent", "signal", "tcf"),
    CONSENT_GRANTED_GPP("sluice.consent.granted", "events", "Events to which a signal gave consent", "signal", "gpp"),
    CONSENT_GRANTED_GOOGLE(
            "sluice.consent.granted", "events", "Events to which a signal gave consent", "signal", "google"),
    CONSENT_GRANTED_CATEGORIES(
            "sluice.consent.granted", "events", "Events to which a signal gave consent", "signal", "categories"),
    CONSENT_GRANTED_SNOWPLOW(
            "sluice.consent.granted", "events", "Events to which a signal gave consent", "signal", "snowplow"),
    CONSENT_GRANTED_WORD("sluice.consent.granted", "events", "Events to which a signal gave consent", "signal", "word"),
    SCRUBBED_EMAILS("sluice.scrubbed", "values", "Pieces of personal data removed, by kind", "kind", "email"),
    SCRUBBED_ADDRESSES("sluice.scrubbed", "values", "Pieces of personal data removed, by kind", "kind", "client-ip"),
    SCRUBBED_SECRETS("sluice.scrubbed", "values", "Pieces of personal data removed, by kind", "kind", "secret"),
    SCRUBBED_IBANS("sluice.scrubbed", "values", "Pieces of personal data removed, by kind", "kind", "iban"),
    SCRUBBED_CARDS("sluice.scrubbed", "values", "Pieces of personal data removed, by kind", "kind", "card"),
    SCRUBBED_IPS("sluice.scrubbed", "values", "Pieces of personal data removed, by kind", "kind", "ip"),
    SCRUBBED_MACS("sluice.scrubbed", "values", "Pieces of personal data removed, by kind", "kind", "mac"),
    SCRUBBED_IDS("sluice.scrubbed", "values", "Pieces of personal data removed, by kind", "kind", "id"),
    SCRUBBED_PHONES("sluice.scrubbed", "values", "Pieces of personal data removed, by kind", "kind", "phone"),
    SCRUBBED_COORDINATES(
            "sluice.scrubbed", "values", "Pieces of personal data removed, by kind", "kind", "coordinates"),
    SCRUBBED_UNREAD("sluice.scrubbed", "values", "Pieces of personal data removed, by kind", "kind", "unread"),
    SCRUBBED_FIELDS("sluice.scrubbed", "values", "Pieces of personal data removed, by kind", "kind", "field"),

    PSEUDONYMS_MISSED(
            "sluice.pseudonyms.missed",
            "values",
            "Values removed that a policy hashes, since the secret of the period was not at hand"),

    TICKETS_PUBLISHED("sluice.tickets.published", "tickets", "Flushes handed to the committer"),
    TICKETS_REFUSED("sluice.tickets.refused", "tickets", "Tickets that came back without being on disk"),
    RAW_BYTES("sluice.lines.bytes", "bytes", "Bytes of lines before encoding"),
    BLOCKS_SEALED("sluice.blocks.sealed", "blocks", "Blocks that producers completed"),

    COMMITS("sluice.journal.commits", "commits", "Batches of tickets written"),
    COMMITTED_BYTES("sluice.journal.bytes", "bytes", "Bytes written to the journal, padding included"),
    COMMITTED_RECORDS("sluice.journal.records", "records", "Lines that a sync has made durable"),
    SYNCS("sluice.journal.syncs", "syncs", "fdatasync calls"),
    JOURNAL_FAILURES("sluice.journal.failures", "failures", "Writes and syncs that failed"),
    JOURNAL_READ_FAILURES(
            "sluice.journal.read.failures", "failures", "Reads of the journal that failed and are repeated"),
    SEGMENTS_PREPARED("sluice.journal.segments.prepared", "segments", "Segments made ready to be written"),
    RECOVERED_RECORDS("sluice.journal.recovered", "records", "Lines found in journals of earlier incarnations"),
    UNREADABLE_BYTES(
            "sluice.journal.unreadable",
            "bytes",
            "Bytes of the journal that were given up because no read returned them"),
    MANIFESTS_GIVEN_UP(
            "sluice.journal.manifests.given.up",
            "manifests",
            "Manifests that could not be delivered before the journal needed their space; the records are delivered"),
    DAMAGED_BLOCKS("sluice.journal.damaged", "blocks", "Blocks of which synced frames no longer verify: loss possible"),

    DELIVERED_BLOCKS("sluice.delivery.blocks", "blocks", "Blocks accepted by the destination"),
    DELIVERED_RECORDS("sluice.delivery.records", "records", "Lines accepted by the destination"),
    DELIVERED_BYTES("sluice.delivery.bytes", "bytes", "Encoded bytes accepted by the destination"),
    DELIVERED_OBJECTS("sluice.delivery.objects", "objects", "Objects written by the local destination"),
    DELIVERED_MANIFESTS(
            "sluice.delivery.manifests",
            "manifests",
            "Manifests of blocks accepted by the destination, beside the data"),
    DELIVERY_RETRIES("sluice.delivery.retries", "attempts", "Attempts to deliver that failed and will be repeated"),
    PARKED_BLOCKS("sluice.delivery.parked.blocks", "blocks", "Blocks refused for ever, kept apart"),
    PARKED_RECORDS("sluice.delivery.parked", "records", "Lines of blocks refused for ever"),

    FIREHOSE_CALLS("sluice.firehose.calls", "calls", "PutRecordBatch calls made"),
    FIREHOSE_FAILED_CALLS("sluice.firehose.calls.failed", "calls", "PutRecordBatch calls that failed as a whole"),
    FIREHOSE_CHECKS(
            "sluice.firehose.checks", "checks", "Answers to the question for a stream's settings, failures included"),
    FIREHOSE_RETRIED("sluice.firehose.retried", "blocks", "Blocks sent again"),
    FIREHOSE_THROTTLED(
            "sluice.firehose.throttled", "blocks", "Blocks that went beyond a stream's quota and are sent again"),
    FIREHOSE_UNKNOWN(
            "sluice.firehose.unknown",
            "blocks",
            "Blocks of which nobody knows whether Firehose took them: sent again, so possible duplicates"),
    FIREHOSE_BILLED_BYTES(
            "sluice.firehose.billed", "bytes", "Bytes that Firehose bills: each block rounded up to 5 KB");

    private final String metric;
    private final String unit;
    private final String help;
    private final String tag;
    private final String tagValue;

    Counter(String metric, String unit, String help) {
        this(metric, unit, help, null, null);
    }

    Counter(String metric, String unit, String help, String tag, String tagValue) {
        this.metric = metric;
        this.unit = unit;
        this.help = help;
        this.tag = tag;
        this.tagValue = tagValue;
    }

    /** The name under which it is exported, in words joined by dots. */
    public String metric() {
        return metric;
    }

    public String unit() {
        return unit;
    }

    public String help() {
        return help;
    }

    /** Name of the label that tells it from others of the same metric, or {@code null}. */
    public String tag() {
        return tag;
    }

    public String tagValue() {
        return tagValue;
    }
}
