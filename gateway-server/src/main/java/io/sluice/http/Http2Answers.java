package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/**
 * Writes the head of an answer as a HEADERS frame: pre-encoded fields, and the few numbers between them.
 *
 * <p>Stateless; any thread; allocates nothing.
 *
 * <p>The fields stand there as literals that name an entry of HPACK's static table and are not indexed (RFC 7541,
 * section 6.2.2), so an encoder has no state, and a client's dynamic table stays empty: the first block of a connection
 * sets its size to zero, which whatever size the client wishes for is at least (section 4.2). It costs some 70 bytes
 * an answer on the wire, and saves a table for each connection and a look-up for each field.
 */
final class Http2Answers {

    /** Room for the frame but for the origin. */
    static final int HEAD_BYTES = 576;

    private static final byte END_HEADERS_STREAM = Http2Frames.END_HEADERS | Http2Frames.END_STREAM;

    /** A dynamic table of no bytes (RFC 7541, section 6.3). */
    private static final byte NO_TABLE = 0x20;

    // Indices of the static table (RFC 7541, appendix A).
    private static final int STATUS = 8;
    private static final int ALLOW = 22;
    private static final int CACHE_CONTROL = 24;
    private static final int CONTENT_LENGTH = 28;
    private static final int CONTENT_TYPE = 31;
    private static final int ALLOW_ORIGIN = 20;
    private static final int DATE = 33;
    private static final int RETRY_AFTER = 53;
    private static final int STRICT_TRANSPORT = 56;
    private static final int VARY = 59;

    private static final byte[][] STATUS_FIELDS = new byte[600][];
    private static final byte[] COMMON = concat(field(CACHE_CONTROL, "no-store"), field(VARY, "Origin"));
    private static final byte[] CREDENTIALS = field("access-control-allow-credentials", "true");
    private static final byte[] EXPOSE = field("access-control-expose-headers", "Retry-After");
    private static final byte[] PREFLIGHT = concat(
            field("access-control-allow-methods", AnswerEncoder.ALLOWED_METHODS),
            field("access-control-allow-headers", AnswerEncoder.ALLOWED_HEADERS),
            field("access-control-max-age", AnswerEncoder.PREFLIGHT_SECONDS));
    private static final byte[] ACCEPT_ENCODING = field("accept-encoding", "identity");
    private static final byte[] GIF = field(CONTENT_TYPE, "image/gif");
    private static final byte[] JSON = field(CONTENT_TYPE, "application/json");

    static {
        for (int status = 100; status < STATUS_FIELDS.length; status++) {
            STATUS_FIELDS[status] = statusField(status);
        }
    }

    private Http2Answers() {}

    /** Appends the interim answer after which the client sends its body. {@code first}: of the connection's blocks. */
    static void encodeContinue(int streamId, boolean first, ByteBuf out) {
        int start = begin(first, out);
        out.writeBytes(STATUS_FIELDS[100]);
        end(start, streamId, Http2Frames.END_HEADERS, out);
    }

    /**
     * Appends the head of the answer in this slot.
     *
     * @param first whether it is the first block of the connection
     * @param length of the body as a GET would get it, or -1 for none and no word of it
     * @param last whether no body follows
     * @param date of the answer
     * @param strictTransport what is said of TLS
     */
    static void encode(
            Slot slot,
            int streamId,
            boolean first,
            int length,
            boolean last,
            AnswerDate date,
            StrictTransport strictTransport,
            ByteBuf out) {
        int start = begin(first, out);
        int status = slot.reply.status();
        out.writeBytes(STATUS_FIELDS[status]);
        out.writeBytes(date.http2());
        out.writeBytes(COMMON);
        out.writeBytes(strictTransport.http2());
        if (slot.reply.retryAfterSeconds() > 0) {
            number(RETRY_AFTER, slot.reply.retryAfterSeconds(), out);
        }
        if (slot.originLength > 0) {
            name(ALLOW_ORIGIN, out);
            length(slot.originLength, out);
            out.writeBytes(slot.origin, 0, slot.originLength);
            out.writeBytes(CREDENTIALS);
            out.writeBytes(slot.kind == Slot.Kind.PREFLIGHT ? PREFLIGHT : EXPOSE);
        }
        if (slot.kind == Slot.Kind.OPTIONS || status == 405) {
            name(ALLOW, out);
            string(AnswerEncoder.allow(slot), out);
        }
        if (status == 415) {
            out.writeBytes(ACCEPT_ENCODING);
        }
        if (length >= 0) {
            out.writeBytes(AnswerEncoder.isGif(slot) ? GIF : JSON);
            number(CONTENT_LENGTH, length, out);
        }
        end(start, streamId, last ? END_HEADERS_STREAM : Http2Frames.END_HEADERS, out);
    }

    static byte[] date(String text) {
        return field(DATE, text);
    }

    static byte[] strictTransport(String value) {
        return field(STRICT_TRANSPORT, value);
    }

    private static int begin(boolean first, ByteBuf out) {
        int start = out.writerIndex();
        out.writerIndex(start + Http2Frames.HEAD_BYTES);
        if (first) {
            out.writeByte(NO_TABLE);
        }
        return start;
    }

    private static void end(int start, int streamId, byte flags, ByteBuf out) {
        int end = out.writerIndex();
        out.writerIndex(start);
        Http2Frames.head(end - start - Http2Frames.HEAD_BYTES, Http2Frames.HEADERS, flags, streamId, out);
        out.writerIndex(end);
    }

    // HPACK.

    private static byte[] statusField(int status) {
        int indexed = switch (status) {
            case 200 -> 8;
            case 204 -> 9;
            case 206 -> 10;
            case 304 -> 11;
            case 400 -> 12;
            case 404 -> 13;
            case 500 -> 14;
            default -> 0;
        };
        return indexed > 0 ? new byte[] {(byte) (0x80 | indexed)} : field(STATUS, Integer.toString(status));
    }

    /** A literal without indexing, its name from the static table (RFC 7541, sections 5.1 and 6.2.2). */
    private static void name(int index, ByteBuf out) {
        if (index < 15) {
            out.writeByte(index);
        } else {
            out.writeByte(15).writeByte(index - 15);
        }
    }

    /** A string as it is; Huffman's code would save a fifth and cost a table. Up to 254 characters. */
    private static void string(String text, ByteBuf out) {
        length(text.length(), out);
        ByteBufUtil.writeAscii(out, text);
    }

    /** The length of a string that follows (RFC 7541, section 5.2). */
    private static void length(int length, ByteBuf out) {
        if (length < 127) {
            out.writeByte(length);
        } else {
            out.writeByte(127).writeByte((length - 127) & 0x7F | (length >= 255 ? 0x80 : 0));
            if (length >= 255) {
                out.writeByte(length - 127 >> 7);
            }
        }
    }

    private static void number(int index, int number, ByteBuf out) {
        name(index, out);
        out.writeByte(AnswerEncoder.digits(number));
        AnswerEncoder.number(number, out);
    }

    private static byte[] field(int index, String value) {
        byte[] name = index < 15 ? new byte[] {(byte) index} : new byte[] {15, (byte) (index - 15)};
        return concat(name, string(value));
    }

    private static byte[] field(String name, String value) {
        return concat(new byte[] {0}, string(name), string(value));
    }

    private static byte[] string(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        assert bytes.length < 127;
        return concat(new byte[] {(byte) bytes.length}, bytes);
    }

    private static byte[] concat(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[length];
        int end = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, end, part.length);
            end += part.length;
        }
        return all;
    }
}
