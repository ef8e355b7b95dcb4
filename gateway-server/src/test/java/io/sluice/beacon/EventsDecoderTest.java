package io.sluice.beacon;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.RandomJson;
import io.sluice.json.ReferenceJson;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Reason;
import io.sluice.record.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventsDecoderTest {

    private final Fixture gateway = new Fixture();

    @Test
    void writesTheFieldsOfAnEventInTheOrderOfTheSchema() {
        gateway.post("""
                {"props": {"b" : [1, "x y"], "m":"a@x.de"}, "userId":"u", "id":"7", "x":null, "consent":{"ads" : true},
                 "event":"view","ts":1763769600,"page":"https://a.example/?q=1","referrer":"r",
                 "sid":"s","aid":"a","ua":"Mine/1"}
                """);
        assertThat(gateway.event())
                .startsWith("{\"id\":\"7\",\"event\":\"view\",\"shop\":\"demo\",\"rt\":1763769600123,"
                        + "\"st\":1763769600000,\"ip\":\"203.0.113.0\",\"ua\":\"Mine/1\","
                        + "\"url\":\"https://a.example/?q=1\",\"ref\":\"r\",\"uid\":\"u\",\"aid\":\"a\",\"sid\":\"s\","
                        + "\"consent\":{\"ads\":true},\"via\":\"v1\",\"pv\":\"s/1\",\"props\":{\"b\":[1,\"x y\"],\"m\":\"[email]\",\"x\":null},"
                        + "\"scrub\":{\"email-remove\":1},"
                        + "\"pos\":\"")
                .endsWith("\"}\n");
        assertThat(ReferenceJson.object(gateway.event()).names())
                .isEqualTo(Stream.of(Field.values()).map(Field::key).toList());
        assertThat(ReferenceJson.object(gateway.event()).text("pos"))
                .hasSize(34)
                .endsWith("0000070000");
        assertThat(gateway.outcome.accepted()).isEqualTo(1);
    }

    @Test
    void givesAnEventWithoutAnIdATimeOrderedUuid() {
        gateway.post("[{\"event\":\"a\"},{\"event\":\"b\",\"id\":\"\"},{\"event\":\"c\",\"id\":7}]");
        List<UUID> ids = gateway.events().stream()
                .map(line -> UUID.fromString(ReferenceJson.object(line).text("id")))
                .toList();
        assertThat(ids).hasSize(3).doesNotHaveDuplicates().isSorted().allSatisfy(id -> {
            assertThat(id.version()).isEqualTo(7);
            assertThat(id.getMostSignificantBits() >>> 16).isEqualTo(Fixture.NOW);
        });
        assertThat(gateway.events().get(1)).contains("\"props\":{\"id\":\"\"}");
        assertThat(gateway.events().get(2)).contains("\"props\":{\"id\":7}");
    }

    @Test
    void addsAtMost120BytesToAnEventInTheFormOfTheSchema() {
        gateway.address = new byte[] {(byte) 203, (byte) 200, (byte) 113, 77};
        String lean = "{\"id\":\"7\",\"event\":\"view\",\"ts\":1763769600123,\"url\":\"/\",\"props\":{\"a\":1}}";
        gateway.post(lean);
        assertThat(gateway.event().length() - lean.length()).isEqualTo(120);
        String flat = "{\"id\":\"7\",\"event\":\"view\",\"a\":1}";
        gateway.post(flat);
        assertThat(gateway.event().length() - flat.length()).isEqualTo(130);
    }

    @Test
    void letsNoClientForgeWhatTheGatewayWrites() {
        gateway.post(
                "{\"event\":\"a\",\"shop\":\"x\",\"rt\":1,\"ip\":\"9.9.9.9\",\"via\":\"y\",\"pv\":\"v\",\"scrub\":{},\"pos\":\"z\"}");
        ReferenceJson.Object line = ReferenceJson.object(gateway.event());
        assertThat(line.names())
                .containsExactly("id", "event", "shop", "rt", "ip", "via", "pv", "props", "scrub", "pos");
        assertThat(line.text("shop")).isEqualTo("demo");
        assertThat(((ReferenceJson.Object) line.get("props")).names())
                .containsExactly("shop", "rt", "ip", "via", "pv", "scrub", "pos");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'event':5,'e':'x'} | x | {'event':5}",
                "{'name':'Jane','event':'x','e':'y'} | x | {'name':'Jane','e':'y'}",
                "{'e':'y','name':'Jane','event':'x'} | x | {'e':'y','name':'Jane'}",
                "{'event':'x','event':'y'} | x | {'event':'y'}",
                "{'event':'x','url':null,'ts':'soon','consent':true,'props':[1],'uid':7} | x "
                        + "| {'url':null,'ts':'soon','consent':true,'props':[1],'uid':7}",
                "{'event':'x','props':{ },'properties':{'a':1 , 'b':[ 2 ]},'c':3} | x | {'a':1,'b':[2],'c':3}",
                "{'event':'x','props':{'a':1},'properties':{ 'shop':2 }} | x | {'a':1,'shop':2}",
                "{'event':'x','\\u0075rl':'y'} | x | {'\\u0075rl':'y'}",
                "{'event':'x','ts':1e12} | x | {'ts':1e12}",
                "{'timestamp':5,'event':'x','ts':6} | x | {'timestamp':5}",
                "{'event':'x','a':1.50,'b':'\\/\\u00e9é'} | x | {'a':1.50,'b':'\\/\\u00e9é'}",
            })
    void keepsEveryFieldThatItDoesNotTake(String event, String name, String props) {
        gateway.post(event.replace('\'', '"'));
        assertThat(ReferenceJson.object(gateway.event()).text("event")).isEqualTo(name);
        assertThat(gateway.event()).contains(",\"props\":" + props.replace('\'', '"') + ",\"pos\"");
    }

    /** Neighbours are copied as one: what stands between them, before them and among them must not matter. */
    @Test
    void writesTheSameLineInWhicheverOrderTheFieldsStand() {
        List<String> members = new ArrayList<>(List.of(
                "'id':'7'",
                "'event':'view'",
                "'ts':1763769600123",
                "'url':'https://a.example/'",
                "'ref':'r'",
                "'uid':'u'",
                "'aid':'a'",
                "'sid':'s'",
                "'ua':'Mine/1'",
                "'props':{'a':1}"));
        gateway.post("{" + String.join(",", members).replace('\'', '"') + "}");
        String expected = withoutPosition(gateway.event());
        assertThat(expected)
                .contains("\"st\":1763769600123,\"ip\":\"203.0.113.0\",\"ua\":\"Mine/1\",\"url\":")
                .contains("/\",\"ref\":\"r\",\"uid\":\"u\",\"aid\":\"a\",\"sid\":\"s\",\"via\"");
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            Collections.shuffle(members.subList(i % members.size(), members.size()), random);
            String event = String.join(random.nextInt(4) == 0 ? " , " : ",", members)
                    .replace("'uid':", random.nextBoolean() ? "'userId':" : "'uid':")
                    .replace("'aid':", random.nextInt(4) == 0 ? "'aid': " : "'aid':")
                    .replace("'sid':", random.nextInt(4) == 0 ? "'sid' :" : "'sid':");
            gateway.post("{" + event.replace('\'', '"') + "}");
            assertThat(withoutPosition(gateway.event()))
                    .as("seed %d: %s", seed, event)
                    .isEqualTo(expected);
        }
    }

    private static String withoutPosition(String line) {
        return line.substring(0, line.lastIndexOf(",\"pos\":"));
    }

    /** What a card or a person may have is no time for standing under its name. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'ts':4222222222222 | 'ts':'[card]'",
                "'time':'4222222222222' | 'time':'[card]'",
                "'timestamp':30569309025904 | 'timestamp':'[card]'",
                "'st':'86095742719' | 'st':'[id]'",
            })
    void takesNoCardAndNoPersonForATime(String member, String props) {
        gateway.post("{\"event\":\"x\"," + member.replace('\'', '"') + "}");
        assertThat(gateway.event())
                .contains("\"props\":{" + props.replace('\'', '"') + "}")
                .doesNotContain("\"rt\":" + Fixture.NOW + ",\"st\":");
    }

    /** Letters of western Europe are no candidates, so that digits behind them go the short way if that is not seen. */
    @Test
    void takesAnyLetterBeyondAsciiBeforeDigits() {
        Random random = new Random(7);
        for (char letter = '\u00c0'; letter <= '\u00ff'; letter++) {
            for (String separator : new String[] {"", "/", " ", "-", ".", ":", "(", "+", "x"}) {
                StringBuilder event = new StringBuilder("{\"event\":\"x\"");
                for (int digits = 7; digits <= 19; digits++) {
                    event.append(",\"a")
                            .append(digits)
                            .append("\":\"")
                            .append(letter)
                            .append(separator);
                    for (int i = 0; i < digits; i++) {
                        event.append((char) ('0' + random.nextInt(10)));
                    }
                    event.append('"');
                }
                gateway.events.clear();
                gateway.post(event.append('}').toString());
                assertThat(gateway.outcome.accepted()).isEqualTo(1);
                assertThat(ReferenceJson.object(gateway.event())).isNotNull();
            }
        }
    }

    @Test
    void leavesOutPropsThatHoldNothing() {
        gateway.post("{\"event\":\"a\",\"props\":{\n}}");
        assertThat(gateway.event()).doesNotContain("props").contains("\"via\":\"v1\",\"pv\":\"s/1\",\"pos\"");
    }

    @Test
    void writesTheHeaderOfTheUserAgentUnlessTheEventHasItsOwn() {
        gateway.userAgent = "Mozilla \"5\"\\ caf\u00e9 jane@x.example \u0001";
        gateway.post("[{\"event\":\"a\"},{\"event\":\"b\",\"userAgent\":\"Own\"}]");
        assertThat(ReferenceJson.object(gateway.events().get(0)).text("ua"))
                .isEqualTo("Mozilla \"5\"\\ caf\u00e9 [email] \u0001");
        assertThat(ReferenceJson.object(gateway.events().get(1)).text("ua")).isEqualTo("Own");
        assertThat(gateway.events().get(1)).doesNotContain("Mozilla");
    }

    @Test
    void cutsALongUserAgentAtACharacterAndNeverThroughAnAddress() {
        for (int length = 500; length < 520; length++) {
            for (String tail : new String[] {
                "\u00e9\u00e9\u00e9\u00e9", "\"\"\"\"", "\u0001\u0001\u0001", " jane@x.example and more"
            }) {
                gateway.userAgent = "x".repeat(length) + tail;
                gateway.post("{\"event\":\"a\"}");
                String line = gateway.event();
                int from = line.indexOf("\"ua\":\"") + 6;
                String literal = line.substring(from, line.indexOf(",\"via\"") - 1);
                assertThat(literal.getBytes(StandardCharsets.UTF_8).length).isBetween(500, 512);
                assertThat(ReferenceJson.parse(line)).isNotNull();
                assertThat(line).doesNotContain("jane");
            }
        }
    }

    @Test
    void writesNoAddressIfThereIsNone() {
        gateway.address = new byte[0];
        gateway.post("{\"event\":\"a\"}");
        assertThat(gateway.event()).doesNotContain("\"ip\"");
        assertThat(gateway.counted(Counter.SCRUBBED_ADDRESSES)).isZero();
    }

    @Test
    void removesMailAddressesFromEveryValueAndName() {
        gateway.post("""
                {"id":"jane@x.example","event":"by jane@x.example","url":"https://a.example/?m=jane%40x.example#jane%2540x.example",
                 "uid":"jane@x.example","consent":{"by":"jane@x.example"},"jane@x.example":1,
                 "props":{"a":[{"b":{"jane\\u0040x.example":["\\u006aane@x.example","a@b"]}}],"jane@x.example":2}}
                """);
        assertThat(gateway.event())
                .doesNotContain("jane", "x.example")
                .contains(
                        "\"id\":\"[email]\",\"event\":\"by [email]\"",
                        "\"url\":\"https://a.example/?m=[email]#[email]\"")
                .contains("\"consent\":{\"by\":\"[email]\"}")
                .contains(
                        "\"props\":{\"[email]\":1,\"a\":[{\"b\":{\"[email]\":[\"[email]\",\"a@b\"]}}],\"[email]\":2}");
        assertThat(ReferenceJson.parse(gateway.event())).isNotNull();
        assertThat(gateway.counted(Counter.SCRUBBED_EMAILS)).isEqualTo(10);
        assertThat(gateway.counted(Counter.SCRUBBED_ADDRESSES)).isEqualTo(1);
    }

    @Test
    void quarantinesTheBadElementsOfAnArray() {
        String deep = "{\"event\":\"x\",\"d\":" + "[".repeat(64) + "]".repeat(64) + "}";
        byte[] body = ("[{\"event\":\"a\"} , 5,{},{\"event\":\"\"},[{}]," + deep
                        + ",{\"event\":\"b\",\"x\":\"#\"},{\"event\":\"c\"}]")
                .getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < body.length; i++) {
            body[i] = body[i] == '#' ? (byte) 0xff : body[i];
        }
        gateway.post(body);
        assertThat(gateway.events()).hasSize(2);
        assertThat(reasons())
                .containsExactly(
                        Reason.NOT_AN_OBJECT,
                        Reason.EVENT_MISSING,
                        Reason.EVENT_INVALID,
                        Reason.NOT_AN_OBJECT,
                        Reason.TOO_DEEP,
                        Reason.INVALID_UTF8);
        assertThat(gateway.outcome.index(4)).isEqualTo(5);
        assertThat(gateway.rejected()).hasSize(6);
        assertThat(gateway.rejected().get(1))
                .startsWith(
                        "{\"shop\":\"demo\",\"rt\":1763769600123,\"via\":\"v1\",\"reason\":\"event-missing\",\"index\":2,"
                                + "\"offset\":19,\"length\":2,\"pos\":\"")
                .endsWith("\"}\n");
        assertThat(gateway.rejected())
                .allSatisfy(line -> assertThat(ReferenceJson.parse(line)).isNotNull());
    }

    @ParameterizedTest
    @CsvSource({
        "'[{\"event\":\"a\"},{\"event\":\"b\"}', 28",
        "'[{\"event\":\"a\"},{\"event\":}]', 24",
        "'[{\"event\":\"a\"},]', 15",
        "'[{\"event\":\"a\"}] x', 16",
        "'[{\"event\":\"a\"}][]', 15",
        "'[5,{\"event\":\"a\"}', 16",
        "'{\"event\":\"a\"', 12",
        "'{\"event\":\"a\"} x', 14",
        "'<html>\n<p>5</p>\n</html>', 0",
        "'hello', 0",
        "'1\n2\n3,', 5",
        "'{\n\"event\":\n\"a\n\"}', 13",
    })
    void refusesABodyThatIsNotJsonAndLeavesNothing(String body, int offset) {
        gateway.post("{\"event\":\"before\"}");
        gateway.post("[5]");
        String event = gateway.event();
        gateway.post(body);
        assertThat(gateway.outcome.refusal()).isEqualTo(Reason.MALFORMED_JSON);
        assertThat(gateway.outcome.refusalOffset()).isEqualTo(offset);
        assertThat(gateway.outcome.accepted() + gateway.outcome.rejected()).isZero();
        assertThat(gateway.events()).containsExactly(event);
        assertThat(gateway.rejected()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\r\n\t ", "\ufeff", "\ufeff \n"})
    void refusesAnEmptyBody(String body) {
        gateway.post(body);
        assertThat(gateway.outcome.refusal()).isEqualTo(Reason.BODY_EMPTY);
    }

    @Test
    void takesAnEmptyArrayForNoEvents() {
        gateway.post(" [ ] ");
        assertThat(gateway.outcome.refusal()).isNull();
        assertThat(gateway.outcome.accepted() + gateway.outcome.rejected()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r\n", "\n\n", " \r\n\r\n\t\n"})
    void readsLines(String separator) {
        List<String> lines = List.of("{\"event\":\"a\"}", " {\"event\" : \"b\"}", "{\"event\":\"c\"}\t");
        for (String end : new String[] {"", separator}) {
            gateway.events.clear();
            gateway.post("\ufeff" + String.join(separator, lines) + end);
            assertThat(gateway.events())
                    .extracting(line -> ReferenceJson.object(line).text("event"))
                    .containsExactly("a", "b", "c");
            assertThat(gateway.outcome.accepted()).isEqualTo(3);
        }
    }

    @Test
    void quarantinesABadLineWhereverItStands() {
        String good = "{\"event\":\"a\"}";
        for (String bad : new String[] {
            "{\"event\":",
            "oops",
            "{\"event\":\"a\"} x",
            "{\"event\":\"a\"}{}",
            "[",
            "\"",
            "}",
            "{\"event\":\"a\",",
            "{\"a\":[1,"
        }) {
            for (int place = 0; place < 3; place++) {
                List<String> lines = new ArrayList<>(List.of(good, good));
                lines.add(place, bad);
                if (bad.equals("[") && place == 0) {
                    continue; // That is an array.
                }
                gateway.events.clear();
                gateway.rejected.clear();
                gateway.post(String.join("\n", lines));
                assertThat(gateway.outcome.accepted())
                        .as("%s at %d", bad, place)
                        .isEqualTo(2);
                assertThat(reasons()).containsExactly(Reason.MALFORMED_JSON);
                assertThat(gateway.outcome.index(0)).isEqualTo(place);
                assertThat(gateway.events()).hasSize(2);
                assertThat(gateway.rejected().getFirst()).contains("\"length\":" + bad.length() + ",");
            }
        }
        gateway.post(good + "\n5\n[1]\n\"x\"\n");
        assertThat(reasons()).containsExactly(Reason.NOT_AN_OBJECT, Reason.NOT_AN_OBJECT, Reason.NOT_AN_OBJECT);
    }

    @Test
    void readsOneObjectOverManyLinesEvenIfOthersFollow() {
        gateway.post("{\n\"event\":\n\"a\"\n}\n{\"event\":\"b\"}\n");
        assertThat(gateway.outcome.accepted()).isEqualTo(2);
        assertThat(gateway.outcome.rejected()).isZero();
    }

    @Test
    void boundsTheNumberOfEvents() {
        gateway.limits(3, 1000);
        gateway.post("[{\"event\":\"a\"},5,{\"event\":\"a\"}]");
        assertThat(gateway.outcome.accepted()).isEqualTo(2);
        for (String tooMany : new String[] {
            "[{\"event\":\"a\"},5,{\"event\":\"a\"},{\"event\":\"a\"}]",
            "[1,1,1,1]",
            "{\"event\":\"a\"}\n{\"event\":\"a\"}\nx\n{}"
        }) {
            gateway.post(tooMany);
            assertThat(gateway.outcome.refusal()).isEqualTo(Reason.TOO_MANY_EVENTS);
            assertThat(gateway.sink.stagedBytes()).isZero();
        }
    }

    @Test
    void boundsTheBytesOfAnEvent() {
        gateway.limits(10, 30);
        String fits = "{\"event\":\"" + "a".repeat(18) + "\"}";
        assertThat(fits).hasSize(30);
        gateway.post("[" + fits + "," + fits.replace("event", "event ") + "," + fits.replace("aa", "aaa") + "]");
        assertThat(gateway.outcome.accepted()).isEqualTo(1);
        assertThat(reasons()).containsExactly(Reason.EVENT_TOO_LARGE, Reason.EVENT_TOO_LARGE);
    }

    @Test
    void boundsTheNameOfAnEvent() {
        gateway.post(
                "[{\"event\":\"" + "a".repeat(256) + "\"},{\"event\":\"" + "a".repeat(257) + "\"},{\"event\":null}]");
        assertThat(gateway.outcome.accepted()).isEqualTo(1);
        assertThat(reasons()).containsExactly(Reason.EVENT_INVALID, Reason.EVENT_INVALID);
    }

    @Test
    void refusesABodyThatWouldGrowBeyondItsBound() {
        gateway.limits(1_000_000, 1000);
        gateway.userAgent = "x".repeat(500);
        for (String event : new String[] {"{\"e\":\"a\"}", "1"}) {
            String body = "[" + (event + ",").repeat(20_000) + event + "]";
            gateway.post(body);
            assertThat(gateway.outcome.refusal()).isEqualTo(Reason.TOO_MANY_EVENTS);
            assertThat(gateway.events()).isEmpty();
            assertThat(gateway.rejected()).isEmpty();
        }
        gateway.post("[" + "{\"e\":\"a\"},".repeat(200) + "{\"e\":\"a\"}]");
        assertThat(gateway.outcome.accepted()).isEqualTo(201);
        assertThat(gateway.sink.stagedBytes()).isLessThanOrEqualTo(Decoders.stagedBound(201 * 10 + 1));
    }

    @Test
    void forgetsWhatItRemovedFromARefusedRequest() {
        gateway.post("[{\"event\":\"a\",\"m\":\"jane@x.example\"},");
        assertThat(gateway.counted(Counter.SCRUBBED_EMAILS)).isZero();
        gateway.post("[{\"event\":\"a\",\"m\":\"jane@x.example\"}]");
        assertThat(gateway.counted(Counter.SCRUBBED_EMAILS)).isEqualTo(1);
    }

    @Test
    void answersEveryPrefixOfABodyAsTheReferenceDoes() {
        String array = " [{\"event\":\"a\",\"x\":[1,2.5e3,\"\\u00e9é\"]} , {\"event\":\"b\"},7] ";
        String lines = "{\"event\":\"a\",\"x\":1}\n{\"event\":\"b\",\"y\":[true]}\r\n{\"event\":\"c\"}";
        for (String body : new String[] {array, lines}) {
            byte[] whole = body.getBytes(StandardCharsets.UTF_8);
            for (int length = 0; length <= whole.length; length++) {
                byte[] prefix = Arrays.copyOf(whole, length);
                int[] expected = expected(prefix);
                for (String padding : List.of(
                        "}]}]}]}]}]}]}]}]", "\"}]\"}]\"}]\"}]\"}]\"", "0,0,0,0,0,0,0,0,", "\n{\"event\":\"z\"}\n ")) {
                    gateway.padding = padding.getBytes(StandardCharsets.US_ASCII);
                    gateway.events.clear();
                    gateway.rejected.clear();
                    gateway.post(prefix);
                    assertThat(new int[] {
                                gateway.outcome.refusal() == null ? 1 : 0,
                                gateway.outcome.accepted(),
                                gateway.outcome.rejected()
                            })
                            .as("%d bytes, then %s", length, padding)
                            .isEqualTo(expected);
                    assertThat(gateway.events()).hasSize(expected[1]);
                    assertThat(gateway.rejected()).hasSize(expected[2]);
                }
            }
        }
    }

    /** Taken or not, accepted, rejected; found out with the reference parser, line by line or whole. */
    private static int[] expected(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8).strip();
        if (text.startsWith("[")) {
            if (!(ReferenceJson.parse(body) instanceof ReferenceJson.Array array)) {
                return new int[3];
            }
            int objects = (int) array.elements().stream()
                    .filter(ReferenceJson.Object.class::isInstance)
                    .count();
            return new int[] {1, objects, array.elements().size() - objects};
        }
        int accepted = 0;
        int rejected = 0;
        for (String line : text.split("\n")) {
            if (ReferenceJson.parse(line) instanceof ReferenceJson.Object) {
                accepted++;
            } else {
                rejected++;
            }
        }
        return accepted == 0 ? new int[3] : new int[] {1, accepted, rejected};
    }

    @Test
    void copiesPropertiesAsTheReferenceReadsThem() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 3_000; i++) {
            RandomJson texts = new RandomJson(random, random.nextInt(4));
            StringBuilder body = new StringBuilder("[");
            List<ReferenceJson.Node> values = new ArrayList<>();
            for (int n = 1 + random.nextInt(4); n > 0; n--) {
                String value = texts.value(5);
                values.add(ReferenceJson.parse(value));
                body.append(random.nextBoolean() ? "{\"event\":\"a\",\"x\":" : "{ \"x\":")
                        .append(value)
                        .append(",\"name\": \"b\" , \"props\": { \"y\":")
                        .append(value)
                        .append("}}")
                        .append(n > 1 ? "," : "]");
            }
            gateway.events.clear();
            gateway.post(body.toString());
            assertThat(gateway.outcome.accepted()).as("seed %d: %s", seed, body).isEqualTo(values.size());
            for (int k = 0; k < values.size(); k++) {
                ReferenceJson.Object props = (ReferenceJson.Object)
                        ReferenceJson.object(gateway.events().get(k)).get("props");
                assertThat(props.get("x")).as("seed %d: %s", seed, body).isEqualTo(values.get(k));
                assertThat(props.get("y")).as("seed %d: %s", seed, body).isEqualTo(values.get(k));
            }
        }
    }

    private List<Reason> reasons() {
        List<Reason> reasons = new ArrayList<>();
        for (int i = 0; i < gateway.outcome.listed(); i++) {
            reasons.add(gateway.outcome.reason(i));
        }
        return reasons;
    }
}
