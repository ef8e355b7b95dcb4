package io.sluice.cli.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.Sluice;
import io.sluice.cli.reconcile.TestBucket;
import io.sluice.common.Position;
import io.sluice.record.Encoding;
import io.sluice.record.Samples;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

@ExtendWith(CleanLog.class)
class AuditCommandTest {

    private static final String EVENTS = "events/2026/11/22/10/sluice-events-1-2026-11-22-10-00-00-";

    /** What stands in the place of what was scrubbed, under any policy, and what is nobody's. */
    private static final List<String> CLEAN = List.of(
            "\"ip\":\"203.0.113.0\",\"props\":{\"n\":1}",
            "\"ip\":\"2001:db8:1::\",\"props\":{\"n\":1.25}",
            "\"ip\":\"::\",\"props\":{\"n\":null}",
            "\"props\":{\"q\":\"mail to [email] or [phone:491] or [card:411111]\"}",
            "\"props\":{\"email\":\"[field:cdpmabkfhgeolnij]\",\"password\":\"[field]\"}",
            "\"props\":{\"email\":\"****@*.*******\",\"phone\":\"+** *** ******\"}",
            "\"props\":{\"email\":\"[email:cdpmabkfhgeolnij]\",\"traits\":{\"a\":\"[field]\",\"b\":null}}",
            "\"props\":{\"net\":\"from 198.51.100.0\",\"at\":\"52.51, 13.40\"}",
            "\"url\":\"https://shop.example/?q=lamp&token=[field]\",\"props\":{\"order\":\"4711000815\"}");

    @TempDir
    private Path temp;

    private TestBucket bucket;
    private String out;

    @BeforeEach
    void bucket() throws IOException {
        bucket = new TestBucket(Files.createDirectories(temp.resolve("s3")));
    }

    private static String line(int index, String fields) {
        return "{\"id\":\"019a2c5e-0000-7000-8000-" + String.format("%012d", 379354508162306L % (index + 7))
                + "\",\"event\":\"view\",\"shop\":\"shop-" + index % 2 + "\",\"rt\":1795341600000,\"st\":1795341599000,"
                + fields + ",\"via\":\"v1\",\"pos\":\"" + new Position(TestBucket.INCARNATION, 0, 1, index)
                + "\"}\n";
    }

