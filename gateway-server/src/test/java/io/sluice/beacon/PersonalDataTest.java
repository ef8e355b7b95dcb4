package io.sluice.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.ReferenceJson;
import io.sluice.privacy.BadPolicyException;
import io.sluice.privacy.Carrier;
import io.sluice.privacy.Corpora;
import io.sluice.privacy.LineScrubber;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** No value of the corpora that is found at all comes through, wherever in an event of any protocol it stands. */
class PersonalDataTest {

    private static final int VALUES = 150;

    /** Places in an event for a string's content. */
    private static final String[] PLACES = {
        "{\"event\":\"a\",\"note\":\"%s\"}",
        "{\"event\":\"a\",\"note\":\"before %s, after\"}",
        "{\"event\":\"a\",\"%s\":1}",
        "{\"event\":\"%s\"}",
        "{\"event\":\"a\",\"id\":\"%s\"}",
        "{\"event\":\"a\",\"uid\":\"%s\",\"aid\":\"%s\",\"sid\":\"%s\"}",
        "{\"event\":\"a\",\"ua\":\"Mozilla/5.0 (%s)\"}",
        "{\"event\":\"a\",\"consent\":{\"note\":\"%s\"}}",
        "{\"event\":\"a\",\"props\":{\"deep\":[1,[{\"list\":[ \"x\", \"%s\" ]}]]}}",
        "{\"event\":\"a\",\"url\":\"https://shop.example/find/%s/page\"}",
        "{\"event\":\"a\",\"url\":\"https://shop.example/find?q=%s&n=1\"}",
        "{\"event\":\"a\",\"ref\":\"https://shop.example/#%s\"}",
    };

    private final LineScrubber scrubber;
    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    PersonalDataTest() throws IOException, BadPolicyException {
        scrubber = LineScrubber.of("strict", null, "demo");
    }

    @Test
    void noValueComesThroughAPostOrAPixel() {
        for (String value : values()) {
            for (Carrier carrier : Carrier.values()) {
                String content = carrier.encode(value);
                String body = PLACES[random.nextInt(PLACES.length)].replace("%s", content);
                check(new Fixture().post(body), value, body);
                String query = "k=SECRET&e=a&q=" + URLEncoder.encode(Carrier.plain(content), StandardCharsets.UTF_8);
                check(new Fixture().pixel(query), value, query);
            }
        }
    }

    @Test
    void scrubbingTwiceIsScrubbingOnce() {
        for (String value : values()) {
            String body = PLACES[random.nextInt(PLACES.length)].replace("%s", Carrier.json(value));
            byte[] once = scrub(body.getBytes(StandardCharsets.UTF_8));
            assertThat(new String(scrub(once), StandardCharsets.UTF_8))
                    .as("seed %d: %s", seed, body)
                    .isEqualTo(new String(once, StandardCharsets.UTF_8));
        }
    }

    @Test
    void whatHoldsNothingPersonalComesOutAsItCame() {
        for (Corpora.Sample sample : Corpora.load("negatives")) {
            if (sample.kind().startsWith("tracker")
                    || sample.kind().equals("uuid")
                    || sample.kind().equals("hash")) {
                String event =
                        "{\"event\":\"a\",\"note\":\"" + Carrier.json(sample.text()) + "\",\"n\":[1,2.5e3,null,{}]}";
                assertThat(new String(scrub(event.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8))
                        .isEqualTo(event);
            }
        }
    }

    private byte[] scrub(byte[] line) {
        return scrubber.scrub(line, line.length);
    }

    /** Some of the values that are found as they stand. */
    private List<String> values() {
        List<String> values = new ArrayList<>();
        for (String corpus : List.of("presidio", "validator", "faker", "phone")) {
            for (Corpora.Sample sample : Corpora.load(corpus)) {
                values.addAll(sample.values());
            }
        }
        values.removeIf(value -> {
            String event = "{\"event\":\"a\",\"note\":\"before " + Carrier.json(value) + ", after\"}";
            byte[] bytes = event.getBytes(StandardCharsets.UTF_8);
            return Carrier.plain(new String(scrub(bytes), StandardCharsets.UTF_8))
                    .contains(Carrier.plain(Carrier.json(value)));
        });
        Collections.shuffle(values, random);
        return values.subList(0, VALUES);
    }

    private void check(Fixture gateway, String value, String sent) {
        for (String line : gateway.events()) {
            assertThat(ReferenceJson.parse(line)).as("seed %d: %s", seed, sent).isNotNull();
            assertThat(Carrier.plain(line))
                    .as("seed %d: %s", seed, sent)
                    .doesNotContain(Carrier.plain(Carrier.json(value)));
        }
    }
}
