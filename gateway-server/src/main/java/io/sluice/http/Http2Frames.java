package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;

/**
 * Writes the frames that a server has to send, but for answers (RFC 9113, section 6).
 *
 * <pre>
 *   +---------------+------+-------+------------------+-----------
 *   | length     24 | type | flags | 0  stream id  31 | payload …
 *   +---------------+------+-------+------------------+-----------
 * </pre>
 *
 * <p>Stateless; any thread; allocates nothing.
 */
final class Http2Frames {

    static final int HEAD_BYTES = 9;

    /** Room for any of these but a SETTINGS frame with settings. */
    static final int CONTROL_BYTES = HEAD_BYTES + 8;

    static final byte DATA = 0;
    static final byte HEADERS = 1;
    private static final byte RST_STREAM = 3;
    static final byte SETTINGS = 4;
    private static final byte PING = 6;
    private static final byte GOAWAY = 7;
    private static final byte WINDOW_UPDATE = 8;
    static final byte CONTINUATION = 9;

    static final byte END_STREAM = 1;
    static final byte END_HEADERS = 4;
    private static final byte ACK = 1;

    private static final int MAX_CONCURRENT_STREAMS = 3;
    private static final int INITIAL_WINDOW_SIZE = 4;
    private static final int MAX_HEADER_LIST_SIZE = 6;
    /** RFC 9218, section 2.1: we order nothing by priority, so nobody need tell us any. */
    private static final int NO_RFC7540_PRIORITIES = 9;

    private Http2Frames() {}

    static void head(int length, byte type, int flags, int streamId, ByteBuf out) {
        out.writeMedium(length).writeByte(type).writeByte(flags).writeInt(streamId);
    }

    /** Our preface: what clients have to know. */
    static void settings(int maxStreams, int window, long maxHeaderListBytes, ByteBuf out) {
        head(4 * 6, SETTINGS, 0, 0, out);
        out.writeShort(MAX_CONCURRENT_STREAMS).writeInt(maxStreams);
        out.writeShort(INITIAL_WINDOW_SIZE).writeInt(window);
        out.writeShort(MAX_HEADER_LIST_SIZE).writeInt((int) maxHeaderListBytes);
        out.writeShort(NO_RFC7540_PRIORITIES).writeInt(1);
    }

    static void settingsAck(ByteBuf out) {
        head(0, SETTINGS, ACK, 0, out);
    }

    static void ping(boolean ack, long payload, ByteBuf out) {
        head(8, PING, ack ? ACK : 0, 0, out);
        out.writeLong(payload);
    }

    static void windowUpdate(int streamId, int bytes, ByteBuf out) {
        head(4, WINDOW_UPDATE, 0, streamId, out);
        out.writeInt(bytes);
    }

    static void reset(int streamId, Http2Error error, ByteBuf out) {
        head(4, RST_STREAM, 0, streamId, out);
        out.writeInt((int) error.code());
    }

    static void goAway(int lastStreamId, Http2Error error, ByteBuf out) {
        head(8, GOAWAY, 0, 0, out);
        out.writeInt(lastStreamId).writeInt((int) error.code());
    }
}
