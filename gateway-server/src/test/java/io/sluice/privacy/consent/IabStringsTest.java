package io.sluice.privacy.consent;

import static org.assertj.core.api.Assertions.assertThat;

import com.iab.gpp.encoder.GppModel;
import com.iab.gpp.encoder.section.Sections;
import com.iab.gpp.encoder.section.TcfEuV2;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** TC strings and GPP strings against the examples of their specifications and against the IAB's own library. */
class IabStringsTest {

    private static final int NEEDED = 1 << 1 | 1 << 8;

    private final TcString tcString = new TcString();
    private final GppString gppString = new GppString(tcString);

    @Test
    void readsTheExampleOfTheSpecification() {
        // "Consent string and vendor list formats v2", section on URL-based services.
        assertThat(readTc("CQSbk4AQSbk4ANwAAAENAwCgAAAAAAAAAAYgACPAAAAA.IDKQA4AAgAKAGQAygAAA"))
                .isTrue();
        assertThat(tcString.version()).isEqualTo(2);
        assertThat(Instant.ofEpochMilli(tcString.createdMillis())
                        .atZone(ZoneOffset.UTC)
                        .getYear())
                .isEqualTo(2025);
        assertThat(tcString.consented()).isZero();
        assertThat(tcString.said(NEEDED)).isEqualTo(Said.REFUSED);
    }

    @Test
    void readsTcStringsAsTheLibraryOfTheIabDoes() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            TcfEuV2 section = new TcfEuV2();
            List<Boolean> consents = flags(random);
            List<Boolean> interests = flags(random);
            section.setFieldValue("PurposeConsents", consents);
            section.setFieldValue("PurposeLegitimateInterests", interests);
            section.setFieldValue("PurposeOneTreatment", random.nextBoolean());
            section.setFieldValue("CmpId", random.nextInt(4096));
            section.setFieldValue("VendorConsents", List.of(1 + random.nextInt(900)));
            ZonedDateTime created =
                    Instant.ofEpochMilli(random.nextLong(1_900_000_000L) * 1000).atZone(ZoneOffset.UTC);
            section.setFieldValue("Created", created);
            String text = section.encode();

