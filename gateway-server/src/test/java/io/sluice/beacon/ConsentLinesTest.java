package io.sluice.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sluice.json.ReferenceJson;
import io.sluice.metrics.Counter;
import io.sluice.privacy.Policies;
import io.sluice.privacy.PrivacyConfig;
import io.sluice.shop.Shop;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is left of an event whose visitor has refused, or has not consented where it takes consent. */
class ConsentLinesTest {

    /** The beginning of the hour in which the fixture's requests are received. */
    private static final long HOUR = 1_763_769_600_000L;

    private static final String UUID7 = "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";

    private final Fixture gateway = new Fixture();

    @TempDir
    private Path directory;

    @Test
    void aVisitorWhoRefusesLosesIdsAddressAgentAndTime() {
        gateway.globalPrivacyControl = true;
        gateway.userAgent = "Agent/1";
        gateway.post(
                "{\"id\":\"e-1\",\"event\":\"purchase\",\"ts\":1763769599870,\"ua\":\"Own\",\"url\":\"https://shop.example/a?gclid=x#y\","
                        + "\"ref\":\"https://search.example/?q=jane\",\"uid\":\"u-1\",\"aid\":\"a-1\",\"sid\":\"s-1\",\"consent\":{\"ads\":true},"
                        + "\"props\":{\"price\": 19.90 ,\"sku\":\"s\\u006bu\"}}");

        assertThat(gateway.event())
                .matches("\\{\"id\":\"" + UUID7 + "\",\"event\":\"purchase\",\"shop\":\"demo\",\"rt\":" + HOUR
                        + ",\"st\":" + (HOUR - 3_600_000)
                        + ",\"url\":\"https://shop.example/a\",\"ref\":\"https://search.example/\","
                        + "\"consent\":\"anonymised:gpc\",\"via\":\"v1\",\"pv\":\"s/1\\+s/1\",\"props\":\\{\"price\":19.90,"
                        // The click's id is scrubbed by its name, and then goes with the query.
                        + "\"sku\":\"s\\\\u006bu\"},\"scrub\":\\{\"field-remove\":1},\"pos\":\"[^\"]{34}\"}\n");
        assertThat(gateway.events.isHourly(0)).isTrue();
        assertThat(gateway.outcome.accepted()).isEqualTo(1);
    }

    @Test
    void anIdOfOursDoesNotTellTheTimeEither() {
        gateway.doNotTrack = true;
        gateway.post("[{\"event\":\"a\"},{\"event\":\"a\"}]");
        List<Long> times = new ArrayList<>();
        for (String line : gateway.events()) {
            times.add(Long.parseLong(line.substring(7, 15) + line.substring(16, 20), 16));
        }
        assertThat(times).containsExactly(HOUR, HOUR);
        assertThat(gateway.events().get(0).substring(0, 44))
                .isNotEqualTo(gateway.events().get(1).substring(0, 44));
    }

    @Test
    void idsThatStandElsewhereGoToo() {
        gateway.globalPrivacyControl = true;
        gateway.userAgent = "Agent/1";
        gateway.post(
                "{\"event\":\"a\",\"uid\":\"U1\",\"userId\":\"U2\",\"user\":{\"x\":\"U3\"},\"sid\":404040,\"messageId\":\"M1\",\"id\":\"I1\","
                        + "\"ua\":\"A1\",\"userAgent\":\"A2\",\"ip\":\"198.51.100.1\",\"timestamp\":\"soon\",\"ts\":\"2025-11-21T23:59:59.5Z\","
                        + "\"a\":{\"b\":[{\"client_id\":\"C1\",\"kept\":true}],\"Session-ID\":\"S1\",\"gclid\" : \"G1\"},"
                        + "\"props\":{\"deviceId\":\"D1\",\"page\":\"/?x=1&fbclid=F1\",\"n\":1},\"consent\":false,\"gdpr_consent\":\"CONS1\"}");

        String line = gateway.event();
        assertThat(ReferenceJson.object(line).names()).doesNotContain("uid", "sid", "ua", "ip");
        assertThat(line)
                .doesNotContain("U1", "U2", "U3", "404040", "M1", "I1", "A1", "A2", "198.51", "soon", "C1", "S1", "G1")
                .doesNotContain("D1", "F1", "CONS1", "Agent/1")
                .contains("\"b\":[{\"client_id\":\"[field]\",\"kept\":true}]", "\"n\":1", "\"page\":\"/\"");
    }

