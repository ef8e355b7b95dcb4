package io.sluice.protocol;

import io.sluice.common.Decimal;
import io.sluice.metrics.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Writes the bodies of answers as bytes, and knows the status that goes with each reason.
 *
 * <p>Confined to its loop, one each. What it has rendered stands in {@link #array} until the next rendering. Allocates
 * nothing once its array has grown to the largest answer (about 8 KiB, for {@value Outcome#MAX_LISTED} listed events).
 *
 * <pre>
 *   taken    {"accepted":n,"rejected":m,"errors":[{"index":i,"reason":"code","offset":o},…],"pos":"…"}
 *   refused  {"error":{"reason":"code","message":"The request ….","offset":o}}
 * </pre>
 *
 * <p>{@code errors} is there if an event was rejected, {@code offset} if it is known. {@code pos} comes last, since it
 * is known only at the flush: {@link #counts} ends where the positions begin, and {@link #countsEnd} follows them.
 */
public final class AnswerRenderer {

    /** Seconds after which a client that found no room may come again. */
    public static final int RETRY_AFTER_SECONDS = 1;

    private static final byte[] ACCEPTED = ascii("{\"accepted\":");
    private static final byte[] REJECTED = ascii(",\"rejected\":");
    private static final byte[] ERRORS = ascii(",\"errors\":[");
    private static final byte[] INDEX = ascii("{\"index\":");
    private static final byte[] REASON = ascii(",\"reason\":\"");
    private static final byte[] OFFSET = ascii(",\"offset\":");
    private static final byte[] POS = ascii(",\"pos\":\"");
    private static final byte[] POS_END = ascii("\"}");
    private static final byte[] COMMA = ascii(",");
    private static final byte[] QUOTE = ascii("\"");
    private static final byte[] BRACE = ascii("}");
    private static final byte[] BRACKET = ascii("]");
    private static final byte[] ERROR = ascii("{\"error\":{\"reason\":\"");
    private static final byte[] MESSAGE = ascii("\",\"message\":\"The request ");
    private static final byte[] OF = ascii(" of ");
    private static final byte[] BYTES = ascii(" bytes");
    private static final byte[] SENTENCE_END = ascii(".\"");
    private static final byte[] ERROR_END = ascii("}}");
    private static final byte[] GIF = HexFormat.of()
            .parseHex(
                    "474946383961" // signature GIF89a
                            + "01000100800000" // a screen of 1×1 with a palette of two colours
                            + "000000000000" // both black
                            + "21F9040100000000" // colour 0 is transparent
                            + "2C00000000010001000002" // an image of 1×1 at 0,0, codes of 2 bits and more
                            + "02440100" // its one pixel: clear, colour 0, end
                            + "3B"); // trailer
    private static final byte[][] CODES = new byte[Reason.values().length][];
    private static final byte[][] TEXTS = new byte[CODES.length][];

    static {
        for (Reason reason : Reason.values()) {
            CODES[reason.ordinal()] = ascii(reason.code());
            TEXTS[reason.ordinal()] = ascii(reason.text());
        }
    }

    private byte[] array = new byte[512];
    private int length;

    /** The rendered bytes, from index 0 to {@link #length}. */
    public byte[] array() {
        return array;
    }

    public int length() {
        return length;
    }

    /** A transparent image of 1×1 pixel, {@code image/gif}, 43 bytes. Never to be written to. */
    public static byte[] gif() {
        return GIF;
    }

    /** Renders the answer to a request that was taken, up to and including the quote before the positions. */
    public void counts(Outcome outcome) {
        assert outcome.refusal() == null;
        length = 0;
        append(ACCEPTED);
        append(outcome.accepted());
        append(REJECTED);
        append(outcome.rejected());
        for (int i = 0; i < outcome.listed(); i++) {
            append(i == 0 ? ERRORS : COMMA);
            append(INDEX);
            append(outcome.index(i));
            append(REASON);
            append(CODES[outcome.reason(i).ordinal()]);
            append(QUOTE);
            offset(outcome.offset(i));
            append(BRACE);
        }
        if (outcome.listed() > 0) {
            append(BRACKET);
        }
        append(POS);
    }

    /** What stands behind the positions. Never to be written to. */
    public static byte[] countsEnd() {
        return POS_END;
    }

    /**
     * Renders the answer to a request that was refused as a whole.
     *
     * @param offset where in the body it went wrong, or -1
     * @param limit the one that was passed, named in the message, or -1: in bytes but for fields, which are counted
     */
    public void refusal(Reason reason, int offset, int limit) {
        length = 0;
        append(ERROR);
        append(CODES[reason.ordinal()]);
        append(MESSAGE);
        append(TEXTS[reason.ordinal()]);
        if (limit >= 0) {
            append(OF);
            append(limit);
            if (reason != Reason.TOO_MANY_FIELDS) {
                append(BYTES);
            }
        }
        append(SENTENCE_END);
        offset(offset);
        append(ERROR_END);
    }

    /** The HTTP status of a request that is refused for this reason (RFC 9110, section 15; RFC 6585 for 431). */
    public static int status(Reason reason) {
        return switch (reason) {
            case MALFORMED_JSON,
                    INVALID_UTF8,
                    TOO_DEEP,
                    NOT_AN_OBJECT,
                    EVENT_MISSING,
                    EVENT_INVALID,
                    BODY_EMPTY,
                    BAD_REQUEST -> 400;
            case KEY_MISSING -> 401;
            case SHOP_UNKNOWN, ORIGIN_REFUSED -> 403;
            case NOT_FOUND -> 404;
            case TOO_SLOW -> 408;
            case METHOD_NOT_ALLOWED -> 405;
            case EVENT_TOO_LARGE, BODY_TOO_LARGE, TOO_MANY_EVENTS -> 413;
            case URI_TOO_LONG -> 414;
            case ENCODING_UNSUPPORTED -> 415;
            case HEADERS_TOO_LARGE, TOO_MANY_FIELDS -> 431;
            case INTERNAL -> 500;
            case OVERLOADED, JOURNAL_FAILED, DRAINING -> 503;
        };
    }

    /** Seconds for the Retry-After header of an answer with this status, or 0 for none. */
    public static int retryAfterSeconds(int status) {
        return status == 503 ? RETRY_AFTER_SECONDS : 0;
    }

    private void offset(int offset) {
        if (offset >= 0) {
            append(OFFSET);
            append(offset);
        }
    }

    private void append(byte[] bytes) {
        reserve(bytes.length);
        System.arraycopy(bytes, 0, array, length, bytes.length);
        length += bytes.length;
    }

    private void append(int number) {
        reserve(Decimal.MAX_LENGTH);
        length = Decimal.write(number, array, length);
    }

    private void reserve(int bytes) {
        if (length + bytes > array.length) {
            array = Arrays.copyOf(array, Math.max(length + bytes, array.length * 2));
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
