package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.sluice.common.Clock;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.junit.jupiter.api.Test;

class AnswerDateTest {

    /** 1994-11-06T08:49:37.250Z, as in RFC 9110, section 5.6.7. */
    private static final long EPOCH_MILLIS = 784_111_777_250L;

    private long nanoTime = -77;
    private long epochMillis = EPOCH_MILLIS;
    private final AnswerDate date = new AnswerDate(new Clock() {
        @Override
        public long nanoTime() {
            return nanoTime;
        }

        @Override
        public long epochMillis() {
            return epochMillis;
        }
    });

    private AnswerDate after(long millis) {
        nanoTime += Duration.ofMillis(millis).toNanos();
        epochMillis += millis;
        return date.at(nanoTime);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    private static String text(ByteBuffer bytes) {
        return StandardCharsets.ISO_8859_1.decode(bytes.duplicate()).toString();
    }

    /** Fails unless it is of the last minute. @return it */
    static String soon(String date) {
        Instant said =
                ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
        assertThat(Duration.between(said, Instant.now())).isBetween(Duration.ofSeconds(-1), Duration.ofMinutes(1));
        return date;
    }

    @Test
    void hasTwoDigitsOfTheDay() {
        assertThat(text(after(0).http1())).isEqualTo("Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
        // Entry 33 of the static table, not indexed, 29 characters as they are.
        assertThat(text(date.http2())).isEqualTo("\u000f\u0012\u001dSun, 06 Nov 1994 08:49:37 GMT");
    }

    @Test
    void isEncodedOnceASecond() {
        byte[] first = after(0).http1();
        assertThat(after(749).http1()).isSameAs(first);
        assertThat(text(after(1).http1())).contains("08:49:38");
        assertThat(text(after(999).http1())).contains("08:49:38");
        assertThat(text(after(1).http1())).contains("08:49:39");
        assertThat(text(after(86_400_000).http1())).isEqualTo("Date: Mon, 07 Nov 1994 08:49:39 GMT\r\n");
    }

    @Test
    void followsAWallClockThatWasSet() {
        after(0);
        epochMillis -= 3_600_000;
        assertThat(text(after(1_000).http1())).contains("07:49:38");
    }

    @Test
    void theImageOfASecondStaysAsItWas() {
        ByteBuffer first = after(0).imageBytes();
        ByteBuf rest = date.image(17);
        assertThat(text(first)).startsWith("HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
        assertThat(text(after(1_000).imageBytes())).contains("08:49:38").hasSize(first.limit());
        assertThat(text(first)).contains("08:49:37");
        assertThat(rest.toString(StandardCharsets.ISO_8859_1))
                .isEqualTo(text(first).substring(17));
        // Whoever has written it releases it.
        rest.release();
        assertThat(date.image(0).isReadable()).isTrue();
        assertThat(first.isReadOnly()).isTrue();
    }

    @Test
    void everyAnswerOfHttp1HasOne() throws Exception {
        try (TestServer server = new TestServer();
                RawClient client = server.connect()) {
            for (String request : new String[] {
                "GET /p.gif?k=demo HTTP/1.1\r\nHost: x\r\n\r\n",
                "POST /v1/events?k=demo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n[]",
                "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n",
                "DELETE /p.gif HTTP/1.1\r\nHost: x\r\n\r\n",
                "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : x\r\n\r\n"
            }) {
                soon(client.send(request).read().header("Date"));
            }
        }
    }
}