    @ParameterizedTest
    @CsvSource({
        "shop.example/p?q=Q1#f, shop.example/p",
        "?q=Q1,''",
        "#Q1,''",
        "https://shop.example/p?a=1 Q1, https://shop.example/p",
        "//shop.example/p?Q1, //shop.example/p",
    })
    void fieldsOfUrlsLoseQueryAndFragmentWithOrWithoutAScheme(String url, String left) {
        gateway.globalPrivacyControl = true;
        gateway.post("{\"event\":\"a\",\"url\":\"" + url + "\",\"ref\":\"" + url + "\",\"text\":\"and so? yes\"}");

        ReferenceJson.Object event = ReferenceJson.object(gateway.event());
        assertThat(event.text("url")).isEqualTo(left);
        assertThat(event.text("ref")).isEqualTo(left);
        assertThat(gateway.event()).contains("and so? yes").doesNotContain("Q1");
    }

    @Test
    void oneRequestUsesUpNoStepsOfTheNext() {
        gateway.globalPrivacyControl = true;
        String hostile = "{\"event\":\"a\",\"n\":\"" + "1 2 ".repeat(15_000) + "\"}";
        gateway.post(hostile);
        assertThat(gateway.event()).contains("[unread]");
        gateway.events.clear();

        String sizes = "{\"event\":\"a\",\"n\":\"" + "36 37 38 39 40 ".repeat(20) + "\"}";
        gateway.post(sizes);
        assertThat(gateway.event()).doesNotContain("[unread]");
    }

    @Test
    void whatIsCountedSaysOnlyWhatHappened() throws Exception {
        gateway.shop = shop("consent: {refused: count}", "");
        gateway.doNotTrack = true;
        gateway.post(
                "{\"event\":\"search\",\"url\":\"https://a/\",\"ts\":1763769599870,\"uid\":\"u\",\"props\":{\"q\":\"shoes\"}}");
        assertThat(gateway.event())
                .matches(
                        "\\{\"id\":\"" + UUID7 + "\",\"event\":\"search\",\"shop\":\"demo\",\"rt\":" + HOUR
                                + ",\"consent\":\"counted:dnt\",\"via\":\"v1\",\"pv\":\"own/1\\+s/1\",\"pos\":\"[^\"]{34}\"}\n");
        assertThat(gateway.outcome.accepted()).isEqualTo(1);
    }

    @Test
    void whoHasSaidNothingIsKeptByTheStrictPolicyWhereItIsNotKnownThatConsentIsNeeded() {
        gateway.post("{\"id\":\"1\",\"event\":\"a\",\"uid\":\"u\",\"aid\":\"a\",\"sid\":\"s\"}");
        assertThat(gateway.event())
                .contains("\"id\":\"1\"", "\"uid\":\"u\"", "\"aid\":\"a\"", "\"sid\":\"s\"", "\"ip\":");
        gateway.country = "FR";
        gateway.post("{\"id\":\"1\",\"event\":\"a\",\"uid\":\"u\"}");
        assertThat(gateway.event())
                .contains("\"consent\":\"anonymised:unsaid\"")
                .doesNotContain("\"u\"");
        gateway.post("{\"id\":\"1\",\"event\":\"a\",\"uid\":\"u\",\"consent\":{\"analytics\":true}}");
        assertThat(gateway.event()).contains("\"uid\":\"u\"", "\"consent\":{\"analytics\":true}");
    }

