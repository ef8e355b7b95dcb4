package io.sluice.lab;

/** Everything that is counted for each stream. The name is that in the JSON of {@code /lab/counters}. */
enum Count {
    CALLS("calls", "put calls whose body was read"),
    CALLS_OK("callsAnsweredOk", "answered with 200, some records refused or not"),
    CALLS_FAILED("callsAnsweredError", "answered with an error as a whole"),
    CALLS_RESET("callsReset", "connection reset instead of an answer"),
    CALLS_SILENT("callsNeverAnswered", "left without an answer on purpose"),
    CALLS_ABANDONED("callsAbandoned", "the client had gone before its answer was due"),
    CALLS_IN_FLIGHT("callsInFlight", "now waiting for a late answer"),

    RECORDS("recordsReceived", "in those calls"),
    BYTES("bytesReceived", "payload of those, before base64"),
    STORED("recordsStored", "taken, whatever the answer said"),
    STORED_BYTES("bytesStored", "payload of those"),
    BILLED_BYTES("bytesBilled", "of those, each rounded up to 5,120"),
    REFUSED("recordsRefused", "not taken, by reason below"),

    STORED_OK("storedAnsweredOk", "records stored and answered so"),
    STORED_FAILED("storedAnsweredFailed", "records stored and answered as failed: a retry doubles them"),
    STORED_SILENT("storedNeverAnswered", "records stored, answer never given or nobody there: a retry doubles them"),
    STORED_IN_FLIGHT("storedAnswerInFlight", "records stored, the answer is late"),

    BUFFERED("recordsBuffered", "now waiting for size, interval or S3"),
    BUFFERED_BYTES("bytesBuffered", "payload of those"),
    DELIVERED("recordsDelivered", "in objects"),
    DELIVERED_BYTES("bytesDelivered", "payload of those"),
    OBJECTS("objectsDelivered", "objects"),
    LOST("recordsLost", "refused by S3 for longer than the retention"),
    LOST_BYTES("bytesLost", "payload of those");

    private final String label;
    private final String meaning;

    Count(String label, String meaning) {
        this.label = label;
        this.meaning = meaning;
    }

    String label() {
        return label;
    }

    String meaning() {
        return meaning;
    }
}