    private static String lines(List<String> fields) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < fields.size(); i++) {
            lines.append(line(i, fields.get(i)));
        }
        return lines.toString();
    }

    private void object(String key, Encoding encoding, List<String> fields) throws IOException {
        bucket.write(key, Samples.block(encoding, lines(fields)));
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void findsNothingInWhatWasScrubbedUnderAnyPolicy(Encoding encoding) throws IOException {
        object(EVENTS + "a", encoding, CLEAN);
        assertThat(audit()).as(out).isZero();
        assertThat(out)
                .contains("lines " + CLEAN.size() + "; findings 0, in 0 lines")
                .contains("nothing personal was found");
    }

    @ParameterizedTest
    @EnumSource(Encoding.class)
    void namesKindShopAndPathOfEachLeakAndNeverTheValue(Encoding encoding) throws IOException {
        List<String> fields = new ArrayList<>(CLEAN.subList(0, 2));
        List<String> values = List.of("jane.doe", "4111", "5555", "203.0.113.77", "DE89", "eyJ", "1508", "secret1");
        fields.add("\"url\":\"https://x.example/?q=jane.doe%40mail.example&a=1\"");
        fields.add("\"props\":{\"items\":[{\"note\":\"jane.doe@mail.example\"}]}");
        fields.add("\"props\":{\"pay\":{\"with\":\"4111 1111 1111 1111\"}}");
        fields.add("\"props\":{\"pay\":{\"with\":\"5555 5555 5555 4444\"}}");
        fields.add("\"ip\":\"203.0.113.77\"");
        fields.add("\"props\":{\"account\":\"DE89 3704 0044 0532 0130 00\"}");
        fields.add("\"props\":{\"jane.doe@mail.example\":{\"n\":1}}");
        fields.add("\"props\":{\"call\":\"+49 1508 1234567\"}");
        fields.add("\"props\":{\"where\":\"52.520008, 13.404954\"}");
        fields.add("\"props\":{\"password\":\"secret1\"}");
        object(EVENTS + "a", encoding, fields);

        assertThat(audit()).as(out).isEqualTo(1);
        assertThat(out)
                .contains("email: shop shop-0, url: 1 times, such as ****.***")
                .contains("email: shop shop-1, props.items.note: 1 times, such as ****.***@****.*******")
                .contains("card: shop shop-0, props.pay.with: 1 times, such as **** **** **** ****")
                .contains("card: shop shop-1, props.pay.with: 1 times")
                .contains("ip: shop shop-0, ip: 1 times, such as ***.*.***.**")
                .contains("iban: shop shop-1, props.account: 1 times, such as **** **** **** **** **** **")
                .contains("email: shop shop-0, props (a name): 1 times")
                .contains("phone: shop shop-1, props.call: 1 times, such as +** **** *******")
                .contains("coordinates: shop shop-0, props.where: 1 times")
                .contains("field: shop shop-1, props.password: 1 times, such as *******")
                .contains("findings 10, in 10 lines")
                .contains("PERSONAL DATA was found");
        for (String value : values) {
            assertThat(out).doesNotContain(value);
        }

        assertThat(audit("--json")).isEqualTo(1);
        assertThat(out)
                .startsWith("{\"clean\":false,\"complete\":true,\"objects\":1,")
                .contains(
                        "{\"kind\":\"ip\",\"shop\":\"shop-0\",\"path\":\"ip\",\"possible\":false,\"count\":1,\"example\":\"***.*.***.**\"}");
    }

    @Test
    void whatThePolicyKeepsIsNoFinding() throws IOException {
        object(EVENTS + "a", Encoding.GZIP, List.of("\"props\":{\"call\":\"+49 1508 1234567\"}"));
        assertThat(audit()).isEqualTo(1);
        assertThat(audit("--policy", "minimal")).as(out).isZero();
        assertThat(audit("--policy", "nothing")).isEqualTo(2);
    }

    @Test
    void tellsNumbersThatMayBeAPersonsFromLeaks() throws IOException {
        object(EVENTS + "a", Encoding.GZIP, List.of("\"props\":{\"value\":111222333}", "\"props\":{\"n\":1234567890}"));
        assertThat(audit()).as(out).isZero();
        assertThat(out)
                .contains("possible id: shop shop-0, props.value: 1 times, such as *********")
                .contains("findings 0, in 0 lines; possible 1")
                .contains("nothing personal was found but numbers that may be");
        assertThat(audit("--json")).isZero();
        assertThat(out)
                .startsWith("{\"clean\":true,\"complete\":true,")
                .contains("\"findingCount\":0,\"possibleCount\":1,")
                .contains("\"path\":\"props.value\",\"possible\":true,");
        assertThat(audit("--broad")).as(out).isEqualTo(1);
        assertThat(out)
                .contains("possible id: shop shop-0, props.value: 1 times, such as *********")
                .contains("findings 1, in 1 lines");
        assertThat(audit("--certain")).isZero();
        assertThat(out).doesNotContain("possible");
        assertThat(audit("--certain", "--broad")).isEqualTo(2);
    }

    @Test
    void judgesEachLineByThePolicyThatItWasScrubbedBy() throws IOException {
        String call = "\"props\":{\"call\":\"+49 1508 1234567\"}";
        object(EVENTS + "a", Encoding.GZIP, List.of("\"pv\":\"m/1\"," + call));
        assertThat(audit()).as(out).isZero();
        assertThat(audit("--policy", "strict")).as("whatever the line says").isEqualTo(1);
        object(EVENTS + "b", Encoding.GZIP, List.of("\"pv\":\"s/1\"," + call));
        assertThat(audit()).as(out).isEqualTo(1);
        assertThat(out).contains("findings 1, in 1 lines");
    }

    @Test
    void judgesByTheShopsPolicyInTheConfigurationWhatNamesNoneThatIsKnown() throws IOException {
        Path policy = Files.writeString(
                temp.resolve("own.yaml"), "name: own\nversion: 7\npreset: minimal\nfields: {loyalty: remove}\n");
        Path shops = Files.writeString(
                temp.resolve("shops.yaml"), "shops: {shop-0: {keys: [k0], policy: own}, shop-1: {keys: [k1]}}\n");
        Path config = Files.writeString(
                temp.resolve("sluice.yaml"), "shops: {file: " + shops + "}\nprivacy: {policies: [" + policy + "]}\n");
        String call = "\"props\":{\"call\":\"+49 1508 1234567\"}";
        object(EVENTS + "a", Encoding.GZIP, List.of(call, call, "\"pv\":\"own/6\"," + call));
        assertThat(audit("--config", config.toString())).as(out).isEqualTo(1);
        assertThat(out).contains("phone: shop shop-1, props.call: 1 times").contains("findings 1, in 1 lines");

        object(EVENTS + "a", Encoding.GZIP, List.of(call, "\"pv\":\"own/7\"," + call));
        assertThat(audit("--config", config.toString())).as(out).isZero();
        object(EVENTS + "a", Encoding.GZIP, List.of(call, "\"pv\":\"own/7\",\"props\":{\"loyalty\":\"x17\"}"));
        assertThat(audit("--config", config.toString())).as(out).isEqualTo(1);
        assertThat(out).contains("field: shop shop-1, props.loyalty: 1 times");
        Files.writeString(policy, "name: own\n");
        assertThat(audit("--config", config.toString())).isEqualTo(2);
    }

    @Test
    void judgesWhatWasAnonymisedByTheStrictPolicyAndMore() throws IOException {
        String anonymised = "\"consent\":\"anonymised:gpc\",\"pv\":\"m/1+s/1\",";
        object(EVENTS + "a", Encoding.GZIP, List.of(anonymised + "\"props\":{\"price\":3,\"client_id\":\"[field]\"}"));
        assertThat(audit()).as(out).isZero();
        object(
                EVENTS + "a",
                Encoding.GZIP,
                List.of(
                        anonymised + "\"props\":{\"call\":\"+49 1508 1234567\"}",
                        anonymised + "\"props\":{\"client_id\":\"c-17\"}"));
        assertThat(audit()).as(out).isEqualTo(1);
        assertThat(out)
                .contains("phone: shop shop-0, props.call: 1 times")
                .contains("field: shop shop-1, props.client_id: 1 times");
    }

    @Test
    void readsOneObjectOfSoManyAndTheHoursThatWereAskedFor() throws IOException {
        for (int hour = 10; hour < 16; hour++) {
            object("events/2026/11/22/" + hour + "/x", Encoding.GZIP, CLEAN);
        }
        assertThat(audit("--sample", "1/4")).isZero();
        assertThat(out).contains("objects 2 (and 4 left out)");
        assertThat(audit("--from", "2026-11-22T11", "--to", "2026-11-22T13")).isZero();
        assertThat(out).contains("objects 2,");
        assertThat(audit("--from", "2026-11-22", "--to", "2026-11-23")).isZero();
        assertThat(out).contains("objects 6,");
        assertThat(audit("--from", "2026-11-22T10:30")).isEqualTo(2);
        assertThat(out).contains("begins no hour");
        for (String wrong : List.of("2/4", "1/0", "4")) {
            assertThat(audit("--sample", wrong)).isEqualTo(2);
        }
    }

    @Test
    void tellsWhatCouldNotBeReadFromWhatLeaked() throws IOException {
        assertThat(audit()).isEqualTo(4);
        assertThat(out).contains("there are no objects").doesNotContain("nothing personal");
        assertThat(audit("--json")).isEqualTo(4);
        assertThat(out).startsWith("{\"clean\":false,\"complete\":false,");
        byte[] whole = Samples.block(Encoding.GZIP, lines(CLEAN));
        bucket.write(EVENTS + "a", Arrays.copyOf(whole, whole.length - 2));
        assertThat(audit()).isEqualTo(4);
        assertThat(out).contains("problem: " + EVENTS + "a: the gzip member").contains("NOT everything could be read");
        object(EVENTS + "b", Encoding.GZIP, List.of("\"props\":{\"call\":\"+49 1508 1234567\"}"));
        assertThat(audit()).isEqualTo(1);
        bucket.write(EVENTS + "b", "{\"a\":}\n".getBytes(StandardCharsets.UTF_8));
        assertThat(audit()).isEqualTo(4);
        assertThat(out).contains("1 lines are no JSON");
    }

    @Test
    void looksThroughWhatIsNoJsonAsText() throws IOException {
        String text = "{\"props\":{\"note\":\"jane.doe@mail.example\"\n# call \\ \"+49 1508 1234567\"\n";
        bucket.write(EVENTS + "a", Samples.block(Encoding.GZIP, text));
        assertThat(audit()).as(out).isEqualTo(1);
        assertThat(out)
                .contains("email: shop ?, (no JSON): 1 times, such as ****.***@****.*******")
                .contains("phone: shop ?, (no JSON): 1 times")
                .contains("2 lines are no JSON")
                .contains("findings 2, in 2 lines")
                .doesNotContain("jane", "1508");
    }

    private int audit(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("audit", "--from-dir", bucket.root().toString()));
        arguments.addAll(List.of(options));
        StringWriter printed = new StringWriter();
        CommandLine line = Sluice.commandLine(new AuditCommand());
        line.setOut(new PrintWriter(printed));
        line.setErr(new PrintWriter(printed));
        int exit = line.execute(arguments.toArray(String[]::new));
        out = printed.toString();
        return exit;
    }
}
