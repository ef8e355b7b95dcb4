package io.sluice.load;

/** What a loop counts. Unless said otherwise, events; {@code SENT = ACKED + REFUSED + UNKNOWN + under way}. */
enum Tally {
    SENT("sent, each once however often it was sent again"),
    ACKED("answered with 2xx"),
    REFUSED("answered with anything else, at last"),
    UNKNOWN("never answered"),
    REQUESTS("requests, those sent again included"),
    RETRIED("requests sent again"),
    ANSWERS("answers"),
    BYTES("bytes of requests"),
    CONNECTED("connections opened"),
    CONNECT_FAILED("connections that could not be opened"),
    LOST("connections that ended with requests under way"),
    PART_TAKEN("answers with 2xx that did not take every event");

    private final String about;

    Tally(String about) {
        this.about = about;
    }

    String about() {
        return about;
    }
}
