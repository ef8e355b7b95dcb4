package io.sluice.privacy.consent;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsentTest {

    private static final byte[] NO_REGION = {};

    /** Tells apart what was said: unsaid is counted, refused anonymised. */
    private static final ConsentRules TELLING = new ConsentRules(
            Decision.COUNT,
            Decision.ANONYMISE,
            Map.of(),
            Set.of(1, 8),
            ConsentRules.strict().categories(),
            Set.of());

    /** Purposes 1 and 8; none. */
    private static final String TC_ALL = tcString("1 8");

    private static final String TC_NONE = tcString("");

    private final Consent consent = new Consent();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // Words.
                "ANY | granted | KEEP",
                "ANY | \"Granted\" | KEEP",
                "ANY | \"opt-in\" | KEEP",
                "ANY | true | KEEP",
                "ANY | 1 | KEEP",
                "ANY | denied | ANONYMISE",
                "ANY | \"opt_out\" | ANONYMISE",
                "ANY | false | ANONYMISE",
                "ANY | 0 | ANONYMISE",
                "ANY | maybe | COUNT",
                "ANY | `` | COUNT",
                "ANY | null | COUNT",
                // Categories: Segment, "Consent object".
                "ANY | {\"categoryPreferences\":{\"Advertising\":true,\"Analytics\":false,\"Functional\":true}} | ANONYMISE",
                "ANY | {\"categoryPreferences\":{\"Advertising\":false,\"Analytics\":true,\"DataSharing\":false}} | KEEP",
                "CATEGORIES | {\"categoryPreferences\":{\"C0001\":true,\"C0002\":false}} | ANONYMISE",
                "CATEGORIES | {\"categoryPreferences\":{}} | COUNT",
                "CATEGORIES | {} | COUNT",
                "ANY | {\"ads\":false} | COUNT",
                "ANY | {\"ads\":true} | COUNT",
                "ANY | {\"necessary\":true} | COUNT",
                "ANY | {\"gdprApplies\":true,\"bannerShown\":true,\"v\":1} | COUNT",
                "ANY | {\"gdprApplies\":true,\"one\":true} | COUNT",
                "ANY | {\"one\":true,\"two\":true} | COUNT",
                "CATEGORIES | {\"categoryPreferences\":{\"Fun\":\"yes\",\"cat_17\":\"yes\"}} | COUNT",
                "ANY | {\"one\":true,\"two\":false} | ANONYMISE",
                "ANY | {\"analytics\":\"denied\",\"ads\":\"granted\"} | ANONYMISE",
                "ANY | {\"ad_storage\":\"denied\",\"analytics_storage\":\"granted\"} | KEEP",
                "ANY | {\"analytics\" : 0} | ANONYMISE",
                "ANY | {\"analytics\":null} | COUNT",
                "ANY | {\"analytics\":{\"deep\":true}} | COUNT",
                "ANY | {\"analytics\":{\"deep\":false}} | ANONYMISE",
                "ANY | \"{\\\"analytics\\\":false}\" | ANONYMISE",
                "ANY | \"{\\\"analytics\\\":true,\\\"x\\\":\\\"false\\\"}\" | KEEP",
                "ANY | analytics:0,ads:1 | ANONYMISE",
                "ANY | analytics=1&ads=0 | KEEP",
                "ANY | C0001:1,C0002:0,C0003:1 | ANONYMISE",
                "ANY | [true,false] | COUNT",
                // Google.
                "GCS | G111 | KEEP",
                "GCS | G101 | KEEP",
                "GCS | G110 | ANONYMISE",
                "GCS | \"G100\" | ANONYMISE",
                "GCS | G1-- | COUNT",
                "GCS | G1 | COUNT",
                "GCS | G211 | COUNT",
                "ANY | G100 | ANONYMISE",
                "GCD | 11p1p1p1p5 | ANONYMISE",
                "GCD | 11t1t1t1t5 | KEEP",
                "GCD | 11p1t1p1t5 | KEEP",
                "GCD | 13l3l3l3l1 | COUNT",
                "GCD | 13l3r3l2l1l1 | KEEP",
                "GCD | 11q1q1q1q5 | ANONYMISE",
                "GCD | 11v1u1v1v5 | ANONYMISE",
                "GCD | 11m1n1m1m5 | KEEP",
                "GCD | 11t1z1t1t5 | COUNT",
                "GCD | 11t1t | COUNT",
                // Strings of the IAB, told by their looks.
                "US_PRIVACY | 1YYN | ANONYMISE",
                "US_PRIVACY | 1YNN | COUNT",
                "ANY | 1YYN | ANONYMISE",
                "ANY | {\"usp\":\"1YYN\"} | ANONYMISE",
                "GPP | DBABLA~BAAQAAAAAABA.QA | ANONYMISE",
                "GPP | DBABLA~BAAgAAAAAABA.YA | ANONYMISE",
                "GPP | DBABLA~BAAgAAAAAABA.QA | COUNT",
                "ANY | DBABBg~BAQAAABA.QA | ANONYMISE",
                "GPP | DBABLA | COUNT",
                "GPP | DBAB | COUNT",
                "TCF | CQSbk4AQSbk4ANwAAAENAwCgAAAAAAAAAAYgACPAAAAA.IDKQA4AAgAKAGQAygAAA | ANONYMISE",
                "ANY | CQSbk4AQSbk4ANwAAAENAwCgAAAAAAAAAAYgACPAAAAA | ANONYMISE",
                "TCF | CQSbk4 | COUNT",
            })
    void readsWhatAnEventSays(Form form, String text, Decision decision) {
        assertThat(decide(TELLING, form, text)).isEqualTo(decision);
        // What is around it changes nothing.
        byte[] bytes = ("\"G100\"" + text + "\"G111\"").getBytes(StandardCharsets.UTF_8);
        begin(TELLING);
        consent.take(form, bytes, 6, bytes.length - 6);
        assertThat(consent.decide()).isEqualTo(decision);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // iglu-central, com.snowplowanalytics.snowplow.
                "consent_preferences/jsonschema/1-0-0 | {\"eventType\":\"deny_all\",\"consentScopes\":[\"necessary\"]} | ANONYMISE",
                "consent_preferences/jsonschema/1-0-0 | {\"eventType\":\"allow_all\",\"gdprApplies\":true} | KEEP",
                "consent_preferences/jsonschema/1-0-0 | {\"eventType\":\"withdrawn\"} | ANONYMISE",
                "consent_preferences/jsonschema/1-0-0 | {\"eventType\":\"expired\"} | ANONYMISE",
                "consent_preferences/jsonschema/1-0-0 | {\"eventType\":\"pending\"} | COUNT",
                "consent_preferences/jsonschema/1-0-0 | {\"eventType\":\"implicit_consent\"} | COUNT",
                "consent_preferences/jsonschema/1-0-0 | {\"eventType\":\"allow_selected\",\"consentScopes\":[\"functional\",\"analytics\"],\"x\":1} | KEEP",
                "consent_preferences/jsonschema/1-0-0 | {\"eventType\":\"allow_selected\",\"consentScopes\":[\"functional\"],\"domainsApplied\":[\"analytics\"]} | ANONYMISE",
                "consent_preferences/jsonschema/1-0-0 | {\"consentScopes\":[\"analytics\"],\"eventType\":\"allow_selected\"} | KEEP",
                "cmp_visible/jsonschema/1-0-0 | {\"elapsedTime\":1.5} | COUNT",
                "consent_granted/jsonschema/1-0-0 | {\"expiry\":\"2027-01-01\"} | KEEP",
                "consent_withdrawn/jsonschema/1-0-0 | {\"all\":true} | ANONYMISE",
                "consent_withdrawn/jsonschema/1-0-0 | {\"all\":false} | ANONYMISE",
                "consent_document/jsonschema/1-0-0 | {\"id\":\"1\",\"version\":\"2\"} | COUNT",
                "gdpr/jsonschema/1-0-0 | {\"basisForProcessing\":\"consent\"} | COUNT",
                "link_click/jsonschema/1-0-1 | {\"eventType\":\"deny_all\"} | COUNT",
            })
    void readsSnowplowsEventsAboutConsent(String schema, String data, Decision decision) {
        String plain = "{\"schema\":\"iglu:com.snowplowanalytics.snowplow/" + schema + "\",\"data\":" + data + "}";
        String event = "{\"schema\":\"iglu:com.snowplowanalytics.snowplow/unstruct_event/jsonschema/1-0-0\",\"data\":"
                + plain + "}";
        String contexts = "{\"schema\":\"iglu:com.snowplowanalytics.snowplow/contexts/jsonschema/1-0-0\",\"data\":["
                + "{\"schema\":\"iglu:com.acme/run/jsonschema/1-0-0\",\"data\":{\"n\":0}}," + plain + "]}";
        String reversed = "{\"data\":" + data + ",\"schema\":\"iglu:com.snowplowanalytics.snowplow/" + schema + "\"}";
        for (String each : new String[] {plain, event, contexts, reversed}) {
            assertThat(decide(TELLING, Form.SNOWPLOW, each)).as(each).isEqualTo(decision);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "OptanonConsent=isGpcEnabled=0&datestamp=Mon+Nov+23+2026&version=202401.1.0&groups=C0001%3A1%2CC0002%3A0%2CC0004%3A0&hosts= | ANONYMISE",
                "OptanonConsent=groups=C0001:1,C0002:1,C0004:0&AwaitingReconsent=false | KEEP",
                "OptanonConsent=isGpcEnabled%3D0%26groups%3DC0001%253A1 | COUNT",
                "OptanonConsent=version=6.1.0&xgroups=C0002:0 | COUNT",
                "CookieConsent={stamp:%27abc==%27%2Cnecessary:true%2Cpreferences:false%2Cstatistics:false%2Cmarketing:true%2Cmethod:%27explicit%27%2Cver:1%2Cutc:1700000000000%2Cregion:%27de%27} | ANONYMISE",
                "CookieConsent={stamp:%27abc==%27%2Cnecessary:true%2Cpreferences:false%2Cstatistics:true%2Cmarketing:false} | KEEP",
                "CookieConsent=0 | ANONYMISE",
                "CookieConsent=-1 | COUNT",
                "euconsent-v2=CQSbk4AQSbk4ANwAAAENAwCgAAAAAAAAAAYgACPAAAAA.IDKQA4AAgAKAGQAygAAA | ANONYMISE",
                "euconsent-v2=denied | COUNT",
                "usprivacy=1YYN | ANONYMISE",
                "my_consent=no | ANONYMISE",
                "my_consent=%7B%22analytics%22%3Atrue%7D | KEEP",
                "my_consent=DBABLA~BAAQAAAAAABA.QA | ANONYMISE",
                "my_consent=yes; CookieConsent=0 | ANONYMISE",
                "my_consent=yes;my_consent=nothing; | KEEP",
                "my_consent | COUNT",
                "=no | COUNT",
            })
    void readsCookies(String cookies, Decision decision) {
        begin(TELLING);
        byte[] bytes = cookies.getBytes(StandardCharsets.US_ASCII);
        consent.cookies(bytes, bytes.length);
        assertThat(consent.decide()).isEqualTo(decision);
        consent.startEvent();
        assertThat(consent.decide()).as("of the second event").isEqualTo(decision);
    }

    @ParameterizedTest
    @CsvSource({
        // policy, shop, visitor; nothing said, granted, refused
        "strict,  '', '', KEEP,      KEEP, ANONYMISE",
        "strict,  DE, '', ANONYMISE, KEEP, ANONYMISE",
        "strict,  EU, '', ANONYMISE, KEEP, ANONYMISE",
        "strict,  EU, US, KEEP,      KEEP, ANONYMISE",
        "strict,  US, FR, ANONYMISE, KEEP, ANONYMISE",
        "strict,  US, GB, ANONYMISE, KEEP, ANONYMISE",
        "strict,  DE, T1, ANONYMISE, KEEP, ANONYMISE",
        "strict,  '', NO, ANONYMISE, KEEP, ANONYMISE",
        "gdpr,    US, US, ANONYMISE, KEEP, ANONYMISE",
        "ccpa,    '', DE, KEEP,      KEEP, ANONYMISE",
        "minimal, DE, DE, KEEP,      KEEP, KEEP",
        "telling, '', '', COUNT,     KEEP, ANONYMISE",
    })
    void decidesByWhatWasSaidAndWhere(
            String policy, String shop, String visitor, Decision unsaid, Decision granted, Decision refused) {
        ConsentTable table = new ConsentTable(
                switch (policy) {
                    case "strict" -> ConsentRules.strict();
                    case "gdpr" -> ConsentRules.gdpr();
                    case "ccpa" -> ConsentRules.ccpa();
                    case "minimal" -> ConsentRules.minimal();
                    default -> TELLING;
                });
        consent.begin(table, ascii(shop));
        consent.country(ascii(visitor), visitor.length());
        assertThat(consent.decide()).isEqualTo(unsaid);
        take(Form.ANY, "granted");
        assertThat(consent.decide()).isEqualTo(granted);
        take(Form.ANY, "denied");
        assertThat(consent.decide()).isEqualTo(refused);
        consent.headers(true, false);
        consent.startEvent();
        take(Form.ANY, "granted");
        assertThat(consent.decide()).as("consent against a refusal").isEqualTo(refused);
    }

    @Test
    void aCountryGoesBeforeTheUnionAndTheUnionBeforeTheRest() {
        ConsentTable table = new ConsentTable(new ConsentRules(
                Decision.KEEP,
                Decision.ANONYMISE,
                Map.of(
                        "EU", new ConsentRules.Regional(Decision.ANONYMISE, Decision.COUNT),
                        "FR", new ConsentRules.Regional(Decision.COUNT, null),
                        "US", new ConsentRules.Regional(null, Decision.KEEP)),
                Set.of(),
                Set.of(),
                Set.of()));
        assertThat(table.decide(place("DE"), Said.NOTHING)).isEqualTo(Decision.ANONYMISE);
        assertThat(table.decide(place("RE"), Said.NOTHING)).isEqualTo(Decision.ANONYMISE);
        assertThat(table.decide(place("de"), Said.REFUSED)).isEqualTo(Decision.COUNT);
        assertThat(table.decide(place("FR"), Said.NOTHING)).isEqualTo(Decision.COUNT);
        assertThat(table.decide(place("FR"), Said.REFUSED)).isEqualTo(Decision.COUNT);
        assertThat(table.decide(place("US"), Said.NOTHING)).isEqualTo(Decision.KEEP);
        assertThat(table.decide(place("US-CA"), Said.REFUSED)).isEqualTo(Decision.KEEP);
        assertThat(table.decide(place("BR"), Said.REFUSED)).isEqualTo(Decision.ANONYMISE);
        for (String nowhere : new String[] {"", "D", "T1", "1Z", "DEU", "-D", "é"}) {
            assertThat(place(nowhere)).as(nowhere).isEqualTo(ConsentTable.NOWHERE);
        }
    }

    @Test
    void whatAnEventSaysIsItsOwn() {
        begin(TELLING);
        take(Form.ANY, "denied");
        assertThat(consent.decide()).isEqualTo(Decision.ANONYMISE);
        consent.startEvent();
        take(Form.ANY, "granted");
        assertThat(consent.decide()).isEqualTo(Decision.KEEP);
        consent.startEvent();
        assertThat(consent.decide()).isEqualTo(Decision.COUNT);
    }

    @Test
    void whereTheGdprDoesNotApplyATcStringSaysNothing() {
        for (boolean first : new boolean[] {true, false}) {
            begin(TELLING);
            if (first) {
                take(Form.GDPR_APPLIES, "0");
            }
            take(Form.TCF, TC_NONE);
            if (!first) {
                take(Form.GDPR_APPLIES, "\"0\"");
            }
            assertThat(consent.decide()).isEqualTo(Decision.COUNT);
        }
        begin(TELLING);
        take(Form.GDPR_APPLIES, "1");
        take(Form.TCF, TC_ALL);
        assertThat(consent.decide()).isEqualTo(Decision.KEEP);
    }

    @Test
    void onlySectionsOfAGppStringThatApplyAreHeard() {
        for (String[] each : new String[][] {
            {"7", "ANONYMISE"},
            {"8", "COUNT"},
            {"8,7", "ANONYMISE"},
            {"-1", "COUNT"},
            {"", "ANONYMISE"},
            {"[2,6]", "COUNT"},
            {"9_7", "ANONYMISE"},
            {"99999999999999", "ANONYMISE"}
        }) {
            begin(TELLING);
            take(Form.GPP, "DBABLA~BAAQAAAAAABA.QA");
            take(Form.GPP_SECTIONS, each[0]);
            assertThat(consent.decide()).as(each[0]).isEqualTo(Decision.valueOf(each[1]));
        }
    }

    @Test
    void anIgnoredSignalIsNotHeard() {
        ConsentRules deaf = new ConsentRules(
                Decision.KEEP, Decision.ANONYMISE, Map.of(), Set.of(), Set.of(), Set.of(Signal.DNT, Signal.WORD));
        begin(deaf);
        consent.headers(false, true);
        take(Form.ANY, "denied");
        assertThat(consent.decide()).isEqualTo(Decision.KEEP);
        consent.headers(true, true);
        assertThat(consent.decide()).isEqualTo(Decision.ANONYMISE);
        assertThat(note()).isEqualTo("anonymised:gpc");
    }

    @Test
    void theNoteNamesTheDecisionAndItsCause() {
        begin(TELLING);
        consent.decide();
        assertThat(note()).isEqualTo("counted:unsaid");
        take(Form.GCS, "G100");
        consent.decide();
        assertThat(note()).isEqualTo("anonymised:google");
        take(Form.US_PRIVACY, "1YYN");
        consent.decide();
        assertThat(note()).isEqualTo("anonymised:us-privacy");
    }

    @Test
    void countsDecisionsAndSignalsOfWhatWasTaken() {
        Metrics metrics = new Metrics();
        Cells cells = metrics.newCells();
        begin(TELLING);
        consent.headers(true, true);
        consent.decide();
        consent.count(cells, false);
        assertThat(metrics.total(Counter.CONSENT_ANONYMISED)).isZero();
        consent.decide();
        consent.startEvent();
        take(Form.ANY, "granted");
        consent.decide();
        consent.count(cells, true);
        begin(TELLING);
        consent.decide();
        consent.count(cells, true);
        assertThat(metrics.total(Counter.CONSENT_ANONYMISED)).isEqualTo(2);
        assertThat(metrics.total(Counter.CONSENT_COUNTED)).isEqualTo(1);
        assertThat(metrics.total(Counter.CONSENT_KEPT)).isZero();
        assertThat(metrics.total(Counter.CONSENT_REFUSED_GPC)).isEqualTo(2);
        assertThat(metrics.total(Counter.CONSENT_REFUSED_DNT)).isEqualTo(2);
        assertThat(metrics.total(Counter.CONSENT_GRANTED_WORD)).isEqualTo(1);
    }

    /** A decoder that fails neither ends its request nor rolls it back. */
    @Test
    void whatARequestLeftThatNobodyEndedIsNotCounted() {
        Metrics metrics = new Metrics();
        begin(TELLING);
        consent.headers(true, true);
        consent.decide();

        begin(TELLING);
        take(Form.ANY, "granted");
        consent.decide();
        consent.count(metrics.newCells(), true);

        assertThat(metrics.total(Counter.CONSENT_ANONYMISED)).isZero();
        assertThat(metrics.total(Counter.CONSENT_REFUSED_GPC)).isZero();
        assertThat(metrics.total(Counter.CONSENT_KEPT)).isEqualTo(1);
        assertThat(metrics.total(Counter.CONSENT_GRANTED_WORD)).isEqualTo(1);
    }

    @Test
    void whateverTheBytesAreItNeitherThrowsNorLooksBeyond() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String[] seeds = {
            TC_ALL,
            "DBACLMA~BAAQAAAAAABA.QA~BAQAAABA.YA",
            "{\"categoryPreferences\":{\"Analytics\":false}}",
            "1YNN",
            "G111",
            "11p1p1p1p5",
            "OptanonConsent=groups=C0001%3A1;CookieConsent={a:'b'}",
            "{\\\"a\\\":\\\"b\\\"}",
            "{\"schema\":\"iglu:com.snowplowanalytics.snowplow/consent_preferences/jsonschema/1-0-0\",\"data\":{}}",
        };
        Form[] forms = Form.values();
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes;
            if (random.nextBoolean()) {
                bytes = new byte[random.nextInt(64)];
                random.nextBytes(bytes);
            } else {
                bytes = ascii(seeds[random.nextInt(seeds.length)]);
                for (int k = random.nextInt(4); k > 0; k--) {
                    bytes[random.nextInt(bytes.length)] = random.nextBoolean()
                            ? (byte) random.nextInt()
                            : (byte) "\"\\'{}[]:=,;&%~.-".charAt(random.nextInt(16));
                }
            }
            int from = random.nextInt(bytes.length + 1);
            int to = from + random.nextInt(bytes.length - from + 1);
            Form form = forms[random.nextInt(forms.length)];
            // Whatever is read beyond the range is another string here and there.
            byte[] here = surrounded(bytes, from, to, (byte) 'A');
            byte[] there = surrounded(bytes, from, to, (byte) '"');
            String what = "seed " + seed + ", " + form + ": " + Arrays.toString(Arrays.copyOfRange(bytes, from, to));
            assertThat(decide(form, here)).as(what).isEqualTo(decide(form, there));
            byte[] exact = Arrays.copyOfRange(bytes, from, to);
            begin(TELLING);
            consent.take(form, exact, 0, exact.length);
            assertThat(consent.decide()).as(what).isEqualTo(decide(form, here));
            consent.cookies(exact, exact.length);
            consent.country(exact, exact.length);
        }
    }

    private Decision decide(Form form, byte[] surrounded) {
        begin(TELLING);
        consent.take(form, surrounded, 8, surrounded.length - 8);
        return consent.decide();
    }

    private static byte[] surrounded(byte[] bytes, int from, int to, byte by) {
        byte[] all = new byte[to - from + 16];
        Arrays.fill(all, by);
        System.arraycopy(bytes, from, all, 8, to - from);
        return all;
    }

    @Test
    void allocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[][] said = {
            ascii(TC_ALL),
            ascii("DBABLA~BAAQAAAAAABA.QA"),
            ascii("{\"categoryPreferences\":{\"Analytics\":false}}"),
            ascii("\"denied\""),
            ascii("G111"),
            ascii(
                    "{\"schema\":\"iglu:com.snowplowanalytics.snowplow/consent_withdrawn/jsonschema/1-0-0\",\"data\":{}}"),
        };
        byte[] cookies = ascii("OptanonConsent=groups=C0001%3A1%2CC0002%3A0;CookieConsent={statistics:false}");
        Cells cells = new Metrics().newCells();
        ConsentTable table = new ConsentTable(TELLING);
        Form[] forms = Form.values();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < 20; round++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 1_000; i++) {
                consent.begin(table, NO_REGION);
                consent.headers(true, false);
                consent.country(cookies, 2);
                consent.cookies(cookies, cookies.length);
                for (byte[] each : said) {
                    consent.startEvent();
                    for (Form form : forms) {
                        consent.take(form, each, 0, each.length);
                    }
                    consent.decide();
                }
                consent.count(cells, true);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isZero();
    }

    private Decision decide(ConsentRules rules, Form form, String text) {
        begin(rules);
        take(form, text);
        return consent.decide();
    }

    private void begin(ConsentRules rules) {
        consent.begin(new ConsentTable(rules), NO_REGION);
    }

    private void take(Form form, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        consent.take(form, bytes, 0, bytes.length);
    }

    private String note() {
        return new String(consent.note(), StandardCharsets.US_ASCII);
    }

    private static int place(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ConsentTable.place(bytes, 0, bytes.length);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A TC string of no more than its head, with consent to these purposes. */
    private static String tcString(String purposes) {
        StringBuilder bits = new StringBuilder("000010");
        // Made and updated in 2026, in English.
        String date = "0".repeat(36) + Long.toBinaryString(17_900_000_000L);
        bits.append(date.substring(date.length() - 36).repeat(2));
        bits.append("0".repeat(30)).append("000100").append("001101").append("0".repeat(32));
        for (int purpose = 1; purpose <= 24; purpose++) {
            bits.append(Arrays.asList(purposes.split(" ")).contains(Integer.toString(purpose)) ? '1' : '0');
        }
        bits.append("0".repeat(40));
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        StringBuilder text = new StringBuilder();
        for (int i = 0; i + 6 <= bits.length(); i += 6) {
            text.append(alphabet.charAt(Integer.parseInt(bits.substring(i, i + 6), 2)));
        }
        return text.toString();
    }
}
