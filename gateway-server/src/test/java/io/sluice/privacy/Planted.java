package io.sluice.privacy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The personal values of the corpora that must not be left anywhere, each in a text that says what it is where that is
 * needed; and how many were left out, by the limits of {@code docs/PRIVACY.md}.
 *
 * @param text what is planted
 * @param values what must not be left of it
 */
public record Planted(String entity, String text, List<String> values) {

    private static final Set<String> UNMISTAKABLE = Set.of("EMAIL_ADDRESS", "CREDIT_CARD", "IBAN_CODE", "IP_ADDRESS");

    /** Values whose check digits are wrong, though their source takes them for numbers of persons by their shape. */
    private static final Set<String> WRONG_CHECK_DIGITS = Set.of(
            "876543210",
            "399876543211",
            "3123:4567:8909",
            "T1234567Z",
            "G1122144L",
            "AAAAAA00B11C333Y and AAAAAA00B11C333N",
            "2345678901234",
            "1580000000004");

    /** Addresses of devices with dots, and of letters only. */
    private static final Set<String> DEVICES = Set.of(
            "Cisco MAC: 0012.3456.789A", "My MAC is 0012.3456.789a", "The hardware address is AA-BB-CC-DD-EE-FF");

    /** Telephone numbers that are written as nobody writes them, or as dates and codes are. */
    private static final Set<String> PHONES = Set.of(
            "242 123-1234",
            "+8764511274",
            "050 1234",
            "62898 740123456",
            "+37805496123456789",
            "011 15-2345-6789",
            "6123-4567",
            "9002309. 158",
            "12.1 - 23.71 - 23.45",
            "800 234 1 111x1111",
            "４１５６６６６-７７７",
            "2012-0102 08",
            "03 0 -3 2 23 12 34",
            "(0)3 0 -3 2 23 12 34",
            "0 3 0 -3 2 23 12 34",
            "4156667777 x 123",
            "04931-49",
            "0494949 ext. 49",
            "1800-10-10 22",
            "My US number is (415) 555-0132, and my international one is415-555-0132");

    /** National telephone numbers without a trunk zero, in groups in which sizes and amounts stand as well. */
    private static final Set<String> UNUSUAL = Set.of(
            "55 15 976612345",
            "48 67 621 5461",
            "40740 123 456",
            "40740.123.456",
            "40740-123-456",
            "45 12 34 56 78",
            "298 123456",
            "407 67 394",
            "2 345 678",
            "8 029 491-19-11",
            "21 23 4 56789",
            "221 12 34",
            "991 12 34",
            "9 435 1234",
            "9 518 1234",
            "200 12345",
            "34 10 1234",
            "771 23 45",
            "500 12345",
            "234 56 78",
            "4 217 123",
            "2 510 123",
            "4 012345",
            "72 12345",
            "6 123 45678",
            "34 21234",
            "65 02 53 00 00",
            "1979-2011 100");

    /** In URLs these delimit; so they do in local parts of addresses. */
    private static final Pattern DELIMITER = Pattern.compile("[/=?&#|{}].*@", Pattern.DOTALL);

    /** What is planted, and how many samples were left out for which reason. */
    public record All(List<Planted> values, Map<String, Integer> leftOut) {}

    public static All load() {
        List<Planted> values = new ArrayList<>();
        Map<String, Integer> leftOut = new TreeMap<>();
        for (String corpus : List.of("presidio", "validator", "faker", "isemail", "phone", "carriers")) {
            for (Corpora.Sample sample : Corpora.load(corpus)) {
                String reason = leftOut(sample);
                if (reason == null) {
                    add(sample, values);
                } else if (sample.positive()) {
                    leftOut.merge(reason, 1, Integer::sum);
                }
            }
        }
        return new All(values, leftOut);
    }

    private static void add(Corpora.Sample sample, List<Planted> values) {
        values.add(new Planted(sample.entity(), sample.text(), sample.values()));
        if (UNMISTAKABLE.contains(sample.entity())) {
            for (String value : sample.values()) {
                if (!value.equals(sample.text())) {
                    values.add(new Planted(sample.entity(), value, List.of(value)));
                }
            }
        }
    }

    /** Why the sample is not planted, or {@code null}. */
    private static String leftOut(Corpora.Sample sample) {
        if (!sample.positive() || sample.values().isEmpty()) {
            return "nothing personal in it";
        }
        String entity = DetectorReportTest.entity(sample);
        if (entity == null) {
            return "kinds that are not looked for: places, dates, companies, vehicles, documents";
        }
        if (sample.weak()) {
            return "not even its source demands it";
        }
        if (entity.equals("PHONE_NUMBER (digits alone)")) {
            return "telephone numbers of digits alone";
        }
        if (WRONG_CHECK_DIGITS.contains(sample.text())) {
            return "check digits that are wrong";
        }
        if (DEVICES.contains(sample.text())) {
            return "addresses of devices with dots, or of letters only";
        }
        if (sample.text().equals("foo2001:db8::10.0.0.1")) {
            return "no address, of which only the end is one: what is left of it is the whole of another sample";
        }
        if (sample.text().equals("1::8")) {
            return "addresses that are rather times";
        }
        if (sample.values().stream().anyMatch(UNUSUAL::contains)) {
            return "telephone numbers in groups that are not usual";
        }
        if (PHONES.contains(sample.text())) {
            return "telephone numbers written as codes or dates are";
        }
        if (entity.equals("EMAIL_ADDRESS")
                && sample.values().stream().anyMatch(v -> DELIMITER.matcher(v).find())) {
            return "delimiters of URLs in the local part of an address";
        }
        return null;
    }
}
