package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.json.JsonWriter;
import io.sluice.json.Scanner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How much of what the corpora hold is found, and how much else, in each encoding. Prints what it finds. */
class DetectorReportTest {

    private static final Set<String> STRICT = Set.of("EMAIL_ADDRESS", "CREDIT_CARD", "IBAN_CODE", "IP_ADDRESS");

    private static final Set<String> NATIONAL = Set.of(
            "US_SSN",
            "US_ITIN",
            "UK_NINO",
            "DE_TAX_ID",
            "DE_SOCIAL_SECURITY",
            "DE_HEALTH_INSURANCE",
            "ES_NIE",
            "ES_NIF",
            "IT_FISCAL_CODE",
            "PL_PESEL",
            "CA_SIN",
            "AU_TFN",
            "AU_MEDICARE",
            "IN_AADHAAR",
            "FI_PERSONAL_IDENTITY_CODE",
            "SE_PERSONNUMMER",
            "TR_NATIONAL_ID",
            "TH_TNIN",
            "KR_RRN",
            "KR_FRN",
            "ZA_ID_NUMBER",
            "SG_NRIC_FIN",
            "MAC_ADDRESS");

    /**
     * Samples whose check digits are wrong, or that are digits alone, which their source finds by its shape only, among
     * too few others for a rate; docs/PRIVACY.md says what is not found.
     */
    private static final Set<String> NOT_DEMANDED = Set.of(
            "PHONE_NUMBER (digits alone)",
            "AU_TFN",
            "IN_AADHAAR",
            "IT_FISCAL_CODE",
            "SG_NRIC_FIN",
            "TH_TNIN",
            "MAC_ADDRESS");

    private static final Path FILE = Path.of("../docs/PRIVACY.md");
    private static final String BEGIN = "<!-- detectors: held to the corpora by a test -->\n";
    private static final String END = "<!-- end of detectors -->";
    private static final String WRITE = "sluice.docs.write";

    /** What was measured beneath each encoding, until all have been. */
    private static final Map<Carrier, Map<String, Tally>> MEASURED = new TreeMap<>();

    private final Scrubber scrubber = new Scrubber(new Rules(Policy.strict()), null);
    private final Scanner scanner = new Scanner();

    private static final class Tally {
        int positives;
        int found;
        int negatives;
        int mistaken;
        final List<String> missed = new ArrayList<>();
        final List<String> wrong = new ArrayList<>();

        double recall() {
            return positives == 0 ? 1 : (double) found / positives;
        }

        double precision() {
            return found == 0 ? 1 : (double) found / (found + mistaken);
        }

        void mistake(Corpora.Sample sample, String scrubbed) {
            mistaken++;
            wrong.add(sample.kind() + ": " + sample.text() + " → " + scrubbed);
        }

        void describe(String entity, StringBuilder report, StringBuilder details) {
            report.append(String.format(
                    Locale.ROOT,
                    "%-28s recall %.3f (%d of %d)  precision %.3f (%d mistaken of %d)%n",
                    entity,
                    recall(),
                    found,
                    positives,
                    precision(),
                    mistaken,
                    negatives));
            details.append("\n").append(entity).append("\n");
            missed.forEach(text -> details.append("  missed   ").append(text).append("\n"));
            wrong.forEach(text -> details.append("  mistaken ").append(text).append("\n"));
        }
    }

    /** What a text must be found as to be mistaken for the entity. */
    private static Kind kind(String entity) {
        return switch (entity) {
            case "EMAIL_ADDRESS" -> Kind.EMAIL;
            case "CREDIT_CARD" -> Kind.CARD;
            case "IBAN_CODE" -> Kind.IBAN;
            case "IP_ADDRESS" -> Kind.IP;
            case "MAC_ADDRESS" -> Kind.MAC;
            case "PHONE_NUMBER", "PHONE_NUMBER (digits alone)" -> Kind.PHONE;
            default -> Kind.ID;
        };
    }

    @ParameterizedTest
    @EnumSource(Carrier.class)
    void findsWhatTheCorporaHoldAndLittleElse(Carrier carrier) throws IOException {
        Map<String, Tally> tallies = new TreeMap<>();
        for (String corpus : List.of("presidio", "validator", "faker", "isemail", "phone", "carriers")) {
            for (Corpora.Sample sample : Corpora.load(corpus)) {
                count(carrier, sample, tallies);
            }
        }
        for (Corpora.Sample sample : Corpora.load("negatives")) {
            String content = carrier.encode(sample.text());
            String scrubbed = scrub(content);
            tallies.forEach((entity, tally) -> {
                tally.negatives++;
                if (scrubber.found().count(kind(entity)) > 0) {
                    tally.mistake(sample, scrubbed);
                }
            });
        }
        MEASURED.put(carrier, tallies);
        StringBuilder report = new StringBuilder(carrier + System.lineSeparator());
        StringBuilder details = new StringBuilder();
        tallies.forEach((entity, tally) -> tally.describe(entity, report, details));
        System.out.println(report);
        Files.createDirectories(Path.of("target", "privacy"));
        Files.writeString(Path.of("target", "privacy", carrier + ".txt"), report.toString() + details);
        tallies.forEach((entity, tally) -> {
            boolean strict = STRICT.contains(entity);
            if (!NOT_DEMANDED.contains(entity)) {
                assertThat(tally.recall()).as("recall of %s", entity).isGreaterThanOrEqualTo(strict ? 0.995 : 0.95);
                assertThat(tally.precision())
                        .as("precision of %s", entity)
                        .isGreaterThanOrEqualTo(strict ? 0.99 : 0.95);
            }
        });
    }