    @Test
    void eachEventOfABatchIsTakenByWhatItSaysItself() {
        gateway.post(
                "{\"event\":\"a\",\"uid\":\"u\",\"consent\":\"denied\"}\n{\"event\":\"b\",\"uid\":\"u\"}\n"
                        + "{\"event\":\"c\",\"uid\":\"u\",\"consent\":{\"analytics_storage\":\"denied\"}}\n"
                        + "{\"consent\":\"denied\"}\n{\"event\":\"d\",\"uid\":\"u\",\"gcs\":\"G100\"}\n{\"event\":\"e\",\"uid\":\"u\"}");
        assertThat(gateway.events().stream().map(line -> line.contains("\"uid\":\"u\"")))
                .containsExactly(false, true, false, false, true);
        assertThat(gateway.rejected()).hasSize(1);
        assertThat(gateway.counted(Counter.CONSENT_KEPT)).isEqualTo(2);
        assertThat(gateway.counted(Counter.CONSENT_ANONYMISED)).isEqualTo(3);
        assertThat(gateway.counted(Counter.CONSENT_REFUSED_WORD)).isEqualTo(1);
        assertThat(gateway.counted(Counter.CONSENT_REFUSED_GOOGLE)).isEqualTo(1);
        assertThat(gateway.counted(Counter.CONSENT_REFUSED_CATEGORIES)).isEqualTo(1);
    }

    @Test
    void aRequestThatIsRefusedIsNotCounted() {
        gateway.limits(1, 1000).post("[{\"event\":\"a\",\"consent\":\"denied\"},{\"event\":\"b\"}]");
        assertThat(gateway.outcome.refusal()).isNotNull();
        assertThat(gateway.counted(Counter.CONSENT_ANONYMISED)).isZero();
        assertThat(gateway.events()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "consent=denied, word",
        "consent=0, word",
        "consent=%7B%22analytics%22%3Afalse%7D, categories",
        "consent=C0001:1%2CC0002:0, categories",
        "gcs=G100, google",
        "gcd=11p1p1p1p5, google",
        "us_privacy=1YYN, us-privacy",
        "gpp=DBABLA~BAAQAAAAAABA.QA&gpp_sid=7, gpp",
        "gpp_sid=7&gpp=DBABLA%7EBAAQAAAAAABA.QA, gpp",
        "gdpr=1&gdpr_consent=CQSbk4AQSbk4ANwAAAENAwCgAAAAAAAAAAYgACPAAAAA, tcf",
        "gdpr=0&gdpr_consent=CQSbk4AQSbk4ANwAAAENAwCgAAAAAAAAAAYgACPAAAAA, ''",
        "gpp=DBABLA~BAAQAAAAAABA.QA&gpp_sid=2, ''",
        "consent=granted, ''",
        "gcs=G111, ''",
        "gdpr=1, ''",
    })
    void parametersOfAPixelCount(String parameters, String signal) {
        gateway.pixel("e=view&uid=u&" + parameters);
        if (signal.isEmpty()) {
            assertThat(gateway.event()).contains("\"uid\":\"u\"");
        } else {
            assertThat(gateway.event())
                    .contains("\"consent\":\"anonymised:" + signal + "\"")
                    .doesNotContain("\"uid\"");
        }
    }

    @Test
    void anAnonymisedEventHasNoPseudonymsEither() {
        gateway.shop = new Shop("demo", 0, Set.of(), Policies.presets().all().get("gdpr"));
        gateway.post(
                "{\"event\":\"a\",\"props\":{\"m\":\"jane@x.example\",\"email\":\"jane\",\"to\":\"+49 30 12345678\"}}");
        assertThat(gateway.event())
                .contains("\"m\":\"[email]\",\"email\":\"[field]\",\"to\":\"[phone]\"")
                .contains("\"consent\":\"anonymised:unsaid\"", "\"scrub\":{\"email-remove\":1");
    }

