package io.sluice.privacy.consent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

class ConsentSectionTest {

    private final List<String> problems = new ArrayList<>();

    @Test
    void everyKeyIsRead() {
        assertThat(read("""
                        default: anonymise
                        refused: count
                        regions:
                          EU: {default: count}
                          NO: {refused: keep}
                          US: {}
                        purposes: [1, 7]
                        categories: [Web Statistics, c_2]
                        ignore: [dnt, us-privacy]
                        """, ConsentRules.minimal()))
                .isEqualTo(new ConsentRules(
                        Decision.ANONYMISE,
                        Decision.COUNT,
                        Map.of(
                                "EU", new ConsentRules.Regional(Decision.COUNT, null),
                                "NO", new ConsentRules.Regional(null, Decision.KEEP),
                                "US", new ConsentRules.Regional(null, null)),
                        Set.of(1, 7),
                        Set.of("webstatistics", "c2"),
                        Set.of(Signal.DNT, Signal.US_PRIVACY)));
        assertThat(problems).isEmpty();
    }

    @Test
    void whatIsLeftOutIsAsInThePreset() {
        ConsentRules strict = ConsentRules.strict();
        assertThat(ConsentSection.read(null, strict, problems)).isEqualTo(strict);
        assertThat(read("refused: count", strict))
                .isEqualTo(new ConsentRules(
                        strict.unsaid(),
                        Decision.COUNT,
                        strict.regions(),
                        strict.purposes(),
                        strict.categories(),
                        strict.ignored()));
        assertThat(read("regions: {}", strict).regions()).isEmpty();
        assertThat(problems).isEmpty();
    }

    @Test
    void everyProblemIsReported() {
        read("""
                default: drop
                regions: {UK: {default: keep}, Europe: {}, DE: keep, FR: {refuse: keep}}
                purposes: [0, 25, one]
                categories: yes
                ignore: [gpd]
                else: 1
                """, ConsentRules.strict());
        assertThat(problems)
                .containsExactly(
                        "consent.else: unknown key, expected [categories, default, ignore, purposes, refused, regions]",
                        "consent.regions.UK: 'UK', expected EU or the two letters of a country, such as DE, GB or US",
                        "consent.regions.Europe: 'Europe', expected EU or the two letters of a country, such as DE, GB or US",
                        "consent.regions.DE: 'keep', expected a mapping",
                        "consent.regions.FR.refuse: unknown key; did you mean refused?",
                        "consent.default: 'drop', expected keep, anonymise or count",
                        "consent.purposes: '0', expected numbers from 1 to 24",
                        "consent.purposes: '25', expected numbers from 1 to 24",
                        "consent.purposes: 'one', expected numbers from 1 to 24",
                        "consent.categories: 'true', expected a list",
                        "consent.ignore: 'gpd', expected categories, dnt, google, gpc, gpp, snowplow, tcf, us-privacy, word");
        problems.clear();
        ConsentSection.read("keep", ConsentRules.strict(), problems);
        assertThat(problems).containsExactly("consent: 'keep', expected a mapping");
    }

    private ConsentRules read(String yaml, ConsentRules preset) {
        return ConsentSection.read(new Yaml().load(yaml), preset, problems);
    }
}