    /** The table of the document: what is raw, and the least beneath any encoding. */
    @AfterAll
    static void theTableIsThatOfTheDocument() throws IOException {
        if (MEASURED.size() < Carrier.values().length) {
            return;
        }
        StringBuilder table = new StringBuilder(
                        "| | found | mistaken | recall, precision | the least in any encoding |\n")
                .append("|---|---|---|---|---|\n");
        MEASURED.get(Carrier.RAW).forEach((entity, raw) -> {
            double recall = 1;
            double precision = 1;
            for (Map<String, Tally> tallies : MEASURED.values()) {
                recall = Math.min(recall, tallies.get(entity).recall());
                precision = Math.min(precision, tallies.get(entity).precision());
            }
            table.append(String.format(
                    Locale.ROOT,
                    "| %s%s | %d of %d | %d of %d | %.3f, %.3f | %.3f, %.3f |%n",
                    entity.toLowerCase(Locale.ROOT).replace('_', ' '),
                    NOT_DEMANDED.contains(entity) ? " *" : "",
                    raw.found,
                    raw.positives,
                    raw.mistaken,
                    raw.negatives,
                    raw.recall(),
                    raw.precision(),
                    recall,
                    precision));
        });
        String text = Files.readString(FILE);
        assertThat(text).contains(BEGIN, END);
        String before = text.substring(0, text.indexOf(BEGIN) + BEGIN.length());
        String after = text.substring(text.indexOf(END));
        if (Boolean.getBoolean(WRITE)) {
            Files.writeString(FILE, before + table + after);
        }
        assertThat(Files.readString(FILE))
                .as("rewrite the table with -D%s=true", WRITE)
                .isEqualTo(before + table + after);
    }

    private void count(Carrier carrier, Corpora.Sample sample, Map<String, Tally> tallies) {
        String entity = entity(sample);
        if (entity == null || sample.weak()) {
            return;
        }
        Tally tally = tallies.computeIfAbsent(entity, none -> new Tally());
        String content = carrier.encode(sample.text());
        String scrubbed = scrub(content);
        if (!sample.positive()) {
            // That a text is no valid address as a whole does not mean that there is none in it, and what is no
            // valid number of one state may be one of another.
            if (kind(entity) != Kind.EMAIL && kind(entity) != Kind.ID) {
                tally.negatives++;
                if (scrubber.found().count(kind(entity)) > 0) {
                    tally.mistake(sample, scrubbed);
                }
            }
            return;
        }
        tally.positives++;
        String left = Carrier.plain(scrubbed);
        boolean found = !scrubbed.equals(content);
        for (String value : sample.values()) {
            found &= !left.contains(Carrier.plain(Carrier.json(value)));
        }
        if (found) {
            tally.found++;
        } else {
            tally.missed.add(sample.kind() + ": " + sample.text() + " → " + scrubbed);
        }
    }

    static String entity(Corpora.Sample sample) {
        String entity = sample.entity();
        if (!entity.endsWith("PHONE_NUMBER") && !entity.endsWith("MOBILE_NUMBER")) {
            return STRICT.contains(entity) || NATIONAL.contains(entity) ? entity : null;
        }
        return !sample.positive() || isDemanded(sample) ? "PHONE_NUMBER" : "PHONE_NUMBER (digits alone)";
    }

    /** Digits alone are not demanded: they may as well be the number of an order. */
    private static boolean isDemanded(Corpora.Sample sample) {
        String value = Carrier.plain(Carrier.json(sample.values().get(0)));
        long digits = value.chars().filter(Character::isDigit).count();
        return value.startsWith("+") && digits >= 7
                || value.startsWith("00")
                || digits >= 7 && !value.matches("\\d+")
                || value.matches("0\\d{9,10}");
    }

    /** As in an event: a string that the scanner does not mark is not looked at. */
    private String scrub(String content) {
        byte[] utf8 = ("\"" + content + "\"").getBytes(StandardCharsets.UTF_8);
        byte[] src = Arrays.copyOf(utf8, utf8.length + Scanner.PADDING);
        byte[] dst = new byte[scrubber.bound(utf8.length) + JsonWriter.SLACK];
        scrubber.found().clear();
        // Each text has the allowance of an event: once that is used up all numbers go, found or not.
        scrubber.begin();
        scanner.reset(src, utf8.length);
        assertThat(scanner.document(0)).isEqualTo(utf8.length);
        if (scanner.marks() == 0) {
            return content;
        }
        int end = scrubber.copy(src, 1, 1, utf8.length - 1, dst, 0);
        return new String(dst, 0, end, StandardCharsets.UTF_8);
    }
}
