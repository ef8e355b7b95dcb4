package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Protocol;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read without the decoder is what the decoder reads, and nothing that it refuses. */
class PlainHeadTest {

    private static final int MOST_LINE = 200;
    private static final int MOST_HEADERS = 600;

    private static final HttpConfig CONFIG = new HttpConfig(
                    "127.0.0.1",
                    0,
                    HttpConfig.Transport.NIO,
                    1,
                    MOST_LINE,
                    MOST_HEADERS,
                    1024,
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(1),
                    16,
                    100,
                    TlsConfig.NONE)
            .with(new ConsentConfig("CF-IPCountry", List.of("cookie_consent")));

    private static final ConsentFields CONSENT = new ConsentFields(CONFIG.consent());

    private final ForwardedClient forwarded = new ForwardedClient(CONFIG.proxies());
    private final PlainHead plain = new PlainHead(CONFIG, CONSENT, forwarded);

    @Test
    void readsWhatABrowserSends() {
        String head = "GET /p.gif?k=demo&e=view HTTP/1.1\r\nHost: beacons.shop.example\r\nConnection: keep-alive\r\n"
                + "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Firefox/143.0\r\nDNT:1\r\nSec-GPC: 1 \r\n"
                + "Accept: image/avif,image/webp\r\nReferer: https://shop.example/\r\nCF-IPCountry: de\r\n"
                + "Cookie: a=b; cookie_consent=all\r\nOrigin: https://shop.example\r\nX-Write-Key: other\r\n"
                + "X-Forwarded-For: 192.0.2.7\r\n\r\n";
        assertThat(read(head + "GET ")).isEqualTo(head.length());
        RequestHead to = new RequestHead();
        plain.lendTo(to, CONSENT);
        assertThat(to.country).as("what only a proxy may say").isNull();
        plain.readForwarded(forwarded, to);
        assertThat(framed(to))
                .isEqualTo(
                        "GET /p.gif?k=demo&e=view\nk=demo&e=view\nMozilla/5.0 (X11; Linux x86_64; rv:143.0)"
                                + " Firefox/143.0\nhttps://shop.example\nde\ntrue true\ncookie_consent=all;\nother\n[-64, 0, 2, 7]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1/events HTTP/1.1\r\nHost: x\r\n\r\n",
                "HEAD /p.gif HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET http://x/p.gif HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /p.gif HTTP/1.0\r\nHost: x\r\n\r\n",
                "GET  /p.gif HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /p.gif  HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /p.gif HTTP/1.1 \r\nHost: x\r\n\r\n",
                "GET /p.gif HTTP/1.1\nHost: x\n\n",
                "GET /p\t.gif HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /p\u007f.gif HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /p\u00e4.gif HTTP/1.1\r\nHost: x\r\n\r\n",
                "\r\nGET /p.gif HTTP/1.1\r\nHost: x\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\nHost: x,y\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\nHost : x\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\n Host: x\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\nHost: x\r\n y\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\nHost: x\ry\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\nHost: x\r\nA: b\u0000\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\nHost: x\r\nA: b\u007f\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\nHost: x\r\nA\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n\r\n",
                "GET /p.gif HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
                "post /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
                "POST  /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
                "POST http://x/v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
                "POST /v1/events HTTP/1.0\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length:\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 03\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: -3\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 0x3\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 3 3\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 3\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 3;\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n 3\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length : 3\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1025\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 4294967299\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 18446744073709551619\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: identity\r\nContent-Length: 3\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
                "POST /v1/events HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 3\r\n\r\nabc",
                "GET /p.gif HTTP/1.1\r\nHost: x\r\n\rx"
            })
    void leavesToTheDecoderWhatIsNotPlain(String head) {
        assertThat(read(head)).isZero();
    }

    @Test
    void readsThePostsOfTrackers() {
        String head = "POST /v1/events?k=demo HTTP/1.1\r\nhost: beacons.shop.example\r\ncontent-length: 1024\r\n"
                + "content-type: text/plain;charset=UTF-8\r\nreferer: https://shop.example/\r\n\r\n";
        assertThat(read(head)).isEqualTo(head.length());
        assertThat(plain.bodyBytes()).isEqualTo(1024);
        assertThat(plain.whole()).isFalse();
        assertThat(read(head + "x".repeat(1023))).isEqualTo(head.length());
        assertThat(plain.whole()).isFalse();
        assertThat(read(head + "x".repeat(1024))).isEqualTo(head.length());
        assertThat(plain.whole()).isTrue();
        String empty = "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
        assertThat(read(empty)).isEqualTo(empty.length());
        assertThat(plain.bodyBytes()).isZero();
        assertThat(plain.whole()).isTrue();
    }

