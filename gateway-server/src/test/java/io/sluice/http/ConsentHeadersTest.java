package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.Networks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What header fields say about consent reaches the intake, and nothing else of them does. */
class ConsentHeadersTest {

    private static final String OTHERS = "theme=dark; _ga=GA1.1.1; session=secret";

    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(behind(Networks.of("127.0.0.0/8")));
    }

    private static HttpConfig behind(Networks proxies) {
        return TestServer.CONFIG
                .with(new ConsentConfig("CloudFront-Viewer-Country", List.of("my_consent")))
                .with(new ProxyConfig(Networks.NONE, proxies, ProxyConfig.Field.X_FORWARDED_FOR));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void flagsAndCountryAreTaken(boolean http2) throws Exception {
        assertThat(seen(http2, "sec-gpc", "1")).isEqualTo("gpc  ");
        assertThat(seen(http2, "dnt", "1")).isEqualTo("dnt  ");
        assertThat(seen(http2, "dnt", "1", "sec-gpc", "1", "cloudfront-viewer-country", "DE"))
                .isEqualTo("gpc dnt DE ");
        assertThat(seen(http2, "dnt", "0", "sec-gpc", "0")).isEqualTo(" ");
        assertThat(seen(http2, "dnt", "11", "sec-gpc", "true", "cf-ipcountry", "DE"))
                .isEqualTo(" ");
        assertThat(seen(http2, "sec-gpc", "0", "sec-gpc", "1")).isEqualTo("gpc  ");
        assertThat(seen(http2)).isEqualTo(" ");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void whereAVisitorIsOnlyATrustedProxyMaySay(boolean http2) throws Exception {
        // What the client has sent stands before what the proxy adds.
        assertThat(seen(http2, "cloudfront-viewer-country", "US", "cloudfront-viewer-country", "DE"))
                .isEqualTo("DE ");
        for (Networks others : List.of(Networks.NONE, Networks.of("10.0.0.0/8"))) {
            server.close();
            server = new TestServer(behind(others));
            assertThat(seen(http2, "cloudfront-viewer-country", "US")).isEqualTo(" ");
            assertThat(seen(http2, "sec-gpc", "1", "cloudfront-viewer-country", "US"))
                    .isEqualTo("gpc  ");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void onlyCookiesOfConsentAreTaken(boolean http2) throws Exception {
        assertThat(seen(http2, "cookie", OTHERS)).isEqualTo(" ");
        assertThat(seen(http2, "cookie", OTHERS + "; usprivacy=1YYN")).isEqualTo(" usprivacy=1YYN;");
        assertThat(seen(http2, "cookie", "OptanonConsent=a&groups=C0001:1; " + OTHERS + ";my_consent=no"))
                .isEqualTo(" OptanonConsent=a&groups=C0001:1;my_consent=no;");
        assertThat(seen(http2, "cookie", "xusprivacy=1; usprivacy; USPRIVACY=1; usprivacyx=1"))
                .isEqualTo(" ");
        assertThat(seen(http2, "cookie", ";;; ;euconsent-v2=;CookieConsent=-1;"))
                .isEqualTo(" euconsent-v2=;CookieConsent=-1;");
    }

    @Test
    void cookiesThatHttp2HasSplitAreTakenTogether() throws Exception {
        assertThat(seen(true, "cookie", "usprivacy=1YYN", "cookie", "theme=dark", "cookie", "my_consent=no"))
                .isEqualTo(" usprivacy=1YYN;my_consent=no;");
        List<String> many = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            many.addAll(List.of("cookie", "my_consent=" + i));
        }
        assertThat(seen(true, many.toArray(String[]::new))).startsWith(" my_consent=0;my_consent=1;");
        assertThat(seen(true)).as("of the request behind").isEqualTo(" ");
    }

    /** What the intake sees of a request with these fields. */
    private String seen(boolean http2, String... fields) throws Exception {
        if (http2) {
            try (Http2Client client = Http2Client.connect(server)) {
                client.send(Http2Client.get(1, "/p.gif?k=demo", fields));
                assertThat(client.answer(1).status()).isEqualTo(200);
            }
        } else {
            try (RawClient client = server.connect()) {
                StringBuilder head = new StringBuilder("GET /p.gif?k=demo HTTP/1.1\r\nHost: x\r\n");
                for (int i = 0; i < fields.length; i += 2) {
                    head.append(fields[i]).append(": ").append(fields[i + 1]).append("\r\n");
                }
                client.send(head + "\r\n");
                RawClient.Answer answer = client.read();
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.header("Set-Cookie")).isNull();
            }
        }
        return server.intake.consents().getLast();
    }
}
