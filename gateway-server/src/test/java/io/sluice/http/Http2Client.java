package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/**
 * A client of HTTP/2 that sends exactly the frames it is given, well-formed or not, and reads what comes frame by
 * frame.
 */
final class Http2Client implements AutoCloseable {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int PRIORITY = 2;
    static final int RST_STREAM = 3;
    static final int SETTINGS = 4;
    static final int PUSH_PROMISE = 5;
    static final int PING = 6;
    static final int GOAWAY = 7;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final int ACK = 1;
    static final int END_STREAM = 1;
    static final int END_HEADERS = 4;
    static final int PADDED = 8;
    static final int WITH_PRIORITY = 0x20;

    static final int NO_ERROR = 0;
    static final int PROTOCOL_ERROR = 1;
    static final int FLOW_CONTROL_ERROR = 3;
    static final int STREAM_CLOSED = 5;
    static final int FRAME_SIZE_ERROR = 6;
    static final int REFUSED_STREAM = 7;
    static final int CANCEL = 8;
    static final int COMPRESSION_ERROR = 9;
    static final int ENHANCE_YOUR_CALM = 11;

    static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    record Frame(int type, int flags, int stream, byte[] payload) {

        boolean has(int flag) {
            return (flags & flag) != 0;
        }

        /** The 32 bits at this offset of the payload: an error, an increment, a last stream. */
        int number(int offset) {
            return ByteBuffer.wrap(payload).getInt(offset);
        }

        @Override
        public String toString() {
            return "frame of type " + type + ", flags " + flags + ", stream " + stream + ", " + payload.length
                    + " bytes";
        }
    }

    /** An answer as it came. */
    record Answer(int status, Map<String, String> headers, byte[] body) {

        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** All header fields but the one that is another in the next second. */
        Map<String, String> undated() {
            Map<String, String> rest = new TreeMap<>(headers);
            assertThat(rest.remove("date")).isNotNull();
            return rest;
        }

        String header(String name) {
            return headers.get(name);
        }
    }

    private final Socket socket;
    private final DataInputStream in;
    private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder();

    /** Connects and sends nothing. */
    Http2Client(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(20_000);
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    }

    /** Connects, and exchanges prefaces and acknowledgements. */
    static Http2Client connect(TestServer server, byte[]... settings) throws IOException {
        Http2Client client = new Http2Client(server.server.port());
        client.send(PREFACE, frame(SETTINGS, 0, 0, join(settings)), frame(SETTINGS, ACK, 0));
        Frame first = client.read();
        if (first.type() != SETTINGS || first.has(ACK)) {
            throw new IOException("the server began with a " + first);
        }
        client.await(SETTINGS, 0);
        return client;
    }

    // What is sent.

    static byte[] frame(int type, int flags, int stream, byte[]... payload) {
        byte[] bytes = join(payload);
        return ByteBuffer.allocate(9 + bytes.length)
                .put((byte) (bytes.length >> 16))
                .putShort((short) bytes.length)
                .put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(bytes)
                .array();
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(4).putInt(value).array();
    }

    static byte[] setting(int id, int value) {
        return ByteBuffer.allocate(6).putShort((short) id).putInt(value).array();
    }

