package io.sluice.attack;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Frames of HTTP/2 as bytes (RFC 9113, section 4.1), right or wrong; fields by HPACK without Huffman (RFC 7541). */
final class Frames {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PING = 6;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;

    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int CANCEL = 8;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** What a connection begins with; {@code settings} are pairs of identifier and value. */
    static Frames opening(int... settings) {
        Frames frames = new Frames();
        frames.bytes.writeBytes(PREFACE.getBytes(StandardCharsets.US_ASCII));
        return frames.settings(settings);
    }

    Frames settings(int... settings) {
        Frames payload = new Frames();
        for (int i = 0; i < settings.length; i += 2) {
            payload.number(2, settings[i]).number(4, settings[i + 1]);
        }
        return frame(SETTINGS, 0, 0, payload.take());
    }

    Frames frame(int type, int flags, int stream, byte[] payload) {
        number(3, payload.length).number(1, type).number(1, flags).number(4, stream);
        bytes.writeBytes(payload);
        return this;
    }

    /** A whole request without a body. */
    Frames pixel(int stream) {
        return frame(HEADERS, END_HEADERS | END_STREAM, stream, request(true));
    }

    /** The head of a request with a body. */
    Frames post(int stream) {
        return frame(HEADERS, END_HEADERS, stream, request(false));
    }

    Frames data(int stream, boolean end, byte[] payload) {
        return frame(DATA, end ? END_STREAM : 0, stream, payload);
    }

    Frames cancel(int stream) {
        return frame(RST_STREAM, 0, stream, new Frames().number(4, CANCEL).take());
    }

    Frames window(int stream, int increment) {
        return frame(WINDOW_UPDATE, 0, stream, new Frames().number(4, increment).take());
    }

    static byte[] request(boolean pixel) {
        // :method GET or POST and :scheme http of the static table; :path and :authority as literals by its names.
        return new Frames()
                .number(1, pixel ? 0x82 : 0x83)
                .number(1, 0x86)
                .number(1, 0x04)
                .text(pixel ? "/p.gif?k=demo&e=a" : "/v1/events?k=demo")
                .number(1, 0x01)
                .text("b.example")
                .take();
    }

    /** A string literal. */
    Frames text(String text) {
        int length = text.length();
        if (length < 127) {
            number(1, length);
        } else {
            number(1, 127);
            for (length -= 127; length >= 128; length >>= 7) {
                number(1, length & 127 | 128);
            }
            number(1, length);
        }
        bytes.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    Frames number(int octets, int value) {
        for (int i = octets - 1; i >= 0; i--) {
            bytes.write(value >> 8 * i);
        }
        return this;
    }

    int size() {
        return bytes.size();
    }

    /** What was put together, which begins anew. */
    byte[] take() {
        byte[] all = bytes.toByteArray();
        bytes.reset();
        return all;
    }
}
