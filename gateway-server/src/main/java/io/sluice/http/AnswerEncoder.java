package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.sluice.protocol.AnswerBody;
import io.sluice.protocol.AnswerRenderer;
import io.sluice.ring.Reply;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes an answer of HTTP/1 to a buffer: pre-encoded pieces, and the few numbers between them.
 *
 * <p>Stateless; any thread; allocates nothing.
 *
 * <p>Every answer says {@code Cache-Control: no-store}, since a cached beacon is a lost one, and {@code Vary: Origin},
 * since the CORS headers follow the request's origin (Fetch standard, "CORS protocol and HTTP caches").
 */
final class AnswerEncoder {

    static final String ALLOWED_METHODS = "GET, POST";
    static final String ALLOWED_HEADERS = "content-type, authorization, x-retry-count, sp-anonymous, x-write-key";
    static final String PREFLIGHT_SECONDS = "7200";

    /** Room for the head of any answer but its origin. */
    static final int HEAD_BYTES = 576;

    /** What a client that waits with its body is told (RFC 9110, section 15.2.1). */
    private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");

    private static final byte[][] STATUS_LINES = new byte[600][];
    private static final byte[] COMMON = ascii("Cache-Control: no-store\r\nVary: Origin\r\n");
    private static final byte[] CLOSE = ascii("Connection: close\r\n");
    private static final byte[] KEEP_ALIVE = ascii("Connection: keep-alive\r\n");
    private static final byte[] RETRY_AFTER = ascii("Retry-After: ");
    private static final byte[] ALLOW = ascii("Allow: ");
    private static final byte[] ALLOW_ORIGIN = ascii("Access-Control-Allow-Origin: ");
    private static final byte[] CREDENTIALS = ascii("\r\nAccess-Control-Allow-Credentials: true\r\n");
    private static final byte[] EXPOSE = ascii("Access-Control-Expose-Headers: Retry-After\r\n");
    private static final byte[] PREFLIGHT = ascii("Access-Control-Allow-Methods: " + ALLOWED_METHODS + "\r\n"
            + "Access-Control-Allow-Headers: " + ALLOWED_HEADERS + "\r\n"
            + "Access-Control-Max-Age: " + PREFLIGHT_SECONDS + "\r\n");
    /** With 415, what would be taken (RFC 9110, section 12.5.3). */
    private static final byte[] ACCEPT_ENCODING = ascii("Accept-Encoding: identity\r\n");

    private static final byte[] GIF = ascii("Content-Type: image/gif\r\nContent-Length: ");
    private static final byte[] JSON = ascii("Content-Type: application/json\r\nContent-Length: ");
    private static final byte[] NOTHING = {};
    private static final byte[] CRLF = ascii("\r\n");
    private static final byte[] HEAD_END = ascii("\r\n\r\n");

    static {
        for (int status = 100; status < STATUS_LINES.length; status++) {
            STATUS_LINES[status] = ascii("HTTP/1.1 " + HttpResponseStatus.valueOf(status) + "\r\n");
        }
    }

    private AnswerEncoder() {}

    /** Appends the interim answer after which the client sends its body. */
    static void encodeContinue(ByteBuf out) {
        out.writeBytes(CONTINUE);
    }

    /** Whether the answer in this slot is the image and says nothing that not every other says, too. */
    static boolean isPlainImage(Slot slot, boolean close, StrictTransport strictTransport) {
        return isGif(slot)
                && !close
                && slot.originLength == 0
                && !slot.headOnly
                && !slot.http10
                && slot.kind == Slot.Kind.ORDINARY
                && strictTransport == StrictTransport.NONE;
    }

    /** That answer with this date, in a direct buffer that nobody can write to. */
    static ByteBuffer plainImage(byte[] date) {
        ByteBuffer bytes = ByteBuffer.allocateDirect(HEAD_BYTES);
        ByteBuf image = Unpooled.wrappedBuffer(bytes).clear();
        image.writeBytes(STATUS_LINES[200]).writeBytes(date).writeBytes(COMMON);
        body(false, GIF, AnswerRenderer.gif(), AnswerRenderer.gif().length, NOTHING, image);
        return bytes.slice(0, image.writerIndex()).asReadOnlyBuffer();
    }

    /** The same bytes for whoever releases what was written. They live as long as anybody has them. */
    static ByteBuf shared(ByteBuffer bytes) {
        return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(bytes));
    }

    static byte[] date(String text) {
        return ascii("Date: " + text + "\r\n");
    }

    /** Appends the answer in this slot. {@code close} says that the connection ends behind it. */
    static void encode(Slot slot, boolean close, AnswerDate date, StrictTransport strictTransport, ByteBuf out) {
        Reply reply = slot.reply;
        out.writeBytes(STATUS_LINES[reply.status()]);
        out.writeBytes(date.http1());
        out.writeBytes(COMMON);
        out.writeBytes(strictTransport.http1());
        if (close) {
            out.writeBytes(CLOSE);
        } else if (slot.http10) {
            out.writeBytes(KEEP_ALIVE);
        }
        if (reply.retryAfterSeconds() > 0) {
            out.writeBytes(RETRY_AFTER);
            number(reply.retryAfterSeconds(), out);
            out.writeBytes(CRLF);
        }
        if (slot.originLength > 0) {
            out.writeBytes(ALLOW_ORIGIN);
            out.writeBytes(slot.origin, 0, slot.originLength);
            out.writeBytes(CREDENTIALS);
            out.writeBytes(slot.kind == Slot.Kind.PREFLIGHT ? PREFLIGHT : EXPOSE);
        }
        if (slot.kind == Slot.Kind.OPTIONS || reply.status() == 405) {
            out.writeBytes(ALLOW);
            ByteBufUtil.writeAscii(out, allow(slot));
            out.writeBytes(CRLF);
        }
        if (reply.status() == 415) {
            out.writeBytes(ACCEPT_ENCODING);
        }
        if (reply.status() == 204) {
            // RFC 9110, section 8.6: neither a body nor its length.
            out.writeBytes(CRLF);
        } else if (isGif(slot)) {
            body(slot.headOnly, GIF, AnswerRenderer.gif(), AnswerRenderer.gif().length, NOTHING, out);
        } else {
            byte[] end = reply.expectsPositions() ? AnswerRenderer.countsEnd() : NOTHING;
            body(slot.headOnly, JSON, reply.body(), reply.bodyLength(), end, out);
        }
    }

    /** The methods that the path of this request takes. */
    static String allow(Slot slot) {
        return slot.protocol == null ? "GET, HEAD, POST, OPTIONS" : slot.protocol.allow();
    }

    /** Whether the answer is the image, and not what stands in the reply. */
    static boolean isGif(Slot slot) {
        return slot.reply.status() == 200 && slot.protocol.answer() == AnswerBody.GIF;
    }

    private static void body(boolean headOnly, byte[] type, byte[] body, int length, byte[] end, ByteBuf out) {
        out.writeBytes(type);
        number(length + end.length, out);
        out.writeBytes(HEAD_END);
        if (!headOnly) {
            out.writeBytes(body, 0, length);
            out.writeBytes(end);
        }
    }

    static int digits(int number) {
        int digits = 1;
        for (int rest = number; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    static void number(int number, ByteBuf out) {
        int divisor = 1;
        while (number / divisor >= 10) {
            divisor *= 10;
        }
        for (; divisor > 0; divisor /= 10) {
            out.writeByte('0' + number / divisor % 10);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
