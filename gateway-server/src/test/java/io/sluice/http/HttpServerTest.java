package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.protocol.Protocol;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Requests in, answers out: what the intake sees of a request, and what the client sees of an answer. */
@ExtendWith(CleanLog.class)
class HttpServerTest {

    private TestServer server;
    private RawClient client;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
        client = server.connect();
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        server.close();
    }

    @Test
    void aPixelReachesTheIntakeAndIsAnsweredWithAnImage() throws IOException {
        client.send("GET /p.gif?k=demo&e=view HTTP/1.1\r\nHost: x\r\nUser-Agent: Agent/1\r\n\r\n");
        RawClient.Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("image/gif");
        assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
        assertThat(answer.body()).hasSizeLessThanOrEqualTo(43).startsWith('G', 'I', 'F', '8', '9', 'a');
        assertThat(server.intake.seen())
                .containsExactly(new FakeIntake.Seen(Protocol.PIXEL, "k=demo&e=view", "", "Agent/1", "", "", 4));
    }

    @Test
    void aBatchIsAnsweredWithItsPositionLast() throws IOException {
        client.send("POST /v1/events?k=demo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n[{},{");
        RawClient.Answer answer = client.read();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Content-Type")).isEqualTo("application/json");
        assertThat(answer.text()).matches("\\{\"n\":\"k=demo\",\"length\":5,\"pos\":\"[^\"]{34}\"}");
        assertThat(server.intake.seen().getFirst().body()).isEqualTo("[{},{");
    }
}
