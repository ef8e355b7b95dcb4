package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Numbers of persons made by the rules of each state, apart from those that find them, in sentences and encodings. */
class PersonNumberTest {

    private static final int TRIES = 200;
    private static final long SEED = Long.getLong("sluice.seed", 20261123);
    /** Goal of each, raw and beneath each encoding. */
    private static final double LEAST = 0.95;

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private final ScrubbedText scrubbed = new ScrubbedText();

    /**
     * Numbers of one state.
     *
     * @param announce the words without which it may be anything; empty if none are needed
     */
    private record Kind(String name, String announce, Function<SplittableRandom, String> make) {
        @Override
        public String toString() {
            return name;
        }
    }

    private static String digits(SplittableRandom random, int length) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            out.append(random.nextInt(10));
        }
        return out.toString();
    }

    private static String two(int number) {
        return number < 10 ? "0" + number : "" + number;
    }

    private static String yymmdd(SplittableRandom r) {
        return two(40 + r.nextInt(60)) + two(1 + r.nextInt(12)) + two(1 + r.nextInt(28));
    }

    private static String ddmmyy(SplittableRandom r) {
        return two(1 + r.nextInt(28)) + two(1 + r.nextInt(12)) + two(40 + r.nextInt(60));
    }

    private static int sum(String digits, int... weights) {
        int sum = 0;
        for (int i = 0; i < weights.length; i++) {
            sum += (digits.charAt(i) - '0') * weights[i];
        }
        return sum;
    }

    private static String luhn(String digits) {
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            int d = (digits.charAt(digits.length() - 1 - i) - '0') * (i % 2 == 0 ? 2 : 1);
            sum += d / 10 + d % 10;
        }
        return digits + (10 - sum % 10) % 10;
    }

    /** The first of what is made for which there is a check digit: some remainders have none. */
    private static String until(Function<SplittableRandom, String> make, SplittableRandom random) {
        String made = make.apply(random);
        while (made == null) {
            made = make.apply(random);
        }
        return made;
    }

    private static String spaced(String digits, int... groups) {
        StringBuilder out = new StringBuilder();
        int at = 0;
        for (int group : groups) {
            out.append(at == 0 ? "" : " ").append(digits, at, at + group);
            at += group;
        }
        return out.toString();
    }

    private static String taxId(SplittableRandom r) {
        List<Integer> all = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
        StringBuilder out = new StringBuilder();
        while (out.length() < 9) {
            int digit = all.remove(r.nextInt(all.size()));
            out.append(digit);
        }
        out.append(out.charAt(r.nextInt(9)));
        if (out.charAt(0) == '0') {
            return null;
        }
        int product = 10;
        for (int i = 0; i < 10; i++) {
            int sum = (out.charAt(i) - '0' + product) % 10;
            product = 2 * (sum == 0 ? 10 : sum) % 11;
        }
        return out.toString() + (11 - product) % 10;
    }

    private static String oib(SplittableRandom r) {
        String ten = digits(r, 10);
        int product = 10;
        for (char c : ten.toCharArray()) {
            int sum = (c - '0' + product) % 10;
            product = 2 * (sum == 0 ? 10 : sum) % 11;
        }
        return ten + (11 - product) % 10;
    }

    private static String nino(SplittableRandom r) {
        String prefix =
                List.of("AB", "CE", "HJ", "JX", "PR", "SS", "WM", "YZ", "LK").get(r.nextInt(9));
        String suffix = "" + "ABCD".charAt(r.nextInt(4));
        String six = digits(r, 6);
        return r.nextBoolean() ? prefix + six + suffix : prefix + ' ' + spaced(six, 2, 2, 2) + ' ' + suffix;
    }

    private static String nir(SplittableRandom r) {
        String thirteen =
                (1 + r.nextInt(2)) + digits(r, 2) + two(1 + r.nextInt(12)) + two(1 + r.nextInt(95)) + digits(r, 6);
        String whole = thirteen + two((int) (97 - Long.parseLong(thirteen) % 97));
        return r.nextBoolean() ? whole : spaced(whole, 1, 2, 2, 2, 3, 3, 2);
    }

    private static String dni(SplittableRandom r) {
        String eight = digits(r, 8);
        return eight + "TRWAGMYFPDXBNJZSQVHLCKE".charAt(Integer.parseInt(eight) % 23);
    }

    private static String nie(SplittableRandom r) {
        int first = r.nextInt(3);
        String seven = digits(r, 7);
        return "XYZ".charAt(first) + seven + "TRWAGMYFPDXBNJZSQVHLCKE".charAt(Integer.parseInt(first + seven) % 23);
    }

    private static String codice(SplittableRandom r) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < 6; i++) {
            out.append("BCDFGLMNPRSTV".charAt(r.nextInt(13)));
        }
        out.append(digits(r, 2)).append("ABCDEHLMPRST".charAt(r.nextInt(12))).append(two(1 + r.nextInt(28)));
        out.append("ABCDEFGHILM".charAt(r.nextInt(11))).append(digits(r, 3));
        int[] odd = {1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23};
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            int value = Character.isDigit(out.charAt(i)) ? out.charAt(i) - '0' : out.charAt(i) - 'A';
            sum += i % 2 == 0 ? odd[value] : value;
        }
        return out.append(LETTERS.charAt(sum % 26)).toString();
    }

    private static String bsn(SplittableRandom r) {
        String eight = (1 + r.nextInt(9)) + digits(r, 7);
        int check = sum(eight, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
        return check == 10 ? null : eight + check;
    }

    private static String ahv(SplittableRandom r) {
        String twelve = "756" + digits(r, 9);
        String whole = twelve + (10 - sum(twelve, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3) % 10) % 10;
        return whole.substring(0, 3)
                + '.'
                + whole.substring(3, 7)
                + '.'
                + whole.substring(7, 11)
                + '.'
                + whole.substring(11);
    }

    private static String belgian(SplittableRandom r) {
        String nine = yymmdd(r) + digits(r, 3);
        String check = two((int) (97 - Long.parseLong(nine) % 97));
        return r.nextBoolean()
                ? nine + check
                : nine.substring(0, 2)
                        + '.'
                        + nine.substring(2, 4)
                        + '.'
                        + nine.substring(4, 6)
                        + '-'
                        + nine.substring(6)
                        + '.'
                        + check;
    }

    private static String cpf(SplittableRandom r) {
        String nine = digits(r, 9);
        int first = sum(nine, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10;
        int second = sum(nine + first, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10;
        return spaced(nine, 3, 3, 3).replace(' ', '.') + '-' + first + second;
    }

    private static String norwegian(SplittableRandom r) {
        String nine = ddmmyy(r) + digits(r, 3);
        int first = 11 - sum(nine, 3, 7, 6, 1, 8, 9, 4, 5, 2) % 11;
        first = first == 11 ? 0 : first;
        int second = 11 - sum(nine + first % 10, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) % 11;
        second = second == 11 ? 0 : second;
        return first == 10 || second == 10 ? null : nine + first + second;
    }

    private static String hetu(SplittableRandom r) {
        String date = ddmmyy(r);
        String serial = digits(r, 3);
        return date
                + (r.nextBoolean() ? "-" : "A")
                + serial
                + "0123456789ABCDEFHJKLMNPRSTUVWXY".charAt((int) (Long.parseLong(date + serial) % 31));
    }

    private static String cnp(SplittableRandom r) {
        String twelve = (1 + r.nextInt(2)) + yymmdd(r) + two(1 + r.nextInt(46)) + digits(r, 3);
        int check = sum(twelve, 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9) % 11;
        return twelve + (check == 10 ? 1 : check);
    }

    private static String egn(SplittableRandom r) {
        String nine = yymmdd(r) + digits(r, 3);
        return nine + sum(nine, 2, 4, 8, 5, 10, 9, 7, 3, 6) % 11 % 10;
    }

    private static String estonian(SplittableRandom r) {
        String ten = (3 + r.nextInt(2)) + yymmdd(r) + digits(r, 3);
        int check = sum(ten, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1) % 11;
        return ten + (check < 10 ? check : sum(ten, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3) % 11 % 10);
    }

    private static String turkish(SplittableRandom r) {
        String nine = (1 + r.nextInt(9)) + digits(r, 8);
        int odd = sum(nine, 1, 0, 1, 0, 1, 0, 1, 0, 1);
        int even = sum(nine, 0, 1, 0, 1, 0, 1, 0, 1, 0);
        int tenth = Math.floorMod(7 * odd - even, 10);
        return nine + tenth + (odd + even + tenth) % 10;
    }

    private static String nhs(SplittableRandom r) {
        String nine = digits(r, 9);
        int check = 11 - sum(nine, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
        return check == 10 ? null : spaced(nine + (check == 11 ? 0 : check), 3, 3, 4);
    }

    private static String pps(SplittableRandom r) {
        String seven = digits(r, 7);
        int sum = sum(seven, 8, 7, 6, 5, 4, 3, 2);
        return r.nextBoolean()
                ? seven + "WABCDEFGHIJKLMNOPQRSTUV".charAt(sum % 23)
                : seven + "WABCDEFGHIJKLMNOPQRSTUV".charAt((sum + 9) % 23) + 'A';
    }

    private static String nif(SplittableRandom r) {
        String eight = (1 + r.nextInt(3)) + digits(r, 7);
        int check = 11 - sum(eight, 9, 8, 7, 6, 5, 4, 3, 2) % 11;
        return eight + (check > 9 ? 0 : check);
    }

    private static String tfn(SplittableRandom r) {
        String eight = (1 + r.nextInt(9)) + digits(r, 7);
        for (int last = 0; last < 10; last++) {
            if (sum(eight + last, 1, 4, 3, 7, 5, 8, 6, 9, 10) % 11 == 0) {
                return spaced(eight + last, 3, 3, 3);
            }
        }
        return null;
    }

    private static String nric(SplittableRandom r) {
        String seven = digits(r, 7);
        int sum = sum(seven, 2, 7, 6, 5, 4, 3, 2);
        return switch (r.nextInt(4)) {
            case 0 -> 'S' + seven + "JZIHGFEDCBA".charAt(sum % 11);
            case 1 -> 'T' + seven + "JZIHGFEDCBA".charAt((sum + 4) % 11);
            case 2 -> 'F' + seven + "XWUTRQPNMLK".charAt(sum % 11);
            default -> 'G' + seven + "XWUTRQPNMLK".charAt((sum + 4) % 11);
        };
    }

    private static String thai(SplittableRandom r) {
        String twelve = (1 + r.nextInt(8)) + two(30 + r.nextInt(20)) + digits(r, 9);
        int check = (11 - sum(twelve, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) % 11) % 10;
        String whole = twelve + check;
        return whole.charAt(0) + "-" + whole.substring(1, 5) + '-' + whole.substring(5, 10) + '-'
                + whole.substring(10, 12) + '-' + check;
    }

    private static String health(SplittableRandom r) {
        char letter = LETTERS.charAt(r.nextInt(26));
        String eight = digits(r, 8);
        String ten = two(letter - 'A' + 1) + eight;
        int sum = 0;
        for (int i = 0; i < 10; i++) {
            int d = (ten.charAt(i) - '0') * (i % 2 == 0 ? 1 : 2);
            sum += d / 10 + d % 10;
        }
        return letter + eight + sum % 10;
    }

    static Stream<Kind> kinds() {
        return Stream.of(
                new Kind(
                        "us-ssn",
                        "",
                        r -> (100 + r.nextInt(500)) + "-" + two(1 + r.nextInt(99)) + '-' + (1000 + r.nextInt(9000))),
                new Kind(
                        "us-ssn announced",
                        "SSN: ",
                        r -> (100 + r.nextInt(500)) + two(1 + r.nextInt(99)) + (1000 + r.nextInt(9000))),
                new Kind("uk-nino", "", PersonNumberTest::nino),
                new Kind("uk-nhs", "", r -> until(PersonNumberTest::nhs, r)),
                new Kind("de-tax-id", "", r -> until(PersonNumberTest::taxId, r)),
                new Kind("de-health", "", PersonNumberTest::health),
                new Kind("fr-nir", "", PersonNumberTest::nir),
                new Kind("es-id DNI", "", PersonNumberTest::dni),
                new Kind("es-id NIE", "", PersonNumberTest::nie),
                new Kind("it-code", "", PersonNumberTest::codice),
                new Kind("pt-nif", "NIF ", PersonNumberTest::nif),
                new Kind("nl-bsn", "BSN ", r -> until(PersonNumberTest::bsn, r)),
                new Kind("ch-ahv", "", PersonNumberTest::ahv),
                new Kind("be-number", "", PersonNumberTest::belgian),
                new Kind("pl-pesel", "", r -> {
                    String ten = yymmdd(r) + digits(r, 4);
                    return ten + (10 - sum(ten, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3) % 10) % 10;
                }),
                new Kind("ro-cnp", "CNP ", PersonNumberTest::cnp),
                new Kind("bg-egn", "EGN ", PersonNumberTest::egn),
                new Kind("hr-oib", "OIB: ", PersonNumberTest::oib),
                new Kind("ee-code", "", PersonNumberTest::estonian),
                new Kind(
                        "se-number",
                        "",
                        r -> new StringBuilder(luhn(yymmdd(r) + digits(r, 3)))
                                .insert(6, '-')
                                .toString()),
                new Kind("no-number", "", r -> until(PersonNumberTest::norwegian, r)),
                new Kind("dk-cpr", "", r -> ddmmyy(r) + '-' + digits(r, 4)),
                new Kind("fi-code", "", PersonNumberTest::hetu),
                new Kind("ie-pps", "", PersonNumberTest::pps),
                new Kind("tr-number", "", PersonNumberTest::turkish),
                new Kind("br-cpf", "", PersonNumberTest::cpf),
                new Kind("ca-sin", "", r -> spaced(luhn((1 + r.nextInt(7)) + digits(r, 7)), 3, 3, 3)),
                new Kind("au-tfn", "", r -> until(PersonNumberTest::tfn, r)),
                new Kind("sg-nric", "", PersonNumberTest::nric),
                new Kind("th-number", "", PersonNumberTest::thai),
                new Kind("kr-number", "", r -> yymmdd(r) + '-' + (1 + r.nextInt(4)) + digits(r, 6)),
                new Kind("za-number", "", r -> luhn(yymmdd(r) + digits(r, 4) + r.nextInt(2) + "8")));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void numbersOfEachStateAreFoundInSentencesAndEncodings(Kind kind) {
        SplittableRandom random = new SplittableRandom(SEED);
        String[] around = {"%s", "My number is %s, thanks.", "%s", "(%s)", "id card %s\nand more"};
        for (Carrier carrier : Carrier.values()) {
            int found = 0;
            String missed = "";
            for (int i = 0; i < TRIES; i++) {
                String number = kind.make().apply(random);
                String text = around[i % around.length].replace("%s", kind.announce() + number);
                String line = scrubbed.of("\"" + carrier.encode(text) + "\"");
                if (Undone.of(line).contains(Undone.of(number))) {
                    missed = text + " as " + line;
                } else {
                    found++;
                }
            }
            assertThat((double) found / TRIES)
                    .as("%s beneath %s, seed %d, the last missed %s", kind, carrier, SEED, missed)
                    .isGreaterThanOrEqualTo(LEAST);
        }
    }
}
