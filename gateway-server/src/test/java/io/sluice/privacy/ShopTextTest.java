package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What stands in the events of shops: sizes, prices and ratios that only look personal, and what is personal there. */
class ShopTextTest {

    private final ScrubbedText scrubbed = new ScrubbedText();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"price_range\":\"10.000 20.000\"}",
                "{\"q\":\"preis 1.500 2.500\"}",
                "{\"t\":\"matrix(0.866, 0.500, -0.500, 0.866, 0, 0)\"}",
                "{\"t\":\"matrix(0.8660, 0.5000, -0.5000, 0.8660, 0, 0)\"}",
                "{\"sku\":\"12.345 67.890\"}",
                "{\"q\":\"order 45.123,67.456\"}",
                "{\"weights\":\"1.250;2.500\"}"
            })
    void pairsOfNumbersWithThreeDecimalsAreNoPlaces(String json) {
        assertThat(scrubbed.of(json)).isEqualTo(json);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"q\":\"52.5200,13.4050\"} | {\"q\":\"52.52,13.40\"}",
                "{\"q\":\"52.5200 13.405\"} | {\"q\":\"52.52 13.40\"}",
                "{\"q\":\"gps 52.520 13.405\"} | {\"q\":\"gps 52.52 13.40\"}",
                "{\"latlng\":\"52.520,13.405\"} | {\"latlng\":\"52.52,13.40\"}",
                "{\"userLocation\":\"-33.868;151.209\"} | {\"userLocation\":\"-33.86;151.20\"}",
                "{\"geo\":\"0.1234,0.5678\"} | {\"geo\":\"0.12,0.56\"}"
            })
    void placesAreCut(String json, String expected) {
        assertThat(scrubbed.of(json)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "4111&nbsp;1111&nbsp;1111&nbsp;1111 | [card]",
                "4111&#160;1111&#160;1111&#160;1111 | [card]",
                "4111&amp;nbsp;1111&amp;nbsp;1111&amp;nbsp;1111 | [card]",
                "4111%26nbsp%3B1111%26nbsp%3B1111%26nbsp%3B1111 | [card]",
                "4111&ndash;1111&ndash;1111&ndash;1111 | [card]",
                "4111&thinsp;1111&ensp;1111&emsp;1111 | [card]",
                "4111&shy;1111&zwnj;1111&ZeroWidthSpace;1111 | [card]",
                "+49&nbsp;151&nbsp;23456789 | [phone]",
                "+49&mdash;151&hyphen;23456789 | [phone]",
                "jane&#64example.com | [email]",
                "jane&#x40x.example | [email]",
                "jane&#64\u0065xample.com | [email]",
                "jane&#64%65xample.com | [email]",
                "jane&#64;example.com | [email]",
                "4111 1111 1111 111&#49 | [card]"
            })
    void numbersAreFoundBeneathEntities(String text, String expected) {
        assertThat(scrubbed.of("{\"q\":\"" + text + "\"}")).isEqualTo("{\"q\":\"" + expected + "\"}");
    }

    @Test
    void membersThatAreNamedForNumbersOfPersonsGoAsNumbersToo() {
        for (String name :
                ("pesel bsn nino steuer_id steuerIdNr steuernummer dni nie codiceFiscale cnp egn jmbg cpf curp "
                                + "personnummer sin tfn cpr cuit rut aadhaar nif oib pps national_insurance socialSecurity id-card "
                                + "account_number telefonnummer handynummer X-Api-Key newPassword oldPassword current_password "
                                + "confirmPassword password_confirmation")
                        .split(" ")) {
            assertThat(scrubbed.of("{\"" + name + "\":44051401358}"))
                    .as(name)
                    .isEqualTo("{\"" + name + "\":\"[field]\"}");
        }
        for (String name :
                "passwort kennwort userEmail emails vorname nachname telefon strasse geburtsdatum".split(" ")) {
            assertThat(scrubbed.of("{\"" + name + "\":\"abc\"}")).as(name).isEqualTo("{\"" + name + "\":\"[field]\"}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sinus", "route", "truth", "niece", "using", "sin_cos", "original", "rutland", "union_id"})
    void namesThatOnlyHoldSuchANameAreOfNoOne(String name) {
        String json = "{\"" + name + "\":1234,\"q\":\"nie rut sin\"}";
        assertThat(scrubbed.of(json)).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "36 38 40 42",
                "42 40 38 36",
                "36 38 40 44",
                "100 120 140",
                "500 1000 2000",
                "2024 2025 2026",
                "205/55 16 91",
                "205/55-16",
                "215-65-16",
                "215 65 16",
                "50-100-150",
                "iso 9001-2015",
                "9001-2015",
                "Gr\u00f6\u00dfe 36 38 40 42",
                "Gr\u00f6\u00dfe 12 34 11 22",
                "groesse 12 34 11 22",
                "taille 12 34 11 22",
                "sizes 112-345-678",
                "560 12345",
                "12 34567",
                "4 012345",
                "200 123456",
                "article 612 347 681",
                "ref 415 555 0132",
                "reference 555-123-4567"
            })
    void listsOfAShopAreNoTelephoneNumbers(String text) {
        for (String json : new String[] {"\"" + text + "\"", "{\"q\":\"" + text + "\"}"}) {
            assertThat(scrubbed.of(json)).isEqualTo(json);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"sizes\":\"36-38-40-42\"}",
                "{\"sizes\":\"36-38-41-42\"}",
                "{\"gr\u00f6\u00dfe\":\"12 34 11 22\"}",
                "{\"article\":\"612 347 681\"}"
            })
    void noMoreAreThoseInMembersThatAreNamedForSizes(String json) {
        assertThat(scrubbed.of(json)).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tel 36 38 40 42",
                "+49 100 120 140",
                "030 100 120 140",
                "(030) 100 120 140",
                "415-555-0132",
                "415.555.0132",
                "9123 4567",
                "22 33 10 55",
                "015123456781",
                "01512345678",
                "https://wa.me/4915123456789"
            })
    void telephoneNumbersAreStillFound(String text) {
        assertThat(scrubbed.of("{\"q\":\"" + text + "\"}")).contains("[phone]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1::2", "12::30", "at 12::30 o'clock", "page 1::22", "016000275287"})
    void shortPairsAreNoAddresses(String text) {
        String json = "{\"q\":\"" + text + "\"}";
        assertThat(scrubbed.of(json)).isEqualTo(json);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ip 1::2", "host=12::30", "addr: 1::2", "2001::1", "1:2::3", "1::a", "::1", "[1::2]", "1::2/64"})
    void shortAddressesThatAreAnnouncedAreFound(String text) {
        assertThat(scrubbed.of("{\"q\":\"" + text + "\"}")).contains("[ip]");
    }
}