    @Test
    void theRegionOfTheShopCountsUnlessItIsKnownWhereTheVisitorIs() throws Exception {
        gateway.shop = shop("consent: {regions: {EU: {default: count}, US: {default: keep}}}", "DE");
        gateway.post("{\"event\":\"a\"}");
        assertThat(gateway.event()).contains("counted:unsaid");
        gateway.country = "US";
        gateway.post("{\"event\":\"a\"}");
        assertThat(gateway.event()).doesNotContain("counted:unsaid");
    }

    @Test
    void whateverIsAnonymisedIsJsonWithoutIds() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        gateway.globalPrivacyControl = true;
        String[] names = {
            "uid", "userId", "sid", "props", "x", "url", "ref", "event", "client_id", "id", "ts", "consent", "a b"
        };
        String[] values = {
            "\"SECRET\"",
            "{\"uid\":\"SECRET\"}",
            "[1, {\"fbclid\":\"SECRET\"} ]",
            "{}",
            "[]",
            "null",
            "4040404040404",
            "\"/?SECRET=1\"",
            "\"see https://x.example/#SECRET or http:\\/\\/y?SECRET, too\"",
            "\"https://x.example/a?u=SECRET\"",
            "\"a:\\/\\/b\\u0023SECRET\\nhttps://c?\\\"SECRET\"",
            "\"https:\\/\\/x.example\\/\\u003fSECRET\"",
            "{ \"deviceId\" : [\"SECRET\"] }",
            "\"\"",
        };
        for (int i = 0; i < 5_000; i++) {
            StringBuilder event = new StringBuilder("{\"event\":\"e\"");
            for (int k = random.nextInt(6); k > 0; k--) {
                String name = names[random.nextInt(names.length)];
                String value = values[random.nextInt(values.length)];
                boolean free = name.equals("x")
                        || name.equals("a b")
                        || name.equals("event")
                        || name.equals("props")
                        || name.equals("id");
                if (free && value.equals("\"SECRET\"")) {
                    // What stands under any name is not known to be an id.
                    value = "\"fine\"";
                }
                if ((name.equals("url") || name.equals("ref")) && value.equals("\"SECRET\"")) {
                    // No query.
                    continue;
                }
                event.append(random.nextBoolean() ? " , " : ",")
                        .append('"')
                        .append(name)
                        .append("\": ")
                        .append(value);
            }
            gateway.post(event + "}");
            assertThat(gateway.event()).as("seed %d: %s", seed, event).doesNotContain("SECRET");
            ReferenceJson.object(gateway.event());
            gateway.events.clear();
        }
    }

    @Test
    void itAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        gateway.globalPrivacyControl = true;
        gateway.consentCookies = "usprivacy=1YYN;";
        byte[] body =
                ("[{\"event\":\"a\",\"uid\":\"u\",\"url\":\"https://a/?b\",\"props\":{\"client_id\":\"x\",\"n\":[1,2]},"
                                + "\"consent\":{\"analytics\":false},\"gpp\":\"DBABLA~BAAQAAAAAABA.QA\"},{\"event\":\"b\",\"consent\":\"no\"}]")
                        .getBytes(StandardCharsets.UTF_8);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long allocated = 0;
            for (int i = 0; i < 500; i++) {
                gateway.prepare(body);
                long before = threads.getCurrentThreadAllocatedBytes();
                gateway.decodePrepared();
                allocated += threads.getCurrentThreadAllocatedBytes() - before;
                gateway.events.clear();
            }
            least = Math.min(least, allocated);
        }
        assertThat(gateway.outcome.accepted()).isEqualTo(2);
        assertThat(least).isZero();
    }

    /** A shop by a policy of its own, on top of the strict one. */
    private Shop shop(String consent, String region) throws Exception {
        Path file = directory.resolve("own.yaml");
        Files.writeString(file, "name: own\nversion: 1\n" + consent + "\n");
        List<String> reports = new ArrayList<>();
        Policies policies = Policies.load(new PrivacyConfig("strict", List.of(file)), reports);
        assertThat(reports).isEmpty();
        return new Shop("demo", 0, Set.of(), policies.all().get("own"), region);
    }
}
