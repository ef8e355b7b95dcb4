package io.sluice.protocol;

/**
 * The protocols that are served, each with all that the front needs to know of it as data. A new one is one constant
 * here, one decoder in {@code beacon} and one line in that package's list.
 */
public enum Protocol {
    /** {@code GET /p.gif?k=SHOP&e=EVENT&…}: one event, from an image element. */
    PIXEL("px", "/p.gif", Method.GET, AnswerBody.GIF),
    /** {@code POST /v1/events?k=SHOP}: one JSON object, an array of them, or NDJSON. */
    EVENTS("v1", "/v1/events", Method.POST, AnswerBody.COUNTS);

    /** A method that carries events. HEAD is taken wherever GET is, OPTIONS everywhere; neither carries any. */
    public enum Method {
        GET,
        POST
    }

    private final String id;
    private final String path;
    private final Method method;
    private final AnswerBody answer;

    Protocol(String id, String path, Method method, AnswerBody answer) {
        this.id = id;
        this.path = path;
        this.method = method;
        this.answer = answer;
    }

    /** What stands in the field {@code via} of an event. */
    public String id() {
        return id;
    }

    /** Where it is served: the whole path, matched byte by byte. */
    public String path() {
        return path;
    }

    /** By which method its events come. */
    public Method method() {
        return method;
    }

    /** The methods that its path takes, as the {@code Allow} header lists them (RFC 9110, section 10.2.1). */
    public String allow() {
        return switch (method) {
            case GET -> "GET, HEAD, OPTIONS";
            case POST -> "POST, OPTIONS";
        };
    }

    public AnswerBody answer() {
        return answer;
    }
}
