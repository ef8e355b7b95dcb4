package io.sluice.load;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Reads the answers of one connection (RFC 9112), however they are cut: status, whether to come again, the begin of
 * the body.
 *
 * <p>Confined to the connection's loop; owns no buffer; allocates nothing once its array has grown to the longest head.
 * Bodies have a Content-Length, are chunked, or are none (204, 304, interim answers are skipped). What it does not
 * understand is an exception: the connection is of no use any more.
 */
final class AnswerParser {

    /** Whose answers these are. */
    interface Listener {

        /**
         * One whole answer.
         *
         * @param retryAfterSeconds of its header, or -1
         * @param close whether the connection ends behind it
         * @param body its first bytes, valid during the call
         */
        void answer(int status, int retryAfterSeconds, boolean close, byte[] body, int bodyLength);
    }

    /** Bytes of a body that a listener sees. */
    static final int PEEK = 128;

    private static final int MAX_HEAD = 64 * 1024;

    private enum State {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER
    }

    private final Listener listener;
    private byte[] head = new byte[512];
    private int headLength;
    private final byte[] peek = new byte[PEEK];
    private int peekLength;
    private State state = State.HEAD;
    private long rest;

    private int status;
    private int retryAfterSeconds;
    private boolean close;

    AnswerParser(Listener listener) {
        this.listener = listener;
    }

    /** Reads what is readable. */
    void read(ByteBuf in) {
        while (in.isReadable()) {
            switch (state) {
                case HEAD -> {
                    if (line(in) && endsHead()) {
                        parseHead();
                    }
                }
                case BODY -> {
                    take(in);
                    if (rest == 0) {
                        answered();
                    }
                }
                case CHUNK_SIZE -> {
                    if (line(in)) {
                        rest = chunkSize();
                        state = rest == 0 ? State.TRAILER : State.CHUNK;
                        headLength = 0;
                    }
                }
                case CHUNK -> {
                    take(in);
                    if (rest == 0) {
                        state = State.CHUNK_END;
                    }
                }
                case CHUNK_END -> {
                    if (line(in)) {
                        state = State.CHUNK_SIZE;
                        headLength = 0;
                    }
                }
                case TRAILER -> {
                    if (line(in)) {
                        boolean empty = headLength <= 2;
                        headLength = 0;
                        if (empty) {
                            answered();
                        }
                    }
                }
            }
        }
    }

    /** Appends up to and with the next line feed. @return whether there was one */
    private boolean line(ByteBuf in) {
        int from = in.readerIndex();
        int feed = in.indexOf(from, in.writerIndex(), (byte) '\n');
        int length = (feed < 0 ? in.writerIndex() : feed + 1) - from;
        if (headLength + length > MAX_HEAD) {
            throw new IllegalStateException("the head of an answer is longer than " + MAX_HEAD + " bytes");
        }
        if (headLength + length > head.length) {
            head = Arrays.copyOf(head, Math.max(2 * head.length, headLength + length));
        }
        in.readBytes(head, headLength, length);
        headLength += length;
        return feed >= 0;
    }

    private boolean endsHead() {
        int end = headLength - 1;
        return end >= 1 && head[end - 1] == '\n' || end >= 2 && head[end - 1] == '\r' && head[end - 2] == '\n';
    }

    private void parseHead() {
        if (headLength < 13 || head[0] != 'H' || head[5] != '1' || head[8] != ' ') {
            throw new IllegalStateException("an answer does not begin with a status line of HTTP/1.x");
        }
        status = number(9);
        retryAfterSeconds = -1;
        close = false;
        boolean chunked = false;
        rest = -1;
        for (int at = feed(0); at < headLength; at = feed(at)) {
            if (is(at, "content-length:")) {
                rest = number(at + 15);
            } else if (is(at, "retry-after:")) {
                retryAfterSeconds = number(at + 12);
            } else if (is(at, "connection: close")) {
                close = true;
            } else if (is(at, "transfer-encoding: chunked")) {
                chunked = true;
            }
        }
        headLength = 0;
        peekLength = 0;
        if (status < 200) {
            return;
        }
        if (status == 204 || status == 304) {
            rest = 0;
        } else if (chunked) {
            state = State.CHUNK_SIZE;
            return;
        } else if (rest < 0) {
            throw new IllegalStateException("an answer has neither Content-Length nor chunks");
        }
        if (rest == 0) {
            answered();
        } else {
            state = State.BODY;
        }
    }

    private void answered() {
        state = State.HEAD;
        headLength = 0;
        listener.answer(status, retryAfterSeconds, close, peek, peekLength);
    }

    private void take(ByteBuf in) {
        int length = (int) Math.min(rest, in.readableBytes());
        int seen = Math.min(length, PEEK - peekLength);
        in.readBytes(peek, peekLength, seen);
        in.skipBytes(length - seen);
        peekLength += seen;
        rest -= length;
    }

    private int feed(int at) {
        while (at < headLength && head[at] != '\n') {
            at++;
        }
        return at + 1;
    }

    private boolean is(int at, String lowerCase) {
        if (at + lowerCase.length() > headLength) {
            return false;
        }
        for (int i = 0; i < lowerCase.length(); i++) {
            int c = head[at + i];
            if ((c >= 'A' && c <= 'Z' ? c | 0x20 : c) != lowerCase.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The decimal number behind spaces, or -1: Retry-After may be a date. */
    private int number(int at) {
        while (head[at] == ' ') {
            at++;
        }
        long number = head[at] >= '0' && head[at] <= '9' ? 0 : -1;
        for (; head[at] >= '0' && head[at] <= '9' && number < 100_000_000; at++) {
            number = number * 10 + head[at] - '0';
        }
        return (int) number;
    }

    private long chunkSize() {
        long size = -1;
        for (int i = 0; i < headLength; i++) {
            int digit = Character.digit(head[i], 16);
            if (digit < 0) {
                break;
            }
            size = Math.max(0, size) << 4 | digit;
            if (size > Integer.MAX_VALUE) {
                break;
            }
        }
        if (size < 0 || size > Integer.MAX_VALUE) {
            throw new IllegalStateException("the size of a chunk is none");
        }
        return size;
    }
}
