package io.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.protocol.AnswerRenderer;
import io.sluice.ring.Reply;
import java.util.ArrayList;

/**
 * What one connection of HTTP/2 sends: the frames of this iteration in one buffer, answers as far as the client's
 * windows have room for them, and the streams that wait for more.
 *
 * <p>Confined to its loop. Owns the buffer until it is taken. Allocates nothing but that.
 */
final class Http2Output {

    /** The window that both sides begin with (RFC 9113, section 6.9.2). */
    static final int FIRST_WINDOW = 65_535;

    private static final int MOST_WINDOW = Integer.MAX_VALUE;
    private static final int FIRST_BYTES = 1024;

    private final Http2Connection connection;
    private final ArrayList<Http2Stream> blocked = new ArrayList<>();

    /** Frames to be sent at the end of the iteration, or {@code null}. */
    private ByteBuf out;

    private int window = FIRST_WINDOW;
    private int initialWindow = FIRST_WINDOW;
    private boolean windowOpened;
    private boolean tableSet;

    Http2Output(Http2Connection connection) {
        this.connection = connection;
    }

    // Frames.

    /** Where frames go that leave at the end of the iteration, with room for so many bytes. */
    ByteBuf room(int bytes) {
        if (out == null) {
            out = connection.context.alloc().buffer(Math.max(bytes, FIRST_BYTES));
            connection.writeLater();
        }
        return out.ensureWritable(bytes);
    }

    boolean isEmpty() {
        return out == null;
    }

    /** The frames so far, which are the caller's now. */
    ByteBuf take() {
        ByteBuf taken = out == null ? Unpooled.EMPTY_BUFFER : out;
        out = null;
        return taken;
    }

    void release() {
        if (out != null) {
            out.release();
            out = null;
        }
    }

    // Windows.

    int initialWindow() {
        return initialWindow;
    }

    void initialWindow(int bytes) {
        initialWindow = bytes;
    }

    /** Widens the window of the connection. Returns false if it would be too wide. */
    boolean widen(int bytes) {
        if (window > MOST_WINDOW - bytes) {
            return false;
        }
        window += bytes;
        opened();
        return true;
    }

    /** Widens the window of a stream, or narrows it, be it below zero. Returns false if it would be too wide. */
    boolean widen(Http2Stream stream, int bytes) {
        if (bytes > 0 && stream.sendWindow > MOST_WINDOW - bytes) {
            return false;
        }
        stream.sendWindow += bytes;
        opened();
        return true;
    }

    private void opened() {
        if (!blocked.isEmpty()) {
            windowOpened = true;
            connection.writeLater();
        }
    }

    // Answers.

    /** Tells the client to send its body. */
    void goOn(int streamId) {
        Http2Answers.encodeContinue(streamId, firstBlock(), room(Http2Answers.HEAD_BYTES));
    }

    /** Streams whose answers wait for a window. */
    int blocked() {
        return blocked.size();
    }

    void forget(Http2Stream stream) {
        blocked.remove(stream);
    }

    /** Sends the answer of this stream, or what there is room for. */
    void answer(Http2Stream stream, long now) {
        Slot slot = stream.slot;
        Reply reply = slot.reply;
        int length = -1;
        if (reply.status() != 204) {
            if (AnswerEncoder.isGif(slot)) {
                stream.answer = AnswerRenderer.gif();
                length = stream.answer.length;
            } else {
                if (reply.expectsPositions()) {
                    reply.append(AnswerRenderer.countsEnd());
                }
                stream.answer = reply.body();
                length = reply.bodyLength();
            }
            stream.answerLength = slot.headOnly ? 0 : length;
        }
        ByteBuf to = room(Http2Answers.HEAD_BYTES + Http2Frames.HEAD_BYTES + stream.answerLength);
        Http2Answers.encode(
                slot,
                stream.id,
                firstBlock(),
                length,
                stream.answerLength == 0,
                connection.loop.date.at(now),
                connection.strictTransport,
                to);
        if (send(stream)) {
            connection.answered(stream, now);
        } else {
            stream.place = Http2Stream.Place.BLOCKED;
            stream.sinceNanos = now;
            blocked.add(stream);
        }
    }

    private boolean firstBlock() {
        boolean first = !tableSet;
        tableSet = true;
        return first;
    }

    /** Sends of the body what the windows have room for. Returns whether that was the rest. */
    private boolean send(Http2Stream stream) {
        while (stream.sent < stream.answerLength) {
            int left = stream.answerLength - stream.sent;
            int bytes = Math.min(Math.min(left, Http2Decoder.MAX_FRAME_BYTES), Math.min(stream.sendWindow, window));
            if (bytes <= 0) {
                return false;
            }
            ByteBuf to = room(Http2Frames.HEAD_BYTES + bytes);
            int flags = bytes == left ? Http2Frames.END_STREAM : 0;
            Http2Frames.head(bytes, Http2Frames.DATA, flags, stream.id, to);
            to.writeBytes(stream.answer, stream.sent, bytes);
            stream.sent += bytes;
            stream.sendWindow -= bytes;
            window -= bytes;
        }
        return true;
    }

    /** Sends more of what waits, if there is room for more. */
    void sendBlocked(long now) {
        if (!windowOpened) {
            return;
        }
        windowOpened = false;
        int still = 0;
        for (int i = 0; i < blocked.size(); i++) {
            Http2Stream stream = blocked.get(i);
            if (send(stream)) {
                connection.answered(stream, now);
            } else {
                blocked.set(still++, stream);
            }
        }
        while (blocked.size() > still) {
            blocked.removeLast();
        }
    }
}
