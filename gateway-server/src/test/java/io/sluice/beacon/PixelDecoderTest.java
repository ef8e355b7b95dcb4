package io.sluice.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.ReferenceJson;
import io.sluice.metrics.Reason;
import org.junit.jupiter.api.Test;

class PixelDecoderTest {

    private final Fixture gateway = new Fixture();

    @Test
    void writesKnownParametersAsFieldsAndTheRestAsStringsOfProps() {
        gateway.pixel(
                "k=SECRET&e=view&url=https%3A%2F%2Fa.example%2F%3Fq%3D1&id=7&ts=1763769600&price=1.5&q=red+shoes&ip=1.2.3.4");
        assertThat(gateway.event())
                .startsWith(
                        "{\"id\":\"7\",\"event\":\"view\",\"shop\":\"demo\",\"rt\":1763769600123,\"st\":1763769600000,"
                                + "\"ip\":\"203.0.113.0\",\"url\":\"https://a.example/?q=1\",\"via\":\"px\",\"pv\":\"s/1\","
                                + "\"props\":{\"price\":\"1.5\",\"q\":\"red shoes\",\"ip\":\"[ip]\"},"
                                + "\"scrub\":{\"ip-remove\":1},\"pos\":\"")
                .doesNotContain("SECRET");
        assertThat(gateway.outcome.accepted()).isEqualTo(1);
        assertThat(gateway.outcome.refusal()).isNull();
    }

    @Test
    void takesTheNameFromAnyOfItsParameters() {
        for (String name : new String[] {"e", "event", "name", "%65"}) {
            gateway.pixel(name + "=view");
            assertThat(ReferenceJson.object(gateway.event()).text("event")).isEqualTo("view");
        }
    }

    @Test
    void removesMailAddressesFromValuesAndNames() {
        gateway.pixel("e=view&m=jane%40x.example&n=jane%2540x.example&jane%40x.example=1&url=/?m=jane@x.example");
        assertThat(gateway.event())
                .contains("\"url\":\"/?m=[email]\"", "{\"m\":\"[email]\",\"n\":\"[email]\",\"[email]\":\"1\"}");
    }

    @Test
    void keepsInvalidEscapesAndReplacesWhatIsNotUtf8() {
        gateway.pixel("e=view&a=100%&b=%zz&c=%ff%C3x&d=%22%5C%0A%00&e2=caf%C3%A9&f=%80&g=%22%01caf%C3%A9&h=%7f%2B+");
        ReferenceJson.Object props =
                (ReferenceJson.Object) ReferenceJson.object(gateway.event()).get("props");
        assertThat(props.text("a")).isEqualTo("100%");
        assertThat(props.text("b")).isEqualTo("%zz");
        assertThat(props.text("c")).isEqualTo("\ufffd\ufffdx");
        assertThat(props.text("d")).isEqualTo("\"\\\n\0");
        assertThat(props.text("e2")).isEqualTo("café");
        assertThat(props.text("f")).isEqualTo("\ufffd");
        assertThat(props.text("g")).isEqualTo("\"\u0001café");
        assertThat(props.text("h")).isEqualTo("\u007f+ ");
    }

    @Test
    void refusesAPixelThatIsNoEventAndLeavesNothingBehind() {
        for (String query : new String[] {"", "k=demo", "k=demo&url=x"}) {
            gateway.pixel(query);
            assertThat(gateway.outcome.refusal()).isEqualTo(Reason.EVENT_MISSING);
        }
        gateway.pixel("e=");
        assertThat(gateway.outcome.refusal()).isEqualTo(Reason.EVENT_INVALID);
        gateway.limits(1, 100).pixel("e=view&a=" + "x".repeat(100));
        assertThat(gateway.outcome.refusal()).isEqualTo(Reason.EVENT_TOO_LARGE);
        assertThat(gateway.events()).isEmpty();
        assertThat(gateway.rejected()).isEmpty();
    }

    @Test
    void rendersTheWorstOfQueriesWithinItsScratch() {
        for (String unit :
                new String[] {"&", "=", "&=", "&a", "\u0001", "&\u0001", "%01", "\u0001=\u0001&", "é", "\"", "+"}) {
            gateway.pixel("e=v&" + unit.repeat(20_000 / unit.length()));
            assertThat(gateway.outcome.refusal()).isIn(null, Reason.EVENT_MISSING, Reason.EVENT_TOO_LARGE);
            if (gateway.outcome.accepted() == 1) {
                assertThat(ReferenceJson.parse(gateway.event())).isNotNull();
                assertThat(gateway.sink.stagedBytes()).isLessThanOrEqualTo(Decoders.stagedBound(20_004));
            }
            gateway.events.clear();
        }
    }
}