    @Test
    void whatIsLentIsKeptIfAskedFor() {
        RequestHead kept = new RequestHead();
        read("GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: first\r\nOrigin: one\r\nX-Write-Key: key\r\n"
                + "Authorization: basic\r\nCF-IPCountry: de\r\nCookie: usprivacy=1YNN\r\n\r\n");
        plain.lendTo(kept, CONSENT);
        plain.readForwarded(forwarded, kept);
        String before = framed(kept);
        kept.keep();
        read("GET /".concat("!".repeat(150)).concat(" HTTP/1.1\r\nHost: x\r\n\r\n"));
        assertThat(framed(kept)).isEqualTo(before);
        assertThat(kept.authorization).hasToString("basic");
    }

    @Test
    void leavesToTheDecoderWhatIsNotWhole() {
        String head = "GET /p.gif?k=demo HTTP/1.1\r\nHost: x\r\nUser-Agent: y\r\n\r\n";
        for (int length = 1; length < head.length(); length++) {
            assertThat(read(head.substring(0, length))).as("%d bytes", length).isZero();
        }
        assertThat(read(head)).isEqualTo(head.length());
    }

    @Test
    void leavesToTheDecoderWhatIsTooLarge() {
        String rest = " HTTP/1.1\r\nHost: x\r\n\r\n";
        assertThat(read("GET /" + "a".repeat(MOST_LINE - 5 - 11) + rest)).isPositive();
        assertThat(read("GET /" + "a".repeat(MOST_LINE - 5 - 10) + rest)).isZero();
        String fields = "GET / HTTP/1.1\r\nHost: x\r\nA: " + "a".repeat(MOST_HEADERS - 16);
        String largest = fields + "\r\n\r\n";
        assertThat(read(largest)).isEqualTo(largest.length());
        assertThat(decoded(largest.getBytes(StandardCharsets.ISO_8859_1), largest.length(), 0))
                .startsWith("GET /\n");
        assertThat(read(fields + "a\r\n\r\n")).isZero();
        assertThat(read("GET / HTTP/1.1\r\nHost: x\r\n" + "A:\r\n".repeat(LimitsConfig.DEFAULT.fields() - 1) + "\r\n"))
                .isPositive();
        assertThat(read("GET / HTTP/1.1\r\nHost: x\r\n" + "A:\r\n".repeat(LimitsConfig.DEFAULT.fields()) + "\r\n"))
                .isZero();
    }

    @Test
    void namesAreComparedByTheCaseOfTheirLettersAndNothingElse() {
        ConsentConfig named = new ConsentConfig("Geo_Land~1", List.of());
        HttpConfig config = CONFIG.with(named);
        ConsentFields consent = new ConsentFields(named);
        PlainHead heads = new PlainHead(config, consent, forwarded);
        for (String name : List.of("Geo_Land~1", "geo_land~1", "GEO_LAND~1")) {
            assertThat(country(heads, consent, name)).as(name).hasToString("de");
        }
        for (String name : List.of("Geo_Land^1", "Geo-Land~1", "Geo_Land~!", "Geo_L!nd~1")) {
            assertThat(country(heads, consent, name)).as(name).isNull();
        }
    }

    private CharSequence country(PlainHead heads, ConsentFields consent, String name) {
        String head = "GET / HTTP/1.1\r\nHost: x\r\n" + name + ": de\r\n\r\n";
        assertThat(heads.read(Unpooled.copiedBuffer(head, StandardCharsets.ISO_8859_1)))
                .isEqualTo(head.length());
        RequestHead to = new RequestHead();
        heads.lendTo(to, consent);
        heads.readForwarded(forwarded, to);
        return to.country;
    }

