package io.sluice.beacon;

import io.sluice.common.Position;
import io.sluice.common.Uuid7;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import io.sluice.privacy.ScrubbedSink;
import io.sluice.privacy.period.Period;
import io.sluice.privacy.period.PeriodSecret;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Outcome;
import io.sluice.protocol.Protocol;
import io.sluice.record.LineBuffer;
import io.sluice.shop.Shop;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** A loop's decoders, sink and buffers, with requests put in as bytes and lines read out as text. */
final class Fixture {

    static final long NOW = 1_763_769_600_123L;
    /** For pseudonyms of policies that hash. */
    private static final PeriodSecret SECRET = new PeriodSecret(Period.at(Period.Length.NEVER, 0), new byte[32]);

    static final UUID INCARNATION = UUID.fromString("01900000-0000-7000-8000-000000000001");

    final Metrics metrics = new Metrics();
    final LineBuffer events = new LineBuffer(64);
    final LineBuffer rejected = new LineBuffer(64);
    final FramedRequest request = new FramedRequest();
    final Outcome outcome = new Outcome();
    Shop shop = new Shop("demo", 0, Set.of());
    /** {@code null}: there is none. */
    PeriodSecret secret = SECRET;

    final ScrubbedSink sink =
            new ScrubbedSink(metrics, metrics.newCells(), new Uuid7(), INCARNATION, 0, rejected, millis -> secret);
    Decoders decoders = new Decoders(1000, 64 * 1024);
    byte[] address = {(byte) 203, 0, 113, 77};
    String userAgent = "";
    boolean globalPrivacyControl;
    boolean doNotTrack;
    String country = "";
    String consentCookies = "";
    private byte[] agent;
    private byte[] countryBytes;
    private byte[] cookieBytes;
    /** What stands behind the content of the body and the query. */
    byte[] padding = new byte[FramedRequest.PADDING];

    Fixture limits(int maxEvents, int maxEventBytes) {
        decoders = new Decoders(maxEvents, maxEventBytes);
        return this;
    }

    Fixture post(String body) {
        return post(body.getBytes(StandardCharsets.UTF_8));
    }

    Fixture post(byte[] body) {
        request.begin(Protocol.EVENTS, NOW);
        fill(request.body(), body);
        return decode();
    }

    Fixture pixel(String query) {
        return pixel(query.getBytes(StandardCharsets.UTF_8));
    }

    Fixture pixel(byte[] query) {
        request.begin(Protocol.PIXEL, NOW);
        fill(request.query(), query);
        return decode();
    }

    private void fill(FramedRequest.Bytes to, byte[] content) {
        byte[] array = to.resize(content.length);
        System.arraycopy(content, 0, array, 0, content.length);
        System.arraycopy(padding, 0, array, content.length, padding.length);
    }

    /** Makes everything ready for {@link #decodePrepared}, which allocates nothing itself. */
    void prepare(byte[] body) {
        request.begin(Protocol.EVENTS, NOW);
        fill(request.body(), body);
        agent = userAgent.getBytes(StandardCharsets.ISO_8859_1);
        countryBytes = ascii(country);
        cookieBytes = ascii(consentCookies);
    }

    private Fixture decode() {
        agent = userAgent.getBytes(StandardCharsets.ISO_8859_1);
        countryBytes = ascii(country);
        cookieBytes = ascii(consentCookies);
        return decodePrepared();
    }

    Fixture decodePrepared() {
        sink.begin(shop, request.protocol().id(), NOW, address, address.length, agent, agent.length, events);
        sink.requestConsent().headers(globalPrivacyControl, doNotTrack);
        sink.requestConsent().country(countryBytes, countryBytes.length);
        sink.requestConsent().cookies(cookieBytes, cookieBytes.length);
        decoders.of(request.protocol()).decode(request, sink, outcome);
        return this;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    List<String> events() {
        return lines(events);
    }

    List<String> rejected() {
        return lines(rejected);
    }

    String event() {
        return events().getLast();
    }

    long counted(Counter counter) {
        return metrics.total(counter);
    }

    private static List<String> lines(LineBuffer buffer) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < buffer.lines(); i++) {
            byte[] line = Arrays.copyOfRange(buffer.array(), buffer.start(i), buffer.end(i));
            Position.writeSuffix(line, buffer.hole(i) - buffer.start(i), 7, i);
            try {
                lines.add(StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(line))
                        .toString());
            } catch (CharacterCodingException e) {
                throw new AssertionError("not UTF-8: " + new String(line, StandardCharsets.ISO_8859_1), e);
            }
        }
        return lines;
    }
}
