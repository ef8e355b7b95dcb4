package io.sluice.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AnswerParserTest {

    private static final String ANSWERS = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nX: y\r\n\r\nhello"
            + "HTTP/1.1 100 Continue\r\n\r\n"
            + "HTTP/1.1 204 No Content\r\n\r\n"
            + "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n"
            + "HTTP/1.1 503 Service Unavailable\r\nRetry-After: Fri, 31 Dec 2027 23:59:59 GMT\r\nContent-Length: 0\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\nA\r\n, big worl\r\n1\r\nd\r\n0\r\nT: x\r\n\r\n"
            + "HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 200\r\n\r\n" + "b".repeat(200);

    private static final List<String> EXPECTED = List.of(
            "200 -1 false hello",
            "204 -1 false ",
            "503 7 false ",
            "503 -1 false ",
            "200 -1 false hello, big world",
            "400 -1 true " + "b".repeat(AnswerParser.PEEK));

    private final List<String> answers = new ArrayList<>();

    @Test
    void readsAnswersWhereverTheyAreCut() {
        byte[] bytes = ANSWERS.getBytes(StandardCharsets.US_ASCII);
        for (int cut = 0; cut <= bytes.length; cut++) {
            answers.clear();
            AnswerParser parser = parser();
            read(parser, bytes, 0, cut);
            read(parser, bytes, cut, bytes.length);
            assertThat(answers).as("cut at %d", cut).isEqualTo(EXPECTED);
        }
    }

    @Test
    void readsAnswersByteByByte() {
        byte[] bytes = ANSWERS.getBytes(StandardCharsets.US_ASCII);
        AnswerParser parser = parser();
        for (int i = 0; i < bytes.length; i++) {
            read(parser, bytes, i, i + 1);
        }
        assertThat(answers).isEqualTo(EXPECTED);
    }

    @Test
    void refusesWhatIsNoAnswer() {
        assertThatThrownBy(() -> parse("SSH-2.0-OpenSSH_9.9\r\n\r\n")).hasMessageContaining("status line");
        assertThatThrownBy(() -> parse("HTTP/1.1 200 OK\r\n\r\n")).hasMessageContaining("Content-Length");
        assertThatThrownBy(() -> parse("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n"))
                .hasMessageContaining("chunk");
        assertThatThrownBy(() -> parse("HTTP/1.1 200 OK\r\n" + "X: y\r\n".repeat(20_000)))
                .hasMessageContaining("head");
    }

    private void parse(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        read(parser(), bytes, 0, bytes.length);
    }

    private AnswerParser parser() {
        return new AnswerParser((status, retryAfterSeconds, close, body, length) -> answers.add(status + " "
                + retryAfterSeconds + " " + close + " " + new String(body, 0, length, StandardCharsets.US_ASCII)));
    }

    private static void read(AnswerParser parser, byte[] bytes, int from, int to) {
        ByteBuf in = Unpooled.wrappedBuffer(bytes, from, to - from);
        parser.read(in);
        assertThat(in.isReadable()).isFalse();
    }
}
