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
