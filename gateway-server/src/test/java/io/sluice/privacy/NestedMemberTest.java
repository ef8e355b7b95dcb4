package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names in JSON that stands within a string, and those of parameters. */
class NestedMemberTest {

    /** Each has apostrophes for quotes, within the string as well as around it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'password':'hunter2','first_name':'Jane','n':'x'} | {'password':'[field]','first_name':'[field]','n':'x'}",
                "{ 'password' : 'hunter2' } | { 'password' : '[field]' }",
                "'password':'x' | 'password':'[field]'",
                "[{'customer':{'password':'x'}},{'password':'y'}] | [{'customer':{'password':'[field]'}},{'password':'[field]'}]",
                "{'password':1234,'n':1} | {'password':'[field]','n':1}",
                "{'address':{'city':'x','a':['}',2]},'n':1} | {'address':'[field]','n':1}",
                "{'address':['x',{'y':[]}],'n':1} | {'address':'[field]','n':1}",
                "{'n':[{'cookie':-1.5e3}]} | {'n':[{'cookie':'[field]'}]}",
                "{'password':null,'email':true,'phone':false} | {'password':null,'email':true,'phone':false}",
                "{'password':'','address':{},'street':[ ],'email':} | {'password':'','address':{},'street':[ ],'email':}",
                "{'password':nullable} | {'password':'[field]'}",
                "{'lat':52.123456,'lon':'13.123456'} | {'lat':52.12,'lon':'13.12'}",
                // Broken ones.
                "{'password':'hunter2 and on | {'password':'[field]",
                "{'address':{'a':'b','c | {'address':'[field]'",
                "password':'x' | password':'[field]'",
                "{'password':'x','b | {'password':'[field]','b",
                // What only resembles one.
                "say 'x': password | say 'x': password",
                "{'name':'password','n':'password:'} | {'name':'password','n':'password:'}",
                // What is found within goes with it.
                "{'address':'jane@x.example, 203.0.113.7'} | {'address':'[field]'}",
                "{'email':'jane@x.example','to':'jane@x.example'} | {'email':'[email]','to':'[email]'}",
                "{'email':'[email]','phone':'[phone:491]','street':'[x] a]'} | {'email':'[email]','phone':'[phone:491]','street':'[field]'}",
            })
    void theValueOfAPersonalNameGoesBeneathEachEncoding(String text, String expected) throws Exception {
        LineScrubber scrubber = LineScrubber.of("strict", null);
        String json = text.replace('\'', '"');
        String left = expected.replace('\'', '"');
        for (Layer layer : Layer.values()) {
            String once = scrub(scrubber, layer.encode(json));
            assertThat(once).as("%s", layer).isEqualTo(line(layer.encode(left)));
            assertThat(scrub(scrubber, once.substring(6, once.length() - 2)))
                    .as("%s, scrubbed again", layer)
                    .isEqualTo(once);
        }
    }

    /** A string within the nested JSON has quotes of its own, which are escaped once more. */
    @Test
    void aValueEndsAtTheQuoteThatIsEncodedAsTheFirst() throws Exception {
        LineScrubber scrubber = LineScrubber.of("strict", null);
        String json = "{\"street\":\"at \\\"the\\\" mill\",\"n\":\"{\\\"password\\\":\\\"x\\\",\\\"m\\\":1}\"}";
        String left = "{\"street\":\"[field]\",\"n\":\"{\\\"password\\\":\\\"[field]\\\",\\\"m\\\":1}\"}";
        assertThat(scrub(scrubber, Carrier.json(json))).isEqualTo(line(Carrier.json(left)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "code: hash | {'code':12,'a':{'code':'x'}} | {'code':'[field:P]','a':{'code':'[field:P]'}}",
                "'my_*': remove | {'my_a':'x','am':'x'} | {'my_a':'[field]','am':'x'}",
                "code: mask | {'code':'a1 b','n':{'code':[1]}} | {'code':'** *','n':{'code':'[field]'}}",
                "email: keep | {'email':'x','n':'y'} | {'email':'x','n':'y'}",
                "customer.code: remove | {'customer':{'code':'x'}} | {'customer':{'code':'x'}}",
                "'?sid': remove | {'sid':'x','u':'/?sid=x'} | {'sid':'x','u':'/?sid=[field]'}",
            })
    void aPolicySaysWhatIsDone(String fields, String text, String expected) throws Exception {
        Policy policy = PolicyFile.parse("name: test\nversion: 1\nfields: {" + fields + "}", "test");
        LineScrubber scrubber = LineScrubber.of(policy, new byte[32]);
        String once = scrub(scrubber, Carrier.json(text.replace('\'', '"')));
        assertThat(once.replaceAll(":[a-p]{16}]", ":P]")).isEqualTo(line(Carrier.json(expected.replace('\'', '"'))));
        assertThat(scrub(scrubber, once.substring(6, once.length() - 2))).isEqualTo(once);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example/reset?token=",
                "https://shop.example/login?password=",
                "https://shop.example/a/very/long/way/to/the/page/on/which/one/may/log/in/again?password=",
                "/login?password=",
                "?first_name=",
                "#email=",
                "https://shop.example/#access_token=",
                "shop.example/p;password=",
                "/p?user[email]=",
                "see /p?user.email=",
                "https:\\/\\/shop.example\\/?password=",
            })
    void theValueOfASingleParameterGoes(String url) throws Exception {
        String[] shapes = {"strict", "gdpr"};
        for (String policy : shapes) {
            LineScrubber scrubber = LineScrubber.of(policy, null);
            assertThat(scrub(scrubber, url + "s3cr")).isEqualTo(line(url + "[field]"));
            assertThat(scrub(scrubber, url + "[field]")).isEqualTo(line(url + "[field]"));
            assertThat(scrub(scrubber, url)).isEqualTo(line(url));
        }
    }

