package io.sluice.http;

import static io.sluice.http.Http2Client.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.metrics.Counter;
import io.sluice.metrics.Reason;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What RFC 9113 and RFC 7541 have an endpoint do when the other breaks a rule, section by section. Each test is named
 * by the section that it is of.
 */
class Http2ConformanceTest {

    private static final byte[] BIG = new byte[16 * 1024 + 1];

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** Sends the frames on a connection of their own, which must end with this error, and take no other with it. */
    private void sentAwayFor(int error, byte[]... frames) throws Exception {
        long before = server.total(Counter.HTTP2_PROTOCOL_ERRORS);
        try (Http2Client client = Http2Client.connect(server)) {
            client.send(frames);
            assertThat(client.sentAway()).isEqualTo(error);
        }
        assertThat(server.total(Counter.HTTP2_PROTOCOL_ERRORS)).isEqualTo(before + 1);
    }

    /** Sends the frames, behind which stream 1 must be reset with this error, and the connection must go on. */
    private void resetFor(int error, byte[]... frames) throws Exception {
        try (Http2Client client = Http2Client.connect(server)) {
            client.send(frames);
            assertThat(client.resetOf(1)).isEqualTo(error);
            client.send(get(99, "/p.gif"));
            assertThat(client.answer(99).status()).isEqualTo(200);
        }
    }

    private void malformed(String... fields) throws Exception {
        long before = server.metrics.total(Reason.BAD_REQUEST);
        resetFor(PROTOCOL_ERROR, frame(HEADERS, END_STREAM | END_HEADERS, 1, fields(fields)));
        assertThat(server.metrics.total(Reason.BAD_REQUEST)).isEqualTo(before + 1);
    }

    @Test
    void section3_4_theFirstFrameIsSettings() throws Exception {
        for (byte[] first : new byte[][] {ping("pingpong"), get(1, "/p.gif"), frame(77, 0, 0)}) {
            try (Http2Client client = new Http2Client(server.server.port())) {
                client.send(PREFACE, first);
                assertThat(client.read().type()).isEqualTo(SETTINGS);
                assertThat(client.sentAway()).isEqualTo(PROTOCOL_ERROR);
            }
        }
    }

    @Test
    void section4_1_whatIsUnknownIsIgnored() throws Exception {
        try (Http2Client client = Http2Client.connect(server, setting(0xF0F0, 7))) {
            client.send(frame(0xBB, 0xFF, 0, new byte[8]), frame(0xBB, 0xFF, 1, new byte[8]));
            client.send(frame(PING, 0xFE, 0x80000000, new byte[8]));
            assertThat(client.read()).matches(frame -> frame.type() == PING && frame.has(ACK));
        }
    }

    @Test
    void section4_2_aFrameThatIsTooLongIsAnError() throws Exception {
        sentAwayFor(FRAME_SIZE_ERROR, post(1, "/v1/events"), frame(DATA, 0, 1, BIG));
        sentAwayFor(FRAME_SIZE_ERROR, frame(HEADERS, END_HEADERS, 1, BIG));
        sentAwayFor(FRAME_SIZE_ERROR, frame(0xBB, 0, 0, BIG));
    }

