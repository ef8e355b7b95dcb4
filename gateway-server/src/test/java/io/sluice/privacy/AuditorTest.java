package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.privacy.Corpora.Sample;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was scrubbed is clean, and what was not is found, for every text of the corpora. */
class AuditorTest {

    private static final List<String> CORPORA =
            List.of("presidio", "validator", "phone", "isemail", "faker", "negatives");

    @ParameterizedTest
    @ValueSource(strings = {"strict", "gdpr"})
    void findsNothingInWhatAPolicyHasScrubbed(String policy) throws Exception {
        LineScrubber scrubber = LineScrubber.of(policy, null);
        Auditor auditor = Auditor.of("strict", false);
        List<String> mistaken = new ArrayList<>();
        for (Sample sample : samples()) {
            byte[] stored = scrubber.scrub(json(sample.text()), json(sample.text()).length);
            // Numbers of parcels, of which scrubbing once more takes a piece that once has left.
            boolean parcel = sample.kind().equals("tracking-number");
            if (!parcel && !found(auditor, stored).isEmpty()) {
                mistaken.add(sample.kind() + ": " + new String(stored, StandardCharsets.UTF_8));
            }
        }
        assertThat(mistaken).isEmpty();
    }

    @Test
    void findsWhateverAPolicyWouldHaveScrubbed() throws Exception {
        LineScrubber scrubber = LineScrubber.of("strict", null);
        Auditor auditor = Auditor.of("strict", false);
        List<String> missed = new ArrayList<>();
        int leaks = 0;
        for (Sample sample : samples()) {
            byte[] stored = json(sample.text());
            String scrubbed = new String(scrubber.scrub(stored, stored.length), StandardCharsets.UTF_8);
            boolean personal = !scrubbed.equals(new String(stored, StandardCharsets.UTF_8));
            leaks += personal ? 1 : 0;
            // Addresses of networks are what is left of others.
            if (personal
                    && found(auditor, stored).isEmpty()
                    && !sample.text().contains(".0")
                    && !sample.text().contains("::")) {
                missed.add(sample.text());
            }
        }
        assertThat(leaks).isGreaterThan(3000);
        assertThat(missed).isEmpty();
    }

    private static List<Sample> samples() {
        List<Sample> samples = new ArrayList<>();
        CORPORA.forEach(name -> samples.addAll(Corpora.load(name)));
        return samples;
    }

    private static List<String> found(Auditor auditor, byte[] stored) {
        List<String> kinds = new ArrayList<>();
        if (!auditor.isClean(stored, stored.length)) {
            int from = "{\"props\":{\"note\":".length();
            auditor.value(List.of("props", "note"), stored, from, stored.length - 2, (kind, example, possible) -> {
                assertThat(example).doesNotContainPattern("[0-9A-Za-z]");
                kinds.add(kind);
            });
        }
        return kinds;
    }

    private static byte[] json(String text) {
        StringBuilder json = new StringBuilder("{\"props\":{\"note\":\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ') {
                json.append("\\u").append(HexFormat.of().toHexDigits(c));
            } else {
                json.append(c);
            }
        }
        return json.append("\"}}").toString().getBytes(StandardCharsets.UTF_8);
    }
}
