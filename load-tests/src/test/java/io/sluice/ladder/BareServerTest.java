package io.sluice.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class BareServerTest {

    private static final byte[] REQUESTS = ("POST /v1/events?k=demo HTTP/1.1\r\nHost: h\r\nContent-Length: 12\r\n\r\n"
                    + "a\r\n\r\nb: c\r\n\n"
                    + "GET /p.gif HTTP/1.1\r\nHost: h\r\n\r\n"
                    + "POST / HTTP/1.1\r\ncontent-length:3\r\nA: b\r\n\r\nxyz")
            .getBytes(StandardCharsets.US_ASCII);

    @Test
    void eachRequestIsAnsweredOnceHoweverItIsCut() {
        for (int cut = 0; cut <= REQUESTS.length; cut++) {
            EmbeddedChannel channel = new EmbeddedChannel(new BareServer.Handler());
            channel.writeInbound(part(0, cut));
            channel.writeInbound(part(cut, REQUESTS.length));
            assertThat(answers(channel)).as("cut at %d", cut).isEqualTo(3);
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void nothingIsAnsweredBeforeTheLastByte() {
        EmbeddedChannel channel = new EmbeddedChannel(new BareServer.Handler());
        int answers = 0;
        int[] expected = new int[REQUESTS.length];
        int first = new String(REQUESTS, StandardCharsets.US_ASCII).indexOf("GET");
        int second = new String(REQUESTS, StandardCharsets.US_ASCII).indexOf("POST", 1);
        expected[first - 1]++;
        expected[second - 1]++;
        expected[REQUESTS.length - 1]++;
        for (int i = 0; i < REQUESTS.length; i++) {
            channel.writeInbound(part(i, i + 1));
            answers = answers(channel);
            assertThat(answers).as("behind byte %d", i).isEqualTo(expected[i]);
        }
        channel.finishAndReleaseAll();
    }

    private static ByteBuf part(int from, int to) {
        return Unpooled.wrappedBuffer(Arrays.copyOfRange(REQUESTS, from, to));
    }

    private static int answers(EmbeddedChannel channel) {
        int answers = 0;
        for (ByteBuf answer; (answer = channel.readOutbound()) != null; answer.release()) {
            assertThat(answer.toString(StandardCharsets.US_ASCII)).startsWith("HTTP/1.1 200 OK\r\n");
            answers++;
        }
        return answers;
    }
}