    /** Fields as literals without indexing (RFC 7541, section 6.2.2): names and values in turn. */
    static byte[] fields(String... namesAndValues) {
        ByteArrayOutputStream block = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i++) {
            if (i % 2 == 0) {
                block.write(0);
            }
            byte[] text = namesAndValues[i].getBytes(StandardCharsets.ISO_8859_1);
            if (text.length < 127) {
                block.write(text.length);
            } else {
                block.write(127);
                int left = text.length - 127;
                for (; left >= 128; left >>= 7) {
                    block.write(left & 0x7F | 0x80);
                }
                block.write(left);
            }
            block.writeBytes(text);
        }
        return block.toByteArray();
    }

    static byte[] head(String method, String path, String... more) {
        return join(
                fields(":method", method, ":scheme", "http", ":authority", "x.example", ":path", path), fields(more));
    }

    static byte[] get(int stream, String path, String... more) {
        return frame(HEADERS, END_STREAM | END_HEADERS, stream, head("GET", path, more));
    }

    static byte[] post(int stream, String path, String... more) {
        return frame(HEADERS, END_HEADERS, stream, head("POST", path, more));
    }

    static byte[] data(int stream, boolean end, String text) {
        return frame(DATA, end ? END_STREAM : 0, stream, text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** DATA with padding: of as many bytes, and the one that says how many. */
    static byte[] padded(int stream, boolean end, String text, int padding) {
        return frame(
                DATA,
                PADDED | (end ? END_STREAM : 0),
                stream,
                new byte[] {(byte) padding},
                text.getBytes(StandardCharsets.ISO_8859_1),
                new byte[padding]);
    }

    static byte[] reset(int stream) {
        return frame(RST_STREAM, 0, stream, number(CANCEL));
    }

    static byte[] windowUpdate(int stream, int bytes) {
        return frame(WINDOW_UPDATE, 0, stream, number(bytes));
    }

    static byte[] ping(String payload) {
        return frame(PING, 0, 0, payload.getBytes(StandardCharsets.ISO_8859_1));
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    Http2Client send(byte[]... frames) throws IOException {
        socket.getOutputStream().write(join(frames));
        return this;
    }

    Http2Client send(byte[] bytes, int from, int to) throws IOException {
        socket.getOutputStream().write(bytes, from, to - from);
        return this;
    }

    /** Cuts the connection with a reset. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    void endOutput() throws IOException {
        socket.shutdownOutput();
    }

    // What comes.

    /** The next frame, or {@code null} at the end. */
    Frame read() throws IOException {
        int first;
        try {
            first = in.read();
        } catch (SocketException e) {
            return null;
        }
        if (first < 0) {
            return null;
        }
        int length = first << 16 | in.readUnsignedShort();
        int type = in.readUnsignedByte();
        int flags = in.readUnsignedByte();
        int stream = in.readInt();
        byte[] payload = new byte[length];
        in.readFully(payload);
        return new Frame(type, flags, stream, payload);
    }

    /** Skips frames up to one of this type and stream, which must come. */
    Frame await(int type, int stream) throws IOException {
        for (Frame frame; (frame = read()) != null; ) {
            if (frame.type() == type && frame.stream() == stream) {
                return frame;
            }
            if (frame.type() == GOAWAY && frame.number(4) != NO_ERROR) {
                throw new IOException("GOAWAY with error " + frame.number(4));
            }
        }
        throw new EOFException("the connection ended before a frame of type " + type);
    }

    /** Reads the answer of a stream, while nothing comes of any other. */
    Answer answer(int stream) throws IOException, Http2Exception {
        Answer head = answerHead(await(HEADERS, stream));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (body.size() < Integer.parseInt(head.headers().getOrDefault("content-length", "0"))) {
            Frame frame = await(DATA, stream);
            body.writeBytes(frame.payload());
        }
        return new Answer(head.status(), head.headers(), body.toByteArray());
    }

    /** Reads what a HEADERS frame holds. */
    Answer answerHead(Frame frame) throws Http2Exception {
        ByteBuf block = Unpooled.wrappedBuffer(frame.payload());
        Http2Headers fields = hpack.decodeHeaders(frame.stream(), block);
        Map<String, String> headers = new TreeMap<>();
        for (Map.Entry<CharSequence, CharSequence> field : fields) {
            headers.put(field.getKey().toString(), field.getValue().toString());
        }
        return new Answer(Integer.parseInt(headers.remove(":status")), headers, new byte[0]);
    }

    /** The error of the GOAWAY that must come, behind which the connection must end. */
    int sentAway() throws IOException {
        for (Frame frame; (frame = read()) != null; ) {
            if (frame.type() == GOAWAY) {
                int error = frame.number(4);
                while (read() != null) {
                    // What was on its way before.
                }
                return error;
            }
        }
        throw new EOFException("the connection ended without a GOAWAY");
    }

    /** The error with which a stream must be reset. */
    int resetOf(int stream) throws IOException {
        return await(RST_STREAM, stream).number(0);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
