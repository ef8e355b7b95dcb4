package io.sluice.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.ReferenceJson;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Rule;
import io.sluice.privacy.Policies;
import io.sluice.privacy.PrivacyConfig;
import io.sluice.shop.Shop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a record and the counters say about what was done with personal data. */
class EvidenceTest {

    private final Fixture gateway = new Fixture();

    @Test
    void aRecordSaysWhatWasFoundInItAndWhatWasDone() {
        gateway.shop = shop("gdpr");
        gateway.post(
                "[{\"event\":\"a\",\"consent\":\"yes\",\"m\":\"a@x.de or b@x.de from 203.0.113.9\",\"password\":\"x\"},"
                        + "{\"event\":\"b\"},{\"event\":\"c\",\"consent\":\"yes\",\"url\":\"/?ip=203.0.113.9\"}]");

        assertThat(evidence(0)).isEqualTo("{\"email-hash\":2,\"ip-truncate\":1,\"field-remove\":1}");
        assertThat(evidence(1)).isEqualTo("none");
        assertThat(evidence(2)).isEqualTo("{\"ip-truncate\":1}");
        assertThat(gateway.events())
                .satisfiesExactly(
                        line -> assertThat(line).contains("\"pv\":\"g/1\""),
                        line -> assertThat(line).as("anonymised").contains("\"pv\":\"g/1+s/1\""),
                        line -> assertThat(line).contains("\"pv\":\"g/1\""));
    }

    @Test
    void whatWasFoundInTheHeaderOfTheAgentStandsInEveryRecordThatHasIt() {
        gateway.userAgent = "Bot (jane@x.example)";
        gateway.post("[{\"event\":\"a\"},{\"event\":\"b\",\"ua\":\"Own\"},{\"event\":\"c\",\"m\":\"a@x.de\"}]");

        assertThat(evidence(0)).isEqualTo("{\"email-remove\":1}");
        assertThat(evidence(1)).isEqualTo("none");
        assertThat(evidence(2)).isEqualTo("{\"email-remove\":2}");
        assertThat(gateway.counted(Counter.SCRUBBED_EMAILS)).isEqualTo(3);
    }

    @Test
    void theCountersOfAShopAreTheSumsOfItsRecords() {
        gateway.shop = shop("minimal");
        gateway.post("[{\"event\":\"a\",\"m\":\"a@x.de\"},{\"event\":\"b\",\"m\":\"b@x.de\",\"pin\":1}]");
        gateway.post("[{\"event\":\"c\",\"m\":\"a@x.de\"},");
        gateway.shop = shop("strict");
        gateway.post("{\"event\":\"d\",\"m\":\"c@x.de\"}");
        gateway.shop = new Shop("clean", 0, Set.of());
        gateway.post("{\"event\":\"e\"}");

        assertThat(counts())
                .isEqualTo(Map.of(
                        "of-minimal email-mask", 2L, "of-minimal field-remove", 1L, "of-strict email-remove", 1L));
    }

    @Test
    void rulesForFieldsOfTheSchemaCountWhateverTheClientCallsThem(@TempDir Path directory) throws IOException {
        gateway.shop = shopOf(directory, """
                name: own-rules
                version: 2
                preset: minimal
                fields:
                  uid: mask
                  sid: remove
                  "url?q": remove
                  consent.by: remove
                  props.plan: remove
                  ua: mask
                """);
        gateway.userAgent = "Own/1";
        gateway.post("[{\"event\":\"a\",\"userId\":\"u-1\",\"sessionId\":\"s\",\"page\":\"/?q=shoes\","
                + "\"referrer\":\"/?q=shoes\",\"consent\":{\"by\":\"x\",\"plan\":1},\"aid\":\"a\","
                + "\"plan\":\"x\",\"more\":{\"plan\":\"x\",\"uid\":\"u\"}},{\"event\":\"b\",\"ua\":\"Mine\"}]");

        assertThat(gateway.events().getFirst())
                .contains("\"ua\":\"***/*\",\"url\":\"/?q=[field]\",\"ref\":\"/?q=shoes\",\"uid\":\"*-*\","
                        + "\"aid\":\"a\",\"sid\":\"[field]\",\"consent\":{\"by\":\"[field]\",\"plan\":1},"
                        + "\"via\":\"v1\",\"pv\":\"own-rules/2\","
                        + "\"props\":{\"plan\":\"[field]\",\"more\":{\"plan\":\"x\",\"uid\":\"*\"}},"
                        + "\"scrub\":{\"field-remove\":4,\"field-mask\":3},\"pos\"");
        assertThat(gateway.events().getLast()).contains("\"ua\":\"****\",\"via\"");
    }

