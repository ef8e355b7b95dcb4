package io.sluice.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.ReferenceJson;
import io.sluice.json.Scanner;
import io.sluice.privacy.consent.Form;
import io.sluice.protocol.Query;
import io.sluice.record.Field;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Consent in the places that other protocols have for it, handed to the sink as their decoders will: the place and the
 * form, and nothing else. The events are such as their libraries send.
 */
class ProtocolConsentTest {

    private final Fixture gateway = new Fixture();
    private final Scanner scanner = new Scanner();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "segment | `` | true",
                "segment | {\"categoryPreferences\":{\"Advertising\":true,\"Analytics\":true}} | true",
                "segment | {\"categoryPreferences\":{\"Advertising\":true,\"Analytics\":false}} | false",
                "segment | {\"categoryPreferences\":{\"C0001\":true,\"C0002\":false}} | false",
                "rudder | {\"provider\":\"oneTrust\",\"resolutionStrategy\":\"and\",\"allowedConsentIds\":[\"C0001\"]} | true",
                "rudder | {\"provider\":\"oneTrust\",\"deniedConsentIds\":[\"C0002\",\"C0004\"],\"allowedConsentIds\":[\"C0001\"]} | false",
                "rudder | {\"deniedConsentIds\":[\"C0004\"],\"allowedConsentIds\":[\"C0001\",\"C0002\"]} | true",
                "rudder | {\"categoryPreferences\":{\"statistics\":false}} | false",
            })
    void contextConsentOfSegmentAndItsLike(String library, String consent, boolean kept) throws IOException {
        String event = sample(library + "-track.json").strip();
        String with =
                consent.isEmpty() ? event : event.replace("\"context\":{", "\"context\":{\"consent\":" + consent + ",");
        byte[] bytes = padded(with);
        begin(bytes, with.length());
        int context = with.indexOf("\"consent\":{");
        if (context >= 0) {
            int from = context + "\"consent\":".length();
            gateway.sink.consent(Form.CATEGORIES, bytes, from, from + consent.length());
        }
        assertThat(isKept(bytes, with)).isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | true",
                "{\"consent\":{\"categoryPreferences\":{\"Advertising\":true,\"Analytics\":false}}} | false",
                "{\"a\":[{}],\"b\":\"}\\\"\", \"consent\" : {\"categoryPreferences\" : {\"Analytics\":false} } , \"c\":1} | false",
                "{\"consent\":{\"categoryPreferences\":{\"Advertising\":false,\"Analytics\":true}}} | true",
                "{\"consentManagement\":{\"deniedConsentIds\":[\"C0002\"]}} | false",
                "{\"consent\":\"denied\" } | false",
                "{\"consent\": false } | false",
                "{\"consent\":true} | true",
                // What else it holds is not asked.
                "{\"page\":{\"consent\":{\"Analytics\":false}},\"analytics\":false,\"x\":\"consent\",\"y\":false} | true",
                "[{\"consent\":false}] | true",
                "\"consent\" | true",
            })
    void contextConsentInAnEventOfTheNativeProtocol(String context, boolean kept) {
        gateway.post("{\"event\":\"a\",\"uid\":\"u-1\",\"context\":" + context + "}");
        ReferenceJson.Object line = ReferenceJson.object(gateway.event());
        assertThat(line.get("uid") != null).isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource({
        "'', true",
        "gcs=G111&gcd=11t1t1t1t5, true",
        "gcs=G100&gcd=11p1p1p1p5, false",
        "gcs=G110, false",
        "gcd=13l3l3l3l1, true",
        "us_privacy=1YYN, false",
    })
    void gcsAndGcdOfGoogle(String parameters, boolean kept) throws IOException {
        String query = sample("ga4-query.txt").strip() + "&" + parameters;
        byte[] bytes = padded(query);
        String event = "{\"event\":\"" + query.replaceAll(".*&en=([^&]*).*", "$1") + "\",\"uid\":\"user-42\"}";
        byte[] json = padded(event);
        begin(json, event.length());
        Query cursor = new Query();
        cursor.reset(bytes, query.length());
        while (cursor.next()) {
            int code = FieldNames.lookup(bytes, cursor.nameFrom(), cursor.nameTo() - cursor.nameFrom());
            if (code != FieldNames.NONE && FieldNames.isForm(code)) {
                gateway.sink.consent(FieldNames.form(code), bytes, cursor.valueFrom(), cursor.valueTo());
            }
        }
        assertThat(isKept(json, event)).isEqualTo(kept);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | true",
                "consent_preferences/jsonschema/1-0-0 {\"eventType\":\"deny_all\"} | false",
                "consent_preferences/jsonschema/1-0-0 {\"eventType\":\"allow_all\"} | true",
                "cmp_visible/jsonschema/1-0-0 {\"elapsedTime\":12} | true",
                "consent_withdrawn/jsonschema/1-0-0 {\"all\":true} | false",
            })
    void contextsOfSnowplow(String context, boolean kept) throws IOException {
        String event = sample("snowplow-page-view.json").strip();
        String encoded = event.replaceAll(".*\"cx\":\"([^\"]*)\".*", "$1");
        String contexts = new String(Base64.getUrlDecoder().decode(encoded), StandardCharsets.UTF_8);
        assertThat(contexts).contains("\"data\":[");
        if (!context.isEmpty()) {
            int blank = context.indexOf(' ');
            contexts = contexts.replace(
                    "\"data\":[",
                    "\"data\":[{\"schema\":\"iglu:com.snowplowanalytics.snowplow/" + context.substring(0, blank)
                            + "\",\"data\":" + context.substring(blank + 1) + "},");
        }
        byte[] json = padded(event);
        begin(json, event.length());
        byte[] decoded = contexts.getBytes(StandardCharsets.UTF_8);
        gateway.sink.consent(Form.SNOWPLOW, decoded, 0, decoded.length);
        assertThat(isKept(json, event)).isEqualTo(kept);
    }

    private void begin(byte[] bytes, int length) {
        gateway.sink.begin(gateway.shop, "t", Fixture.NOW, new byte[0], 0, new byte[0], 0, gateway.events);
        gateway.sink.startEvent(scanner);
        scanner.reset(bytes, length);
    }

    /** Ends the event, of which the user is noted, and answers whether the line has him. */
    private boolean isKept(byte[] bytes, String text) {
        int name = text.indexOf("\"e") + 1;
        int from = text.indexOf(":\"", name) + 1;
        gateway.sink.set(Field.EVENT, from, scanner.string(from), scanner.marks());
        int user = Math.max(text.indexOf("\"userId\":\""), text.indexOf("\"uid\":\""));
        from = text.indexOf(":\"", user) + 1;
        gateway.sink.set(Field.USER, from, scanner.string(from), scanner.marks());
        gateway.sink.endEvent();
        gateway.sink.end();
        assertThat(bytes[from]).isEqualTo((byte) '"');
        ReferenceJson.Object line = ReferenceJson.object(gateway.event());
        assertThat(line.text("event")).isNotEmpty();
        return line.get("uid") != null;
    }

    private static byte[] padded(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        return Arrays.copyOf(bytes, bytes.length + Scanner.PADDING);
    }

    private static String sample(String name) throws IOException {
        try (InputStream in = ProtocolConsentTest.class.getResourceAsStream("/beacon/captures/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