    /** Pieces of heads, and bytes thrown in: of what is taken, the decoder must say the same. */
    @Test
    void understandsEveryHeadAsTheDecoderDoes() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int taken = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = head(random).getBytes(StandardCharsets.ISO_8859_1);
            for (int flips = random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) interesting(random);
            }
            ByteBuf in = Unpooled.wrappedBuffer(bytes);
            int length = plain.read(in);
            if (length > 0) {
                taken++;
                RequestHead ours = new RequestHead();
                plain.lendTo(ours, CONSENT);
                plain.readForwarded(forwarded, ours);
                String what = "seed %d, head %d: %s";
                Object[] which = {seed, i, new String(bytes, StandardCharsets.ISO_8859_1)};
                assertThat(framed(ours) + "\n" + plain.bodyBytes())
                        .as(what, which)
                        .isEqualTo(decoded(bytes, length, plain.bodyBytes()));
                assertThat(length).as(what, which).isLessThanOrEqualTo(bytes.length);
            }
        }
        assertThat(taken).as("seed %d", seed).isGreaterThan(2_000);
    }

    private int read(String head) {
        return plain.read(Unpooled.copiedBuffer(head, StandardCharsets.ISO_8859_1));
    }

    private static String head(Random random) {
        String[] fields = {
            "Host: x",
            "host:shop.example:80",
            "User-Agent: a\tb \u00e4",
            "user-agent:",
            "Origin: https://shop.example",
            "X-Write-Key: abc",
            "Authorization: Basic ZGVtbzo=",
            "Cookie: a=b; usprivacy=1YNN",
            "DNT: 1",
            "Sec-GPC: 0",
            "sec-gpc:1",
            "CF-IPCountry: FR",
            "X-Forwarded-For: 192.0.2.9, 198.51.100.1",
            "Connection: Keep-Alive",
            "Connection: close",
            "Accept: */*  ",
            "Content-Length: 0",
            "Content-Length: 17",
            "Content-Encoding: identity",
            "Transfer-Encoding: chunked",
            "X-~!: ,;=\"",
            "Date: Tue"
        };
        boolean post = random.nextBoolean();
        String[] lengths = {
            "Content-Length: 0",
            "Content-Length: 3",
            "content-length:24",
            "CONTENT-LENGTH:\t999 ",
            "Content-Length: 1024",
            "Content-Length: 007"
        };
        StringBuilder head = new StringBuilder(post ? "POST /p.gif" : "GET /p.gif");
        head.append(random.nextBoolean() ? "?k=demo&e=%20+" : "").append(" HTTP/1.1\r\nHost: x\r\n");
        for (int count = random.nextInt(5); count > 0; count--) {
            if (post && random.nextInt(3) == 0) {
                head.append(lengths[random.nextInt(lengths.length)]).append("\r\n");
                post = random.nextInt(9) == 0;
            }
            head.append(fields[random.nextInt(random.nextInt(4) == 0 ? fields.length : 13)])
                    .append("\r\n");
        }
        if (post) {
            head.append(lengths[random.nextInt(lengths.length)]).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    private static int interesting(Random random) {
        String some = "\r\n\t :;,\0\u007f\u0080\u00ff/?#@aZ0-_\u000b";
        return random.nextInt(4) == 0 ? random.nextInt(256) : some.charAt(random.nextInt(some.length()));
    }

    /**
     * What Netty's decoder makes of a head, which it is given in two pieces: it is not plain then; and of a body of so
     * many bytes, behind which it must see another head.
     */
    private String decoded(byte[] bytes, int length, int bodyBytes) {
        EmbeddedChannel channel = new EmbeddedChannel(new Http1Decoder(CONFIG, plain));
        try {
            channel.writeInbound(Unpooled.wrappedBuffer(bytes, 0, 1));
            channel.writeInbound(Unpooled.wrappedBuffer(bytes, 1, length - 1));
            HttpRequest request = channel.readInbound();
            if (request == null) {
                return "nothing";
            }
            boolean refused = !request.decoderResult().isSuccess()
                    || Http1Head.malformed(request)
                    || request.headers().size() > CONFIG.limits().fields();
            if (refused || !Http1Head.keepAlive(request)) {
                return "refused " + refused;
            }
            if (bodyBytes > 0) {
                channel.writeInbound(Unpooled.wrappedBuffer(new byte[bodyBytes]));
            }
            channel.writeInbound(Unpooled.copiedBuffer("GET /next ", StandardCharsets.ISO_8859_1));
            channel.writeInbound(Unpooled.copiedBuffer("HTTP/1.1\r\nHost: x\r\n\r\n", StandardCharsets.ISO_8859_1));
            int body = 0;
            Object piece;
            do {
                piece = channel.readInbound();
                if (!(piece instanceof HttpContent content)) {
                    return "no end of the body, but " + piece;
                }
                body += content.content().readableBytes();
                content.release();
            } while (!(piece instanceof LastHttpContent));
            if (!(channel.readInbound() instanceof HttpRequest next)
                    || !next.uri().equals("/next")) {
                return "no next request";
            }
            RequestHead head = new RequestHead();
            head.read(request, CONSENT);
            Http1Head.readForwarded(request, forwarded, CONSENT.country(), head);
            return head.asksForMethod || head.encoded || head.expectation != null
                    ? "more than is used"
                    : framed(head) + "\n" + body;
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private static String framed(RequestHead head) {
        FramedRequest to = new FramedRequest();
        to.begin(Protocol.PIXEL, 0);
        head.copyTo(to, CONSENT);
        head.copyClientTo(to, new byte[0]);
        return String.join(
                "\n",
                head.method + " " + head.target,
                text(to.query()),
                text(to.userAgent()),
                text(to.origin()),
                text(to.country()),
                to.globalPrivacyControl() + " " + to.doNotTrack(),
                text(to.consentCookies()),
                text(to.headerKey()),
                Arrays.toString(Arrays.copyOf(to.address(), to.addressLength())));
    }

    private static String text(FramedRequest.Bytes bytes) {
        return new String(bytes.toArray(), StandardCharsets.ISO_8859_1);
    }
}