    @Test
    void section4_3_aHeaderBlockThatCannotBeDecodedIsAnError() throws Exception {
        byte[] fields = head("GET", "/p.gif");
        // RFC 7541, section 2.3.3: an index beyond both tables.
        sentAwayFor(COMPRESSION_ERROR, headers(1, fields, new byte[] {(byte) 0xC6}));
        // Section 6.1: index 0.
        sentAwayFor(COMPRESSION_ERROR, headers(1, fields, new byte[] {(byte) 0x80}));
        // Section 4.2: a change of size behind a field; section 6.3: one beyond what was agreed.
        sentAwayFor(COMPRESSION_ERROR, headers(1, fields, new byte[] {0x20}));
        sentAwayFor(COMPRESSION_ERROR, headers(1, new byte[] {0x3F, (byte) 0xE2, 0x1F}, fields));
        // Section 5.2: padding of Huffman's code that is too long, of zeros, or the end symbol itself.
        sentAwayFor(COMPRESSION_ERROR, headers(1, fields, huffman(0xFF, 0xFF)));
        sentAwayFor(COMPRESSION_ERROR, headers(1, fields, huffman(0x00)));
        sentAwayFor(COMPRESSION_ERROR, headers(1, fields, huffman(0xFF, 0xFF, 0xFF, 0xFC)));
        // Section 5.1: an integer that never ends; and a string that is longer than the block.
        sentAwayFor(COMPRESSION_ERROR, headers(1, fields, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, 1}));
        sentAwayFor(COMPRESSION_ERROR, headers(1, fields, new byte[] {0, 1, 'a', 9, 'b'}));
    }

    private static byte[] huffman(int... value) {
        byte[] field = new byte[4 + value.length];
        field[1] = 1;
        field[2] = 'a';
        field[3] = (byte) (0x80 | value.length);
        for (int i = 0; i < value.length; i++) {
            field[4 + i] = (byte) value[i];
        }
        return field;
    }

    private static byte[] headers(int stream, byte[]... block) {
        return frame(HEADERS, END_STREAM | END_HEADERS, stream, block);
    }

    @Test
    void section5_1_idleStreamsTakeHeadersAndPriorityOnly() throws Exception {
        sentAwayFor(PROTOCOL_ERROR, data(1, true, "x"));
        sentAwayFor(PROTOCOL_ERROR, reset(1));
        sentAwayFor(PROTOCOL_ERROR, windowUpdate(1, 9));
        sentAwayFor(PROTOCOL_ERROR, windowUpdate(2, 9));
        sentAwayFor(PROTOCOL_ERROR, frame(CONTINUATION, END_HEADERS, 1, head("GET", "/p.gif")));
        try (Http2Client client = Http2Client.connect(server)) {
            client.send(frame(PRIORITY, 0, 7, number(0), new byte[1]), get(1, "/p.gif"));
            assertThat(client.answer(1).status()).isEqualTo(200);
        }
    }

    @Test
    void section5_1_aStreamThatIsHalfClosedTakesNoMoreOfTheRequest() throws Exception {
        server.intake.mode = FakeIntake.Mode.HOLD;
        for (byte[] more : new byte[][] {data(1, true, "x"), headers(1, fields("a", "b"))}) {
            try (Http2Client client = Http2Client.connect(server)) {
                client.send(get(1, "/p.gif"), more);
                assertThat(client.resetOf(1)).isEqualTo(STREAM_CLOSED);
                server.intake.reply(server.intake.held.take());
                client.send(ping("still me"));
                assertThat(client.read().type())
                        .as("no answer to a stream that was reset")
                        .isEqualTo(PING);
            }
        }
    }

    @Test
    void section5_1_aClosedStreamTakesNothing() throws Exception {
        byte[] other = get(3, "/p.gif");
        sentAwayFor(STREAM_CLOSED, post(1, "/v1/events"), reset(1), other, data(1, true, "x"));
        sentAwayFor(STREAM_CLOSED, post(1, "/v1/events"), reset(1), other, headers(1, fields("a", "b")));
        try (Http2Client client = Http2Client.connect(server)) {
            client.send(get(1, "/p.gif"));
            client.answer(1);
            client.send(windowUpdate(1, 9), reset(1), frame(PRIORITY, 0, 1, number(0), new byte[1]), other);
            assertThat(client.answer(3).status())
                    .as("what may come late is ignored")
                    .isEqualTo(200);
            client.send(data(1, true, "x"));
            assertThat(client.sentAway()).isEqualTo(STREAM_CLOSED);
        }
    }

    @Test
    void section5_1_1_streamsOfClientsHaveOddNumbersThatGrow() throws Exception {
        sentAwayFor(PROTOCOL_ERROR, get(2, "/p.gif"));
        sentAwayFor(PROTOCOL_ERROR, get(5, "/p.gif"), get(3, "/p.gif"));
    }

    @Test
    void section5_1_2_streamsBeyondTheLimitAreRefused() throws Exception {
        server.intake.mode = FakeIntake.Mode.HOLD;
        int most = TestServer.CONFIG.maxStreams();
        try (Http2Client client = Http2Client.connect(server)) {
            for (int i = 0; i < most; i++) {
                client.send(get(2 * i + 1, "/p.gif?" + i));
            }
            client.send(post(2 * most + 1, "/v1/events"), data(2 * most + 1, true, "{}"));
            assertThat(client.resetOf(2 * most + 1)).isEqualTo(REFUSED_STREAM);
            server.intake.reply(server.intake.held.take());
            assertThat(client.answer(1).status()).isEqualTo(200);
            server.intake.mode = FakeIntake.Mode.ANSWER;
            client.send(get(2 * most + 3, "/p.gif?again"));
            assertThat(client.answer(2 * most + 3).status()).isEqualTo(200);
            assertThat(server.total(Counter.HTTP2_STREAMS_REFUSED)).isEqualTo(1);
        }
    }

    @Test
    void section6_5_2_aHundredStreamsBeforeTheLimitIsKnownAreNoFlood() throws Exception {
        server.intake.mode = FakeIntake.Mode.HOLD;
        int most = TestServer.CONFIG.maxStreams();
        try (Http2Client client = new Http2Client(server.server.port())) {
            byte[] all = join(PREFACE, frame(SETTINGS, 0, 0));
            for (int i = 0; i < 100; i++) {
                all = join(all, get(2 * i + 1, "/p.gif"));
            }
            client.send(all);
            for (int i = most; i < 100; i++) {
                assertThat(client.resetOf(2 * i + 1)).isEqualTo(REFUSED_STREAM);
            }
            server.intake.reply(server.intake.held.take());
            assertThat(client.answer(1).status()).isEqualTo(200);
        }
    }

    @Test
    void section5_3_1_aStreamCannotDependOnItself() throws Exception {
        resetFor(PROTOCOL_ERROR, post(1, "/v1/events"), frame(PRIORITY, 0, 1, number(1), new byte[1]));
        sentAwayFor(
                PROTOCOL_ERROR,
                frame(HEADERS, END_HEADERS | WITH_PRIORITY, 1, number(1), new byte[1], head("GET", "/p.gif")));
    }

    @Test
    void section6_1_data() throws Exception {
        sentAwayFor(PROTOCOL_ERROR, data(0, false, "x"));
        sentAwayFor(PROTOCOL_ERROR, post(1, "/v1/events"), frame(DATA, PADDED, 1, new byte[] {9, 1, 2}));
        resetFor(FRAME_SIZE_ERROR, post(1, "/v1/events"), frame(DATA, PADDED, 1));
    }

    @Test
    void section6_2_headers() throws Exception {
        sentAwayFor(PROTOCOL_ERROR, headers(0, head("GET", "/p.gif")));
        sentAwayFor(PROTOCOL_ERROR, frame(HEADERS, END_HEADERS | PADDED, 1, new byte[] {9, 1, 2}));
        sentAwayFor(FRAME_SIZE_ERROR, frame(HEADERS, END_HEADERS | WITH_PRIORITY, 1, new byte[4]));
        try (Http2Client client = Http2Client.connect(server)) {
            int flags = END_STREAM | END_HEADERS | WITH_PRIORITY | PADDED;
            byte[] priority = join(number(0x80000000), new byte[] {7});
            client.send(frame(HEADERS, flags, 1, new byte[] {2}, priority, head("GET", "/p.gif"), new byte[2]));
            assertThat(client.answer(1).status()).isEqualTo(200);
        }
    }

    @Test
    void section6_3_priority() throws Exception {
        sentAwayFor(PROTOCOL_ERROR, frame(PRIORITY, 0, 0, new byte[5]));
        resetFor(FRAME_SIZE_ERROR, post(1, "/v1/events"), frame(PRIORITY, 0, 1, new byte[4]));
    }

    @Test
    void section6_4_rstStream() throws Exception {
        sentAwayFor(PROTOCOL_ERROR, reset(0));
        sentAwayFor(FRAME_SIZE_ERROR, post(1, "/v1/events"), frame(RST_STREAM, 0, 1, new byte[3]));
    }

    @Test
    void section6_5_settings() throws Exception {
        sentAwayFor(PROTOCOL_ERROR, frame(SETTINGS, 0, 1));
        sentAwayFor(FRAME_SIZE_ERROR, frame(SETTINGS, ACK, 0, setting(1, 0)));
        sentAwayFor(FRAME_SIZE_ERROR, frame(SETTINGS, 0, 0, new byte[5]));
        sentAwayFor(PROTOCOL_ERROR, frame(SETTINGS, 0, 0, setting(2, 2)));
        sentAwayFor(FLOW_CONTROL_ERROR, frame(SETTINGS, 0, 0, setting(4, 0x80000000)));
        sentAwayFor(PROTOCOL_ERROR, frame(SETTINGS, 0, 0, setting(5, 16383)));
        sentAwayFor(PROTOCOL_ERROR, frame(SETTINGS, 0, 0, setting(5, 1 << 24)));
    }

    @Test
    void section6_5_3_settingsAreAcknowledgedInOrder() throws Exception {
        try (Http2Client client = Http2Client.connect(server)) {
            byte[] settings = frame(SETTINGS, 0, 0, setting(1, 0), setting(4, 10), setting(4, 20));
            client.send(settings, ping("12345678"), settings, get(1, "/p.gif"));
            Frame ack = client.read();
            assertThat(ack.type()).isEqualTo(SETTINGS);
            assertThat(ack.flags()).isEqualTo(ACK);
            assertThat(ack.payload()).isEmpty();
            assertThat(client.read().type()).isEqualTo(PING);
            assertThat(client.read().type()).isEqualTo(SETTINGS);
            assertThat(client.read().type()).isEqualTo(HEADERS);
            assertThat(client.read().payload()).as("the last of two values").hasSize(20);
        }
    }

    @Test
    void section6_7_ping() throws Exception {
        sentAwayFor(PROTOCOL_ERROR, frame(PING, 0, 1, new byte[8]));
        sentAwayFor(FRAME_SIZE_ERROR, frame(PING, 0, 0, new byte[7]));
        try (Http2Client client = Http2Client.connect(server)) {
            client.send(frame(PING, ACK, 0, new byte[8]), ping("12345678"));
            Frame answer = client.read();
            assertThat(answer.type()).isEqualTo(PING);
            assertThat(answer.flags()).isEqualTo(ACK);
            assertThat(answer.payload()).isEqualTo("12345678".getBytes());
        }
    }

    @Test
    void section6_8_goaway() throws Exception {
        sentAwayFor(PROTOCOL_ERROR, frame(GOAWAY, 0, 1, new byte[8]));
        try (Http2Client client = Http2Client.connect(server)) {
            client.send(frame(GOAWAY, 0, 0, new byte[12]), get(1, "/p.gif"));
            assertThat(client.answer(1).status()).isEqualTo(200);
        }
    }

    @Test
    void section6_9_windowUpdate() throws Exception {
        sentAwayFor(PROTOCOL_ERROR, windowUpdate(0, 0));
        sentAwayFor(FRAME_SIZE_ERROR, frame(WINDOW_UPDATE, 0, 0, new byte[3]));
        resetFor(PROTOCOL_ERROR, post(1, "/v1/events"), windowUpdate(1, 0));
        // Section 6.9.1: windows have at most 2^31-1 bytes.
        sentAwayFor(FLOW_CONTROL_ERROR, windowUpdate(0, Integer.MAX_VALUE));
        resetFor(FLOW_CONTROL_ERROR, post(1, "/v1/events"), windowUpdate(1, Integer.MAX_VALUE));
        sentAwayFor(
                FLOW_CONTROL_ERROR,
                frame(SETTINGS, 0, 0, setting(4, 0)),
                post(1, "/v1/events"),
                windowUpdate(1, Integer.MAX_VALUE),
                frame(SETTINGS, 0, 0, setting(4, 1)));
    }

    @Test
    void section6_9_1_aBodyOfAllowedLengthNeedsNoWindowAndPaddingIsGivenBack() throws Exception {
        int most = TestServer.CONFIG.maxBodyBytes();
        byte[] padding = padded(1, false, "", 255);
        try (Http2Client client = Http2Client.connect(server)) {
            client.send(post(1, "/v1/events"));
            int window = TestServer.CONFIG.streamWindowBytes();
            int sent = 0;
            while (sent < most) {
                // As a client that counts: it waits for its window, and would for ever.
                String piece = "x".repeat(Math.min(10_000, most - sent));
                client.send(data(1, false, piece));
                sent += piece.length();
                window -= piece.length();
                for (int i = 0; i < 40; i++) {
                    while (window < 256 + Math.min(10_000, most - sent)) {
                        window += client.await(WINDOW_UPDATE, 1).number(0);
                    }
                    client.send(padding);
                    window -= 256;
                }
            }
            client.send(data(1, true, ""));
            assertThat(client.answer(1).status()).isEqualTo(200);
            assertThat(server.intake.seen().getFirst().body()).hasSize(most);
        }
    }

    @Test
    void section8_1_anAnswerMayEndARequestThatIsTooLarge() throws Exception {
        byte[] piece = frame(DATA, 0, 1, new byte[16 * 1024]);
        try (Http2Client client = Http2Client.connect(server)) {
            client.send(post(1, "/v1/events"), piece, piece, piece, piece, piece, piece, piece, piece, piece);
            assertThat(client.answer(1).status()).isEqualTo(413);
            assertThat(client.resetOf(1)).isEqualTo(NO_ERROR);
            client.send(piece, post(3, "/v1/events", "content-length", "100001"));
            assertThat(client.answer(3).status()).isEqualTo(413);
            assertThat(client.resetOf(3)).isEqualTo(NO_ERROR);
        }
        assertThat(server.metrics.total(Reason.BODY_TOO_LARGE)).isEqualTo(2);
    }

    @Test
    void section6_9_2_answersKeepToTheWindowsAlsoToOneBelowZero() throws Exception {
        try (Http2Client client = Http2Client.connect(server, setting(4, 3))) {
            client.send(get(1, "/p.gif"));
            assertThat(client.await(HEADERS, 1).has(END_STREAM)).isFalse();
            assertThat(client.read().payload()).hasSize(3);
            client.send(frame(SETTINGS, 0, 0, setting(4, 0)));
            client.await(SETTINGS, 0);
            // The window stands at -3 now.
            client.send(windowUpdate(1, 3), ping("1.......")).await(PING, 0);
            client.send(windowUpdate(1, 1));
            assertThat(client.read().payload()).hasSize(1);
            client.send(frame(SETTINGS, 0, 0, setting(4, 1000)));
            Frame rest = client.await(DATA, 1);
            assertThat(rest.payload()).hasSize(43 - 4);
            assertThat(rest.has(END_STREAM)).isTrue();
        }
    }

    @Test
    void section6_10_continuationsFollowTheirHeadersAndNothingElseDoes() throws Exception {
        byte[] block = head("GET", "/p.gif");
        byte[] begun = frame(HEADERS, END_STREAM, 1, block);
        sentAwayFor(PROTOCOL_ERROR, begun, ping("12345678"));
        sentAwayFor(PROTOCOL_ERROR, begun, get(3, "/p.gif"));
        sentAwayFor(PROTOCOL_ERROR, begun, frame(0xBB, 0, 0));
        sentAwayFor(PROTOCOL_ERROR, begun, frame(CONTINUATION, END_HEADERS, 3));
        sentAwayFor(PROTOCOL_ERROR, get(1, "/p.gif"), frame(CONTINUATION, END_HEADERS, 1, fields("a", "b")));
        sentAwayFor(PROTOCOL_ERROR, frame(CONTINUATION, END_HEADERS, 0, block));
    }

    @Test
    void section8_1_trailersEndTheRequest() throws Exception {
        resetFor(PROTOCOL_ERROR, post(1, "/v1/events"), frame(HEADERS, END_HEADERS, 1, fields("a", "b")));
        resetFor(PROTOCOL_ERROR, post(1, "/v1/events"), headers(1, fields(":path", "/")));
        resetFor(PROTOCOL_ERROR, post(1, "/v1/events"), headers(1, fields("A", "b")));
    }

    @Test
    void section8_1_1_contentLengthIsWhatComes() throws Exception {
        resetFor(PROTOCOL_ERROR, post(1, "/v1/events", "content-length", "1"), data(1, true, "{}"));
        resetFor(PROTOCOL_ERROR, post(1, "/v1/events", "content-length", "3"), data(1, true, "{}"));
        resetFor(PROTOCOL_ERROR, post(1, "/v1/events", "content-length", "1"), data(1, false, "{}"));
        resetFor(
                PROTOCOL_ERROR,
                post(1, "/v1/events", "content-length", "3"),
                data(1, false, "{}"),
                headers(1, fields("a", "b")));
        resetFor(PROTOCOL_ERROR, headers(1, head("POST", "/v1/events", "content-length", "1")));
        for (String wrong : new String[] {"", "+1", "0x1", "1,1", "-0", "1 "}) {
            resetFor(PROTOCOL_ERROR, post(1, "/v1/events", "content-length", wrong));
        }
        resetFor(PROTOCOL_ERROR, post(1, "/v1/events", "content-length", "1", "content-length", "2"));
    }

    @Test
    void section8_2_1_namesAreInLowerCaseAndValuesHoldNoLineEnds() throws Exception {
        String[][] wrong = {
            {"X-Upper", "v"},
            {"x y", "v"},
            {"", "v"},
            {"x:y", "v"},
            {"x\u0000", "v"},
            {"x\u00e9", "v"},
            {"x", "a\r\nb"},
            {"x", "a\nb"},
            {"x", "a\rb"},
            {"x", "a\u0000b"},
            {"x", " v"},
            {"x", "v "},
            {"x", "\tv"},
        };
        for (String[] field : wrong) {
            resetFor(PROTOCOL_ERROR, get(1, "/p.gif", field));
        }
        try (Http2Client client = Http2Client.connect(server)) {
            client.send(get(1, "/p.gif", "x-_.~!1", "a b\tc\u00e9\u0001", "x", ""));
            assertThat(client.answer(1).status()).isEqualTo(200);
        }
    }

    @Test
    void section8_2_2_nothingOfTheConnectionStandsInARequest() throws Exception {
        for (String name :
                new String[] {"connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade"}) {
            resetFor(PROTOCOL_ERROR, get(1, "/p.gif", name, "x"));
        }
        resetFor(PROTOCOL_ERROR, get(1, "/p.gif", "te", "gzip"));
        try (Http2Client client = Http2Client.connect(server)) {
            client.send(get(1, "/p.gif", "te", "trailers"));
            assertThat(client.answer(1).status()).isEqualTo(200);
        }
    }

    @Test
    void section8_3_pseudoHeaderFieldsAreThereOnceAndFirst() throws Exception {
        String[] good = {":method", "GET", ":scheme", "http", ":authority", "x", ":path", "/p.gif"};
        malformed(":method", "GET", ":scheme", "http", ":authority", "x");
        malformed(":method", "GET", ":path", "/p.gif", ":authority", "x");
        malformed(":scheme", "http", ":path", "/p.gif", ":authority", "x");
        malformed(with(good, ":path", "/p.gif"));
        malformed(with(good, ":status", "200"));
        malformed(with(good, ":unknown", "x"));
        malformed(with(new String[] {"a", "b"}, good));
        malformed(with(good, "a", "b", ":method", "GET"));
        malformed(":method", "", ":scheme", "http", ":authority", "x", ":path", "/p.gif");
        malformed(":method", "G T", ":scheme", "http", ":authority", "x", ":path", "/p.gif");
        malformed(":method", "GET", ":scheme", "gopher", ":authority", "x", ":path", "/p.gif");
        malformed(":method", "CONNECT", ":authority", "x:80");
        for (String path : new String[] {"", "p.gif", "*", "/p.gif x", "http://x/p.gif", "/p.gif\u00e9"}) {
            malformed(":method", "GET", ":scheme", "http", ":authority", "x", ":path", path);
        }
    }

    @Test
    void section8_3_1_oneAuthorityIsThere() throws Exception {
        String[] none = {":method", "GET", ":scheme", "https", ":path", "/p.gif"};
        malformed(none);
        malformed(with(none, "host", ""));
        malformed(with(none, ":authority", "user@x"));
        malformed(with(none, "host", "x", "host", "x"));
        malformed(with(none, ":authority", "x", "host", "y"));
        try (Http2Client client = Http2Client.connect(server)) {
            client.send(headers(1, fields(with(none, "host", "x"))));
            assertThat(client.answer(1).status()).isEqualTo(200);
            client.send(headers(3, fields(with(none, ":authority", "x:80", "host", "X:80"))));
            assertThat(client.answer(3).status()).isEqualTo(200);
        }
    }

    @Test
    void section8_4_clientsDoNotPush() throws Exception {
        sentAwayFor(
                PROTOCOL_ERROR,
                post(1, "/v1/events"),
                frame(PUSH_PROMISE, END_HEADERS, 1, number(2), head("GET", "/p.gif")));
    }

    private static String[] with(String[] fields, String... more) {
        String[] all = Arrays.copyOf(fields, fields.length + more.length);
        System.arraycopy(more, 0, all, fields.length, more.length);
        return all;
    }
}
