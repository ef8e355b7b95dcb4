package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {

    private static final byte[] SECRET = "a secret of a test".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "strict | {\"n\":\"to jane@x.example\"} | {\"n\":\"to [email]\"}",
                "strict | {\"n\":4111111111111111} | {\"n\":\"[card]\"}",
                "strict | {\"n\":1795305600022} | {\"n\":1795305600022}",
                "strict | {\"n\":\"52.520008,13.404954\"} | {\"n\":\"52.52,13.40\"}",
                "strict | {\"email\":\"none of your business\"} | {\"email\":\"[field]\"}",
                "strict | {\"shipping_address\":{\"city\":\"x\"}} | {\"shipping_address\":\"[field]\"}",
                "strict | {\"First_Name\":\"Jane\",\"phone\" : 4915112345678} | {\"First_Name\":\"[field]\",\"phone\":\"[field]\"}",
                "strict | {\"password\":null,\"token\":\"\",\"pin\":true} | {\"password\":null,\"token\":\"\",\"pin\":true}",
                "strict | {\"traits\":{\"a\":[1,{\"b\":\"c\"}]},\"d\":1} | {\"traits\":\"[field]\",\"d\":1}",
                "strict | {\"u\":\"/?a=1&user[email]=x&pwd=hunter2#e\"} | {\"u\":\"/?a=1&user[email]=[field]&pwd=[field]#e\"}",
                "strict | {\"t\":\"Bearer abcDEF123456ghiJKL789\"} | {\"t\":\"Bearer [secret]\"}",
                "strict | {\"k\":\"AKIAIOSFODNN7EXAMPLE\"} | {\"k\":\"[secret]\"}",
                "strict | {\"v\":\"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc_def-123\"} | {\"v\":\"[secret]\"}",
                "ccpa | {\"n\":\"+49 151 23456789\"} | {\"n\":\"+** *** ********\"}",
                "ccpa | {\"n\":\"203.0.113.77\"} | {\"n\":\"203.0.113.0\"}",
                "ccpa | {\"n\":\"2001:db8:1:2::3\"} | {\"n\":\"2001:db8:1::\"}",
                "ccpa | {\"last_name\":\"Doe\",\"street\":\"High Street 5\"} | {\"last_name\":\"***\",\"street\":\"**** ****** *\"}",
                "ccpa | {\"phone\":\"0151 234\"} | {\"phone\":\"**** ***\"}",
                "minimal | {\"n\":\"203.0.113.77 jane@x.example\"} | {\"n\":\"203.0.113.77 ****@*.*******\"}",
                "minimal | {\"email\":\"jane\"} | {\"email\":\"jane\"}",
                // Secrets by what their names end in.
                "minimal | {\"user_password\":\"x\",\"resetPasswd\":\"x\",\"pw\":\"x\",\"credentials.pass\":\"x\"} | {\"user_password\":\"[field]\",\"resetPasswd\":\"[field]\",\"pw\":\"[field]\",\"credentials.pass\":\"[field]\"}",
                "strict | {\"securityCode\":123,\"card_security_code\":\"123\",\"csc\":1,\"cvn\":\"1\",\"cc_cvv\":5} | {\"securityCode\":\"[field]\",\"card_security_code\":\"[field]\",\"csc\":\"[field]\",\"cvn\":\"[field]\",\"cc_cvv\":\"[field]\"}",
                "strict | {\"cardholder\":\"x\",\"card_holder_name\":\"x\",\"sessionCookie\":\"x\",\"street1\":\"x\"} | {\"cardholder\":\"[field]\",\"card_holder_name\":\"[field]\",\"sessionCookie\":\"[field]\",\"street1\":\"[field]\"}",
                "strict | {\"u\":\"/?a=1&user_password=x&pass=y&cart_token=z&n=2\"} | {\"u\":\"/?a=1&user_password=[field]&pass=[field]&cart_token=[field]&n=2\"}",
                "strict | {\"compass\":\"x\",\"tokens\":5,\"passenger\":\"x\",\"has_password\":true} | {\"compass\":\"x\",\"tokens\":5,\"passenger\":\"x\",\"has_password\":true}",
                // Numbers that telephones have, in JSON.
                "strict | {\"contactPhone\":4155550132,\"a\":{\"fax\":1,\"work_mobile\": 4915123456789 }} | {\"contactPhone\":\"[phone]\",\"a\":{\"fax\":\"[field]\",\"work_mobile\":\"[phone]\"}}",
                "ccpa | {\"contactPhone\":4155550132} | {\"contactPhone\":\"**********\"}",
                "minimal | {\"contactPhone\":4155550132} | {\"contactPhone\":4155550132}",
                "strict | {\"smartphone\":128,\"hotel\":4155550132,\"phone_price\":-4155550132} | {\"smartphone\":128,\"hotel\":4155550132,\"phone_price\":-4155550132}",
                // A number of JSON is judged as a string of that name is.
                "strict | {\"order_number\":501800000009,\"n\":4111111111111111} | {\"order_number\":501800000009,\"n\":\"[card]\"}",
                // Numbers of persons that were never given.
                "strict | {\"q\":\"SSN: 078-05-1120, SSN 666-12-3456\"} | {\"q\":\"SSN: [id], SSN [id]\"}",
                "minimal | {\"q\":\"social security 987-65-4320\",\"r\":\"666-12-3456\"} | {\"q\":\"social security [id]\",\"r\":\"666-12-3456\"}",
                // All of a token in base64.
                "strict | {\"q\":\"d=eyJlbWFpbCI6ImphbmVAZXhhbXBsZS5jb20ifQ==&n=1\"} | {\"q\":\"d=[email]&n=1\"}",
                "strict | {\"q\":\"eyJlbWFpbCI6ImphbmVAZXhhbXBsZS5jb20ifQ%3D%3D.\"} | {\"q\":\"[email].\"}",
            })
    void presetsDoWhatTheySay(String policy, String event, String expected) throws Exception {
        assertThat(scrub(LineScrubber.of(policy, SECRET), event)).isEqualTo(expected);
        assertThat(scrub(LineScrubber.of(policy, SECRET), expected)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gdpr", "ccpa"})
    void aPersonsMailIsOneInAFieldAndInAText(String policy) throws Exception {
        String scrubbed = scrub(
                LineScrubber.of(policy, SECRET),
                "{\"email\":\"Jane@x.example\",\"user_email\":\"jane@x.example\",\"q\":\"by jane@x.example\"}");
        assertThat(Pattern.compile(":([a-p]{16})]").matcher(scrubbed).results().map(found -> found.group(1)))
                .as(scrubbed)
                .hasSize(3)
                .containsOnly(Pattern.compile("by \\[email:([a-p]{16})]")
                        .matcher(scrubbed)
                        .results()
                        .findFirst()
                        .orElseThrow()
                        .group(1));
    }

    @Test
    void whatHasNoShapeToKeepStaysRemoved() throws Exception {
        LineScrubber scrubber = LineScrubber.of("ccpa", null);
        byte[] json = "{\"traits\":{\"plan\":1},\"tel\":5}".getBytes(StandardCharsets.UTF_8);
        byte[] scrubbed = scrubber.scrub(json, json.length);
        assertThat(new String(scrubbed, StandardCharsets.UTF_8))
                .isEqualTo("{\"traits\":\"[field]\",\"tel\":\"[field]\"}");
        assertThat(scrubber.scrub(scrubbed, scrubbed.length)).isEqualTo(scrubbed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'lat':52.520008,'lng':-13.404954} | {'lat':52.52,'lng':-13.40}",
                "{'geo':{'latitude':'52.520008','longitude':'13.4'}} | {'geo':{'latitude':'52.52','longitude':'13.4'}}",
                "{'lat':52,'lon':1.5e-3,'Lng':'N52.520008'} | {'lat':52,'lon':'[field]','Lng':'***.******'}",
                "{'u':'/?lat=52.520008&lng=13.404954'} | {'u':'/?lat=52.52&lng=13.40'}",
                "{'translation':1.23456,'lat':null} | {'translation':1.23456,'lat':null}",
            })
    void theHalvesOfAPlaceBecomeCoarse(String event, String expected) throws Exception {
        for (String preset : new String[] {"strict", "gdpr", "ccpa"}) {
            LineScrubber scrubber = LineScrubber.of(preset, null);
            byte[] json = event.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
            byte[] scrubbed = scrubber.scrub(json, json.length);
            assertThat(new String(scrubbed, StandardCharsets.UTF_8)).isEqualTo(expected.replace('\'', '"'));
            assertThat(scrubber.scrub(scrubbed, scrubbed.length)).isEqualTo(scrubbed);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'geometry':{'type':'Point','coordinates':[13.404954,52.520008]},'location':[52.520008,-13.404954]} "
                        + "| {'geometry':{'type':'Point','coordinates':[13.40,52.52]},'location':[52.52,-13.40]}",
                "{'coordinates' : [ [13.404954 ,52.520008], [-0.123456789012, 5, 34.5] ] } | {'coordinates':[[13.40,52.52],[-0.12,5,34.5]]}",
                "{'storeLocation':[[[1.2345,2]]],'latLng':[1.234567890123,52.520008123456]} | {'storeLocation':[[[1.23,2]]],'latLng':[1.23,52.52]}",
                "{'userLat':52.520008,'user_lng':13.404954,'geoLat':'52.520008'} | {'userLat':52.52,'user_lng':13.40,'geoLat':'52.52'}",
                "{'lat':52.520008,'long':13.404954} | {'lat':52.52,'long':13.40}",
                "{'long':'a long text','location':'Berlin','center':[1,2],'point':[1.5],'geo':{'a':[1.2345,2]}} "
                        + "| {'long':'a long text','location':'Berlin','center':[1,2],'point':[1.5],'geo':{'a':[1.2345,2]}}",
                "{'location':['a',{'location':[1.2345,2]},1.2345],'coords':[1e-7,52.520008]} "
                        + "| {'location':['a',{'location':[1.23,2]},1.2345],'coords':'[coordinates]'}",
            })
    void listsOfCoordinatesBecomeCoarse(String event, String expected) throws Exception {
        for (String preset : new String[] {"strict", "gdpr", "ccpa"}) {
            LineScrubber scrubber = LineScrubber.of(preset, null);
            String once = scrub(scrubber, event.replace('\'', '"'));
            assertThat(once).isEqualTo(expected.replace('\'', '"'));
            assertThat(scrub(scrubber, once)).isEqualTo(once);
        }
        String plain = event.replace('\'', '"').replace(" ", "");
        assertThat(scrub(LineScrubber.of("minimal", null), plain)).isEqualTo(plain);
    }

    @Test
    void listsOfCoordinatesAreDoneWithAsThePolicySays() throws Exception {
        LineScrubber scrubber = file("name: test\nversion: 1\ndetect: {coordinates: remove}\n");
        assertThat(scrub(scrubber, "{\"geo\":[52.520008,13.404954],\"long\":1.2345,\"n\":[1.2345,2.3456]}"))
                .isEqualTo("{\"geo\":\"[coordinates]\",\"long\":\"[coordinates]\",\"n\":[1.2345,2.3456]}");
    }

    @Test
    void aPseudonymIsTheSameForTheSameValueAndSecretOnly() throws Exception {
        String event = "{\"n\":\"Jane@x.example or jane%40x.example\"}";
        String text = scrub(LineScrubber.of("gdpr", SECRET), event);
        assertThat(text).matches("\\{\"n\":\"(\\[email:[a-p]{16}]) or \\1\"}");
        assertThat(scrub(LineScrubber.of("gdpr", SECRET), text)).isEqualTo(text);
        assertThat(scrub(LineScrubber.of("gdpr", new byte[] {1}), event)).isNotEqualTo(text);
        assertThat(scrub(LineScrubber.of("gdpr", null), event)).isEqualTo("{\"n\":\"[email] or [email]\"}");
    }

    @Test
    void readsAFileOnTopOfAPreset() throws Exception {
        LineScrubber scrubber = file("""
                name: shop-a
                version: 7
                preset: minimal
                detect: {phone: bucket, card: bucket, email: keep}
                ids: [nl-bsn]
                fields: {loyalty_card: mask, "*.city": remove}
                """);
        assertThat(
                        scrub(
                                scrubber,
                                "{\"n\":\"+49 151 23456789, a@x.de, 4111 1111 1111 1111\",\"loyaltyCard\":\"A 1\",\"city\":\"Ulm\"}"))
                .isEqualTo(
                        "{\"n\":\"[phone:491], a@x.de, [card:411111]\",\"loyaltyCard\":\"* *\",\"city\":\"[field]\"}");
        assertThat(scrub(scrubber, "{\"n\":\"12345678Z\",\"bsn\":\"111222333\"}"))
                .isEqualTo("{\"n\":\"12345678Z\",\"bsn\":\"[id]\"}");
    }

    @Test
    void reportsEveryMistakeOfAFile() {
        assertThatThrownBy(
                        () -> file(
                                "version: 0\npreset: lax\ndetect: {mail: remove, card: burn}\nids: [xx]\nfields: {a..c: keep, user_id: hash, userId: mask}\nmore: 1\n"))
                .isInstanceOf(BadPolicyException.class)
                .hasMessageContainingAll(
                        "name",
                        "version",
                        "lax",
                        "mail",
                        "burn",
                        "xx",
                        "a..c",
                        "means what another entry means",
                        "more");
    }

    @Test
    void guessesWhichNameWasMeant() {
        assertThatThrownBy(() -> file("name: own\nverson: 1\nversion: 1\nids: [us-sn]\ndetect: {emial: keep}\n"
                        + "client: {adress: drop}\nconsent: {refuse: count}\n"))
                .hasMessageContainingAll(
                        "verson: unknown key; did you mean version?",
                        "ids: 'us-sn'; did you mean us-ssn?",
                        "detect.emial: unknown kind; did you mean email?",
                        "client.adress: unknown key; did you mean address?",
                        "consent.refuse: unknown key; did you mean refused?")
                .hasMessageNotContaining("us-itin");
    }

    private LineScrubber file(String text) throws IOException, BadPolicyException {
        Path file = Files.writeString(directory.resolve("policy.yaml"), text);
        return LineScrubber.of(file.toString(), SECRET);
    }

    private static String scrub(LineScrubber scrubber, String event) {
        byte[] line = event.getBytes(StandardCharsets.UTF_8);
        return new String(scrubber.scrub(line, line.length), StandardCharsets.UTF_8);
    }
}
