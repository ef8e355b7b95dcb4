package io.sluice.metrics;

/**
 * Why an event or a request was not taken. The code stands in answers, in lines of the rejected group and in metric
 * labels; it never changes its meaning.
 */
public enum Reason {
    // A single event.
    MALFORMED_JSON("malformed-json", "is not JSON"),
    INVALID_UTF8("invalid-utf8", "is not valid UTF-8"),
    TOO_DEEP("too-deep", "nests deeper than the limit"),
    NOT_AN_OBJECT("not-an-object", "is JSON, but not an object"),
    EVENT_MISSING("event-missing", "has no event name"),
    EVENT_INVALID("event-invalid", "has an event name that is empty, too long, or not a string"),
    EVENT_TOO_LARGE("event-too-large", "is larger than the limit for one event"),

    // A whole request.
    BODY_EMPTY("body-empty", "has no body"),
    BODY_TOO_LARGE("body-too-large", "has a body larger than the limit"),
    ENCODING_UNSUPPORTED("encoding-unsupported", "has a Content-Encoding, and compressed bodies are not taken yet"),
    TOO_MANY_EVENTS("too-many-events", "holds more events than the limit for one request"),
    KEY_MISSING("key-missing", "has no write key"),
    SHOP_UNKNOWN("shop-unknown", "has a write key that no shop has"),
    ORIGIN_REFUSED("origin-refused", "comes from an origin that the shop does not list"),
    BAD_REQUEST("bad-request", "is not a well-formed HTTP request"),
    NOT_FOUND("not-found", "names a path that is not served here"),
    METHOD_NOT_ALLOWED("method-not-allowed", "uses a method that this path does not take"),
    HEADERS_TOO_LARGE("headers-too-large", "has headers larger than the limit"),
    TOO_MANY_FIELDS("too-many-fields", "has more header fields than the limit"),
    TOO_SLOW("too-slow", "came more slowly than the limit"),
    URI_TOO_LONG("uri-too-long", "has a request line longer than the limit"),
    OVERLOADED("overloaded", "came while the gateway had no room for it"),
    JOURNAL_FAILED("journal-failed", "could not be written to the journal"),
    DRAINING("draining", "came while the gateway was shutting down"),
    INTERNAL("internal", "met an error inside the gateway");

    private final String code;
    private final String text;

    Reason(String code, String text) {
        this.code = code;
        this.text = text;
    }

    public String code() {
        return code;
    }

    /** The end of a sentence that begins with "the event" or "the request". */
    public String text() {
        return text;
    }
}