    @Test
    void anAgentThatCannotBeHashedCountsAsRemoved(@TempDir Path directory) throws IOException {
        gateway.shop = shopOf(directory, """
                name: hashed-agents
                version: 1
                preset: minimal
                fields: {ua: hash}
                """);
        gateway.userAgent = "Own/1";
        gateway.secret = null;
        gateway.post("{\"event\":\"a\"}");
        assertThat(gateway.event()).contains("\"ua\":\"[field]\"");
        assertThat(evidence(0)).isEqualTo("{\"field-remove\":1}");
    }

    @Test
    void aFieldOfTheSchemaMayBeNamedAsClientsDo(@TempDir Path directory) throws IOException {
        gateway.shop = shopOf(directory, """
                name: as-clients
                version: 1
                preset: minimal
                fields: {user: mask, anonymous_id: mask, sid: mask, "page?q": mask, referrer: mask, userAgent: keep}
                client: {agent: drop}
                """);
        gateway.userAgent = "Own/1";
        gateway.post("[{\"event\":\"a\",\"uid\":\"u\",\"aid\":\"a\",\"sid\":\"s\",\"url\":\"/?q=x\",\"ref\":\"r\","
                + "\"sessionId\":\"s\",\"anonymousId\":\"a\"},{\"event\":\"b\",\"userAgent\":\"Mine/1\"}]");

        assertThat(gateway.events().getFirst())
                .contains("\"ip\":\"203.0.113.0\",\"url\":\"/?q=*\",\"ref\":\"*\",\"uid\":\"*\",\"aid\":\"*\","
                        + "\"sid\":\"*\",\"via\":\"v1\",\"pv\":\"as-clients/1\","
                        + "\"props\":{\"sessionId\":\"*\",\"anonymousId\":\"*\"},");
        assertThat(gateway.events().getLast()).doesNotContain("\"ua\"");
    }

    private static Shop shopOf(Path directory, String policy) throws IOException {
        Path file = Files.writeString(directory.resolve("p.yaml"), policy);
        List<String> reports = new ArrayList<>();
        Policies policies = Policies.load(
                new PrivacyConfig(policy.lines().findFirst().orElseThrow().substring(6), List.of(file)), reports);
        assertThat(reports).isEmpty();
        return new Shop("own", 0, Set.of(), policies.byDefault());
    }

    @Test
    void aRecordFullOfFindingsIsValid() {
        gateway.post("{\"event\":\"a\",\"list\":[" + "\"a@x.de\",".repeat(5000) + "1]}");

        assertThat(evidence(0)).isEqualTo("{\"email-remove\":5000}");
    }

    private static Shop shop(String policy) {
        return new Shop("of-" + policy, 0, Set.of(), Policies.presets().all().get(policy));
    }

    private String evidence(int line) {
        String text = gateway.events().get(line);
        assertThat(ReferenceJson.object(text).names()).endsWith("pos").contains("pv");
        int from = text.indexOf(",\"scrub\":");
        return from < 0 ? "none" : text.substring(from + 9, text.indexOf('}', from) + 1);
    }

    private Map<String, Long> counts() {
        List<Rule> rules = gateway.metrics.rules();
        Map<String, Long> counts = new TreeMap<>();
        gateway.metrics.totalsByShop().forEach((shop, totals) -> {
            List<Rule> of = new ArrayList<>(rules);
            for (int i = 0; i < totals.length; i++) {
                if (totals[i] != 0) {
                    counts.put(shop + " " + of.get(i).kind() + "-" + of.get(i).action(), totals[i]);
                }
            }
        });
        return counts;
    }
}
