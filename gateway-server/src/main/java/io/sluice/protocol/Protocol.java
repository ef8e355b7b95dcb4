package io.sluice.protocol;

/**
 * The protocols that are served, each with all that the front needs to know of it as data. A new one is one constant
 * here, one decoder in {@code beacon} and one line in that package's list.
 */
public enum Protocol {
    /** {@code GET /p.gif?k=SHOP&e=EVENT&…}: one event, from an image element. */
    PIXEL("px", AnswerBody.GIF),
    /** {@code POST /v1/events?k=SHOP}: one JSON object, an array of them, or NDJSON. */
    EVENTS("v1", AnswerBody.COUNTS);

    private final String id;
    private final AnswerBody answer;

    Protocol(String id, AnswerBody answer) {
        this.id = id;
        this.answer = answer;
    }

    /** What stands in the field {@code via} of an event. */
    public String id() {
        return id;
    }

    public AnswerBody answer() {
        return answer;
    }
}
