package io.sluice.load.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.bench.traffic.Traffic;
import io.sluice.load.acks.EventId;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every protocol keeps, and a new one must. */
class LoadProtocolsTest {

    private static final Sender SENDER = new Sender("127.0.0.1:8080", "demo", "https://shop-0001.example", "test/1.0");
    private static final String RUN = "abcd1234";
    private static final int REQUESTS = 200;

    static Stream<LoadProtocol> protocols() {
        return LoadProtocols.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void theSameSeedMakesTheSameBytes(LoadProtocol protocol) {
        Traffic one = new Traffic(11);
        Traffic same = new Traffic(11);
        Traffic other = new Traffic(12);
        boolean differs = false;
        for (int i = 0; i < REQUESTS; i++) {
            byte[] bytes = request(protocol, one).bytes();
            assertThat(request(protocol, same).bytes()).isEqualTo(bytes);
            differs |= !java.util.Arrays.equals(bytes, request(protocol, other).bytes());
        }
        assertThat(differs).isTrue();
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void numbersAndTimesAreWrittenInPlace(LoadProtocol protocol) {
        Traffic traffic = new Traffic(3);
        for (int i = 0; i < REQUESTS; i++) {
            Rendered rendered = request(protocol, traffic);
            ByteBuf bytes = Unpooled.wrappedBuffer(rendered.bytes());
            for (int event = 0; event < rendered.events(); event++) {
                int at = rendered.numbersAt()[event];
                int idAt = at - EventId.NUMBER_AT;
                assertThat(EventId.is(rendered.bytes(), idAt)).isTrue();
                assertThat(EventId.runKey(rendered.bytes(), idAt)).isEqualTo(EventId.runKey(RUN));
                EventId.writeNumber(bytes, at, 987_654_321_000L + event);
                assertThat(EventId.number(rendered.bytes(), idAt)).isEqualTo(987_654_321_000L + event);
                int timeAt = rendered.timesAt()[event];
                assertThat(text(rendered.bytes(), timeAt - 4, 4))
                        .endsWith(protocol.name().equals("pixel") ? "ts=" : "ts\":");
                assertThat(text(rendered.bytes(), timeAt, 13)).containsOnlyDigits();
                EventId.writeMillis(bytes, timeAt, 1_795_305_600_123L);
                assertThat(text(rendered.bytes(), timeAt, 13)).isEqualTo("1795305600123");
                assertThat(rendered.agesMillis()[event]).isBetween(0, 60_000);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("protocols")
    void theHeadIsThatOfARequestAndSaysHowLongItIs(LoadProtocol protocol) {
        String request = new String(request(protocol, new Traffic(5)).bytes(), StandardCharsets.UTF_8);
        int headEnd = request.indexOf("\r\n\r\n") + 4;
        assertThat(request).contains("\r\nHost: 127.0.0.1:8080\r\n").contains("\r\nUser-Agent: test/1.0\r\n");
        assertThat(request.lines().findFirst().orElseThrow()).contains("k=demo").endsWith(" HTTP/1.1");
        int bodyBytes = request.substring(headEnd).getBytes(StandardCharsets.UTF_8).length;
        if (request.startsWith("POST")) {
            assertThat(request).contains("\r\nContent-Length: " + bodyBytes + "\r\n");
        } else {
            assertThat(bodyBytes).isZero();
        }
    }

    @Test
    void anAnswerThatRejectedAnEventDoesNotTakeAll() {
        LoadProtocol events = LoadProtocols.find("events");
        assertThat(takesAll(events, "{\"accepted\":50,\"rejected\":0,\"pos\":\"x\"}"))
                .isTrue();
        assertThat(takesAll(events, "{\"accepted\":49,\"rejected\":1,\"errors\":[]}"))
                .isFalse();
        assertThat(takesAll(events, "")).isFalse();
    }

    @Test
    void aPixelHoldsWhatIsFlatInTheEvent() {
        String json = "{\"id\":\"" + EventId.text(RUN, 0)
                + "\",\"event\":\"search\",\"ts\":1795305600000,\"props\":{\"q\":\"gr\u00fcne & \\u0040\",\"hits\":3,"
                + "\"items\":[{\"a\":\"}\"},{\"b\":1}],\"x\":false}}";
        TrafficEvent event = new TrafficEvent(json, json.indexOf("1795305600000"), 1_795_305_600_000L);
        String request = new String(
                LoadProtocols.find("pixel").render(List.of(event), SENDER).bytes(), StandardCharsets.UTF_8);
        String query = request.substring(request.indexOf('?') + 1, request.indexOf(" HTTP"));
        assertThat(Stream.of(query.split("&")).map(p -> URLDecoder.decode(p, StandardCharsets.UTF_8)))
                .containsExactly(
                        "k=demo",
                        "id=" + EventId.text(RUN, 0),
                        "event=search",
                        "ts=1795305600000",
                        "q=gr\u00fcne & @",
                        "hits=3",
                        "x=false");
    }

    private static Rendered request(LoadProtocol protocol, Traffic traffic) {
        int events = Math.min(10, protocol.maxEvents());
        return protocol.render(TrafficEvent.of(traffic.next(events), RUN), SENDER);
    }

    private static boolean takesAll(LoadProtocol protocol, String body) {
        byte[] bytes = body.getBytes(StandardCharsets.US_ASCII);
        return protocol.takesAll(bytes, bytes.length);
    }

    private static String text(byte[] bytes, int at, int length) {
        return new String(bytes, at, length, StandardCharsets.US_ASCII);
    }
}