            assertThat(readTc(text)).as("seed %d: %s", seed, text).isTrue();
            TcfEuV2 read = new TcfEuV2(text);
            assertThat(tcString.version()).isEqualTo(read.getVersion());
            assertThat(tcString.createdMillis())
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(read.getCreated().toInstant().toEpochMilli());
            assertThat(tcString.consented()).as("seed %d: %s", seed, text).isEqualTo(bits(read.getPurposeConsents()));
            assertThat(tcString.legitimate())
                    .as("seed %d: %s", seed, text)
                    .isEqualTo(bits(read.getPurposeLegitimateInterests()));
            assertThat(tcString.purposeOneNotShown()).isEqualTo(read.getPurposeOneTreatment());
        }
    }

    @ParameterizedTest
    @CsvSource({
        // consents, interests, purpose one not shown; needed are 1 and 8
        "1 8,      '',   false, GRANTED",
        "1 8 10,   2,    false, GRANTED",
        "1,        8,    false, GRANTED",
        "1,        '',   false, REFUSED",
        "8,        1,    false, REFUSED",
        "8,        '',   true,  GRANTED",
        "'',       8,    true,  GRANTED",
        "'',       '',   true,  REFUSED",
        "'',       '',   false, REFUSED",
    })
    void purposeOneNeedsConsentAndOthersAnyBasis(String consents, String interests, boolean notShown, Said said)
            throws Exception {
        TcfEuV2 section = new TcfEuV2();
        section.setFieldValue("PurposeConsents", purposes(consents));
        section.setFieldValue("PurposeLegitimateInterests", purposes(interests));
        section.setFieldValue("PurposeOneTreatment", notShown);
        assertThat(readTc(section.encode())).isTrue();
        assertThat(tcString.said(NEEDED)).isEqualTo(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // All purposes; of these, the last has dates.
                "C__________________________________________",
                "Consent-to-everything-was-given-in-_________",
                "CQSbk4AQSbk4ANwAAA__Aw__________________AAAA",
            })
    void whatOnlyBeginsAsATcStringConsentsToNothing(String text) {
        assertThat(readTc(text)).isTrue();
        assertThat(tcString.consented()).isNotZero();
        assertThat(tcString.said(0)).isEqualTo(Said.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "C",
                "CQSbk4AQSbk4ANwAAAENAwCgAAAAAAAAAA",
                "CQSbk4AQSbk4ANwAAAENAw!gAAAAAAAAAAYgACPAAAAA",
                "BOEFEAyOEFEAyAHABDENAI4AAAB9vABAASA",
                "DQSbk4AQSbk4ANwAAAENAwCgAAAAAAAAAAYgACPAAAAA",
                "{\"analytics\":true,\"advertising\":false,\"x\":1}",
            })
    void whatIsNoTcStringIsNone(String text) {
        assertThat(readTc(text)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"DBABM, 2", "DBACNY, 2 6", "DBABjw, 5 6"})
    void readsTheHeadersOfTheSpecification(String header, String sections) {
        // "Global Privacy Platform String", header examples 1 to 3.
        assertThat(readGpp(header)).isTrue();
        assertThat(ids(gppString.sections())).isEqualTo(sections);
    }

    @Test
    void findsTheSectionsThatTheLibraryOfTheIabFinds() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            GppModel model = new GppModel();
            Set<Integer> ids = new TreeSet<>();
            for (int id = 7; id <= 22; id++) {
                if (random.nextInt(4) == 0) {
                    model.setFieldValue(id, "SaleOptOut", 2);
                    ids.add(id);
                }
            }
            if (random.nextBoolean()) {
                model.setFieldValue("tcfeuv2", "CmpId", 7);
                ids.add(2);
            }
            if (ids.isEmpty()) {
                continue;
            }
            String text = model.encode();
            assertThat(readGpp(text)).as("seed %d: %s", seed, text).isTrue();
            assertThat(ids(gppString.sections())).as("seed %d: %s", seed, text).isEqualTo(join(ids));
        }
    }

    @Test
    void everyOptOutOfEveryUsSectionIsARefusal() {
        for (int id = 7; id <= 22; id++) {
            for (String field : List.of("SaleOptOut", "SharingOptOut", "TargetedAdvertisingOptOut")) {
                GppModel model = new GppModel();
                model.setFieldValue(id, "SaleOptOut", 0);
                if (!model.hasField(id, field)) {
                    continue;
                }
                for (int value = 0; value <= 2; value++) {
                    model.setFieldValue(id, field, value);
                    String text = model.encode();
                    assertThat(readGpp(text)).isTrue();
                    assertThat(gppString.said(-1, NEEDED))
                            .as("%s of %s: %d, %s", field, Sections.SECTION_ID_NAME_MAP.get(id), value, text)
                            .isEqualTo(value == 1 ? Said.REFUSED : Said.NOTHING);
                }
            }
        }
    }

    @Test
    void noticesAndSensitiveDataAreNoOptOut() {
        for (int id = 7; id <= 22; id++) {
            GppModel model = new GppModel();
            model.setFieldValue(id, "SaleOptOut", 2);
            for (String field : List.of(
                    "SharingNotice",
                    "ProcessingNotice",
                    "SaleOptOutNotice",
                    "SharingOptOutNotice",
                    "TargetedAdvertisingOptOutNotice",
                    "SensitiveDataProcessingOptOutNotice",
                    "SensitiveDataOptOutNotice",
                    "SensitiveDataLimitUseNotice",
                    "MspaCoveredTransaction",
                    "MspaOptOutOptionMode",
                    "MspaServiceProviderMode")) {
                if (model.hasField(id, field)) {
                    model.setFieldValue(id, field, 1);
                }
            }
            String text = model.encode();
            assertThat(readGpp(text)).isTrue();
            assertThat(gppString.said(-1, NEEDED)).as(text).isEqualTo(Said.NOTHING);
        }
    }

    @Test
    void globalPrivacyControlInASubsectionIsARefusal() {
        for (int id = 7; id <= 22; id++) {
            GppModel model = new GppModel();
            model.setFieldValue(id, "SaleOptOut", 2);
            if (!model.hasField(id, "Gpc")) {
                continue;
            }
            model.setFieldValue(id, "Gpc", true);
            assertThat(readGpp(model.encode())).isTrue();
            assertThat(gppString.said(-1, NEEDED)).isEqualTo(Said.REFUSED);
        }
    }

    @Test
    void aSectionOf2025HasItsIdBeforeItsVersion() {
        // Maryland, 24: id 011000, version 000001, agreement 000001 01 01, notices 01 01 01, opt-outs 01 and 10.
        String head = "011000" + "000001" + "000001" + "0101" + "010101";
        assertThat(saidOf(24, head + "0110" + "00")).isEqualTo(Said.REFUSED);
        assertThat(saidOf(24, head + "1001" + "00")).isEqualTo(Said.REFUSED);
        assertThat(saidOf(24, head + "1010" + "00")).isEqualTo(Said.NOTHING);
    }

    /** Strings of the tests of the IAB's library (iabgpp-es), and the same with one opt-out or none. */
    @ParameterizedTest
    @CsvSource({
        // Minnesota
        "23, BVWSSVW.Y,  REFUSED",
        "23, BVWSSVWA,   REFUSED",
        "23, BAAAAAQ.Q,  NOTHING",
        "23, BAAAAAQ.Y,  REFUSED",
        // Maryland, whose section is four characters long: sale, advertising, neither
        "24, BVVV.Y,     REFUSED",
        "24, BVVm,       REFUSED",
        "24, BVVm.Q,     REFUSED",
        "24, BVWW,       REFUSED",
        "24, BVWq,       NOTHING",
        "24, BQAA.Q,     NOTHING",
        "24, BQAA.Y,     REFUSED",
        // Indiana, Kentucky, Rhode Island
        "25, BVVVkkk.YA, REFUSED",
        "25, BVWqkkk,    NOTHING",
        "25, BQAAAAA.QA, NOTHING",
        "26, BVVVkkk.YA, REFUSED",
        "26, BVWqkkk.QA, NOTHING",
        "27, BVVV,       REFUSED",
        "27, BVWq,       NOTHING",
        // What is none
        "24, z,          NOTHING",
        "24, '',         NOTHING",
    })
    void readsTheSectionsOfTheLatestStates(int id, String section, Said said) {
        assertThat(readGpp(header(id) + "~" + section)).isTrue();
        assertThat(ids(gppString.sections())).isEqualTo(Integer.toString(id));
        assertThat(gppString.said(-1, NEEDED)).isEqualTo(said);
    }

    @Test
    void onlySectionsThatApplyCount() {
        GppModel model = new GppModel();
        model.setFieldValue("usca", "SaleOptOut", 1);
        model.setFieldValue("usva", "SaleOptOut", 2);
        assertThat(readGpp(model.encode())).isTrue();
        assertThat(gppString.said(1L << 8, NEEDED)).isEqualTo(Said.REFUSED);
        assertThat(gppString.said(1L << 9, NEEDED)).isEqualTo(Said.NOTHING);
        assertThat(gppString.said(0, NEEDED)).isEqualTo(Said.NOTHING);
    }

    @Test
    void aTcStringWithinCountsAsOne() {
        GppModel model = new GppModel();
        model.setFieldValue("tcfeuv2", "PurposeConsents", purposes("1 8"));
        model.setFieldValue("usnat", "SaleOptOut", 2);
        assertThat(readGpp(model.encode())).isTrue();
        assertThat(gppString.said(-1, NEEDED)).isEqualTo(Said.GRANTED);
        model.setFieldValue("usnat", "TargetedAdvertisingOptOut", 1);
        assertThat(readGpp(model.encode())).isTrue();
        assertThat(gppString.said(-1, NEEDED)).isEqualTo(Said.REFUSED);
    }

    @Test
    void aCanadianStringMayHaveImpliedConsent() {
        GppModel model = new GppModel();
        model.setFieldValue("tcfcav1", "PurposesExpressConsent", purposes("1"));
        model.setFieldValue("tcfcav1", "PurposesImpliedConsent", purposes("8"));
        assertThat(readGpp(model.encode())).isTrue();
        assertThat(gppString.said(-1, NEEDED)).isEqualTo(Said.GRANTED);
        model.setFieldValue("tcfcav1", "PurposesImpliedConsent", purposes(""));
        assertThat(readGpp(model.encode())).isTrue();
        assertThat(gppString.said(-1, NEEDED)).isEqualTo(Said.REFUSED);
    }

    @ParameterizedTest
    @CsvSource({
        "1YYN, REFUSED",
        "1NYN, REFUSED",
        "1YNN, NOTHING",
        "1---, NOTHING",
        "1yyn, REFUSED",
        "2YYN, NOTHING",
        "1YY, NOTHING",
        "1YXN, NOTHING",
        "'', NOTHING",
    })
    void readsUsPrivacyStrings(String text, Said said) {
        byte[] bytes = ascii(text);
        assertThat(UsPrivacy.said(bytes, 0, bytes.length)).isEqualTo(said);
    }

    @Test
    void aUsPrivacyStringWithinAGppStringCounts() {
        GppModel model = new GppModel();
        model.setFieldValue("uspv1", "Version", 1);
        model.setFieldValue("uspv1", "Notice", "Y");
        model.setFieldValue("uspv1", "LspaCovered", "N");
        model.setFieldValue("uspv1", "OptOutSale", "Y");
        assertThat(readGpp(model.encode())).isTrue();
        assertThat(gppString.said(-1, NEEDED)).isEqualTo(Said.REFUSED);
    }

    private Said saidOf(int id, String bits) {
        assertThat(readGpp(header(id) + "~" + text(bits))).isTrue();
        assertThat(ids(gppString.sections())).isEqualTo(Integer.toString(id));
        return gppString.said(-1, NEEDED);
    }

    /** Of a string with this one section, whose id is from 21 to 33. */
    private static String header(int id) {
        // 21 is the seventh of 1, 2, 3, 5, 8, 13, 21; a second one ends the number.
        int[] numbers = {1, 2, 3, 5, 8};
        StringBuilder fibonacci = new StringBuilder("0000001");
        int rest = id - 21;
        for (int i = numbers.length - 1; i >= 0; i--) {
            if (numbers[i] <= rest) {
                rest -= numbers[i];
                fibonacci.setCharAt(i, '1');
            }
        }
        return text("000011" + "000001" + "000000000001" + "0" + fibonacci + "1");
    }

    private static String text(String bits) {
        String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        StringBuilder text = new StringBuilder();
        String padded = bits + "00000";
        for (int i = 0; i + 6 <= padded.length(); i += 6) {
            text.append(alphabet.charAt(Integer.parseInt(padded.substring(i, i + 6), 2)));
        }
        return text.toString();
    }

    private boolean readTc(String text) {
        byte[] bytes = ascii(text);
        return tcString.read(bytes, 0, bytes.length);
    }

    private boolean readGpp(String text) {
        byte[] bytes = ascii(text);
        return gppString.read(bytes, 0, bytes.length);
    }

    private static List<Boolean> flags(Random random) {
        List<Boolean> flags = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            flags.add(random.nextBoolean());
        }
        return flags;
    }

    private static List<Boolean> purposes(String numbers) {
        List<Boolean> flags = new ArrayList<>();
        for (int i = 1; i <= 24; i++) {
            flags.add(List.of(numbers.split(" ")).contains(Integer.toString(i)));
        }
        return flags;
    }

    private static int bits(List<Boolean> flags) {
        int bits = 0;
        for (int i = 0; i < flags.size(); i++) {
            bits |= flags.get(i) ? 2 << i : 0;
        }
        return bits;
    }

    private static String ids(long sections) {
        Set<Integer> ids = new TreeSet<>();
        for (int id = 0; id < Long.SIZE; id++) {
            if ((sections >>> id & 1) != 0) {
                ids.add(id);
            }
        }
        return join(ids);
    }

    private static String join(Set<Integer> ids) {
        return String.join(" ", ids.stream().map(String::valueOf).toList());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
