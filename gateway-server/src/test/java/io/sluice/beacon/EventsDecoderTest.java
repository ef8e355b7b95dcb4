package io.sluice.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventsDecoderTest {

    private final Fixture gateway = new Fixture();

    @Test
    void writesTheFieldsOfAnEventInTheOrderOfTheSchema() {
        gateway.post("""
                {"props": {"b" : [1, "x y"]}, "userId":"u", "id":"7", "x":null, "consent":{"ads":true},
                 "event":"view","ts":1763769600,"page":"https://a.example/?q=1","referrer":"r",
                 "sid":"s","aid":"a","ua":"Mine/1"}
                """);
        assertThat(gateway.events())
                .containsExactly("{\"id\":\"7\",\"event\":\"view\",\"shop\":\"demo\",\"rt\":1763769600123,"
                        + "\"st\":1763769600000,\"ip\":\"203.0.113.0\",\"ua\":\"Mine/1\","
                        + "\"url\":\"https://a.example/?q=1\",\"ref\":\"r\",\"uid\":\"u\",\"aid\":\"a\",\"sid\":\"s\","
                        + "\"consent\":{\"ads\":true},\"via\":\"v1\",\"props\":{\"b\":[1,\"x y\"],\"x\":null},"
                        + "\"pos\":\"0"
                        + gateway.event().substring(gateway.event().indexOf("\"pos\":\"") + 8));
        assertThat(gateway.outcome.accepted()).isEqualTo(1);
    }

    @Test
    void removesMailAddresses() {
        gateway.post(
                "{\"event\":\"a\",\"m\":\"to jane@x.example now\",\"j%40x.example\":\"\\u006aane\\u0040x.example\"}");
        assertThat(gateway.event()).contains("\"props\":{\"m\":\"to [email] now\",\"[email]\":\"[email]\"}");
    }
}