    /** Broken or not: what is left is JSON, and comes to rest. */
    @Test
    void whatIsLeftIsJsonAndComesToRest() throws Exception {
        long seed = Long.getLong("sluice.nested.seed", System.nanoTime());
        SplittableRandom random = new SplittableRandom(seed);
        String[] parts = {
            "\"",
            "\"",
            "\"",
            ":",
            ":",
            ",",
            "{",
            "}",
            "[",
            "]",
            " ",
            "\\",
            "\\n",
            "password",
            "email",
            "lat",
            "52.12345",
            "null",
            "x",
            "1",
            "a@b.de",
            "203.0.113.7",
            "=",
            "&",
            "%22",
            "%3A",
            "&quot;",
            "é",
            "\uff02",
            "[field]",
            "[email]"
        };
        for (String policy : new String[] {"strict", "gdpr", "minimal", "ccpa"}) {
            LineScrubber scrubber = LineScrubber.of(policy, new byte[32]);
            for (int i = 0; i < 20_000; i++) {
                StringBuilder text = new StringBuilder();
                for (int n = random.nextInt(20); n >= 0; n--) {
                    text.append(parts[random.nextInt(parts.length)]);
                }
                String content = text.toString();
                for (int layers = random.nextInt(3); layers >= 0; layers--) {
                    content = Carrier.json(content);
                }
                String once = scrub(scrubber, content);
                String again = scrub(scrubber, once.substring(6, once.length() - 2));
                assertThat(again).as("%s, seed %d", content, seed).isEqualTo(once);
            }
        }
    }

    /** How often the JSON is encoded, and as what. */
    private enum Layer {
        ONE,
        TWO,
        FOUR,
        ENTITIES,
        NUMBERED_ENTITIES,
        PERCENT,
        TWICE_PERCENT,
        FORM,
        UNICODE;

        String encode(String json) {
            return switch (this) {
                case ONE -> Carrier.json(json);
                case TWO -> Carrier.json(Carrier.json(json));
                case FOUR -> Carrier.json(Carrier.json(Carrier.json(Carrier.json(json))));
                case ENTITIES -> json.replace("\"", "&quot;").replace(":", "&colon;");
                case NUMBERED_ENTITIES -> json.replace("\"", "&#34;");
                case PERCENT -> percent(json);
                case TWICE_PERCENT -> percent(json).replace("%", "%25");
                case FORM -> percent(json).replace("%20", "+");
                case UNICODE -> json.replace("\"", "\\u0022");
            };
        }

        private static String percent(String json) {
            return json.replace(" ", "%20")
                    .replace("\"", "%22")
                    .replace(":", "%3A")
                    .replace("{", "%7B")
                    .replace("}", "%7D");
        }
    }

    private static String line(String content) {
        return "{\"s\":\"" + content + "\"}";
    }

    private static String scrub(LineScrubber scrubber, String content) {
        byte[] line = line(content).getBytes(StandardCharsets.UTF_8);
        return new String(scrubber.scrub(line, line.length), StandardCharsets.UTF_8);
    }
}
