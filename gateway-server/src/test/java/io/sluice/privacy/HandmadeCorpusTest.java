package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.ReferenceJson;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The goals of {@link DetectorReportTest}, held on a second corpus: texts that nobody else collected, with forms and
 * neighbours that the others lack, some beneath a member's name that speaks for or against them.
 */
class HandmadeCorpusTest {

    private static final Set<String> STRICT = Set.of("EMAIL_ADDRESS", "CREDIT_CARD", "IBAN_CODE", "IP_ADDRESS");

    private final ScrubbedText scrubbed = new ScrubbedText();

    /**
     * One text.
     *
     * @param field name of the member that it is the value of, or {@code null}
     * @param values what is personal in it; nothing if it only looks so
     * @param kept what must be left, or {@code null}
     */
    private record Sample(String entity, String field, String text, List<String> values, String kept) {

        String json(Carrier carrier) {
            if (field == null) {
                return '"' + carrier.encode(text) + '"';
            }
            if (carrier == Carrier.NESTED_JSON) {
                return '"' + Carrier.json("{\"" + field + "\":\"" + Carrier.json(text) + "\"}") + '"';
            }
            return "{\"" + field + "\":\"" + carrier.encode(text) + "\"}";
        }
    }

    private static final class Tally {
        int positives;
        int found;
        int mistaken;
        final List<String> faults = new ArrayList<>();
    }

    private static List<Sample> samples() throws IOException {
        List<Sample> samples = new ArrayList<>();
        try (InputStream in = HandmadeCorpusTest.class.getResourceAsStream("/privacy/pii/handmade.json")) {
            for (ReferenceJson.Node node : ((ReferenceJson.Array) ReferenceJson.parse(in.readAllBytes())).elements()) {
                ReferenceJson.Object object = (ReferenceJson.Object) node;
                List<String> values = new ArrayList<>();
                for (ReferenceJson.Node value : ((ReferenceJson.Array) object.get("values")).elements()) {
                    values.add(((ReferenceJson.Text) value).value());
                }
                samples.add(new Sample(
                        object.text("entity"), object.text("field"), object.text("text"), values, object.text("keep")));
            }
        }
        return samples;
    }

    private static Kind kind(String entity) {
        return switch (entity) {
            case "EMAIL_ADDRESS" -> Kind.EMAIL;
            case "CREDIT_CARD" -> Kind.CARD;
            case "IBAN_CODE" -> Kind.IBAN;
            case "IP_ADDRESS" -> Kind.IP;
            case "PHONE_NUMBER" -> Kind.PHONE;
            case "SECRET" -> Kind.SECRET;
            case "COORDINATES" -> Kind.COORDINATES;
            default -> Kind.ID;
        };
    }

    @ParameterizedTest
    @EnumSource(Carrier.class)
    void goalsAreHeldOnTheSecondCorpus(Carrier carrier) throws IOException {
        Map<String, Tally> tallies = new TreeMap<>();
        for (Sample sample : samples()) {
            Tally tally = tallies.computeIfAbsent(sample.entity(), none -> new Tally());
            String json = sample.json(carrier);
            String line = scrubbed.of(json);
            if (sample.values().isEmpty()) {
                if (scrubbed.isTouched(json) && scrubbed.found(kind(sample.entity())) > 0) {
                    tally.mistaken++;
                    tally.faults.add("mistaken " + json + " as " + line);
                }
                continue;
            }
            tally.positives++;
            String left = Carrier.plain(line);
            boolean found = !line.equals(json);
            for (String value : sample.values()) {
                found &= !left.contains(Carrier.plain(Carrier.json(value)));
            }
            tally.found += found ? 1 : 0;
            if (!found) {
                tally.faults.add("missed " + json + " as " + line);
            }
            if (sample.kept() != null) {
                assertThat(left).as("of %s", json).contains(Carrier.plain(Carrier.json(sample.kept())));
            }
        }
        tallies.forEach((entity, tally) -> {
            boolean strict = STRICT.contains(entity);
            assertThat((double) tally.found / tally.positives)
                    .as("recall of %s beneath %s: %s", entity, carrier, tally.faults)
                    .isGreaterThanOrEqualTo(strict ? 0.995 : 0.95);
            assertThat((double) tally.found / Math.max(1, tally.found + tally.mistaken))
                    .as("precision of %s beneath %s: %s", entity, carrier, tally.faults)
                    .isGreaterThanOrEqualTo(strict ? 0.99 : 0.95);
        });
    }
}
