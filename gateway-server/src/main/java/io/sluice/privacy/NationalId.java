package io.sluice.privacy;

import io.sluice.common.Hex;
import java.util.EnumSet;
import java.util.Set;

/**
 * Numbers that states give to persons, each with its check digits or, where it has none, its rules.
 *
 * <p>One that could as well be the number of an order is found only in the groups in which people write it, or behind
 * a word or a name that announces it; the others wherever they stand.
 */
enum NationalId {
    US_SSN("us-ssn", "ssn social socialsecurity socialsecuritynumber"),
    US_ITIN("us-itin", "itin taxpayer"),
    CA_SIN("ca-sin", "sin nas"),
    AU_TFN("au-tfn", "tfn"),
    AU_MEDICARE("au-medicare", "medicare"),
    UK_NINO("uk-nino", "nino"),
    UK_NHS("uk-nhs", "nhs"),
    DE_TAX_ID("de-tax-id", "steuerid steueridentifikationsnummer idnr tin"),
    DE_SOCIAL("de-social", "rvnr rentenversicherungsnummer sozialversicherungsnummer"),
    DE_HEALTH("de-health", "kvnr krankenversichertennummer"),
    FR_NIR("fr-nir", "nir insee secu securite"),
    ES_ID("es-id", "dni nif nie"),
    IT_CODE("it-code", "codicefiscale fiscale cf"),
    PT_NIF("pt-nif", "nif contribuinte"),
    NL_BSN("nl-bsn", "bsn burgerservicenummer sofi sofinummer"),
    BE_NUMBER("be-number", "rijksregister rijksregisternummer niss insz"),
    CH_AHV("ch-ahv", "ahv avs"),
    PL_PESEL("pl-pesel", "pesel"),
    RO_CNP("ro-cnp", "cnp"),
    BG_EGN("bg-egn", "egn"),
    HR_OIB("hr-oib", "oib"),
    RS_JMBG("rs-jmbg", "jmbg emso"),
    EE_CODE("ee-code", "isikukood asmenskodas"),
    SE_NUMBER("se-number", "personnummer pnr samordningsnummer"),
    NO_NUMBER("no-number", "fodselsnummer personnummer"),
    DK_CPR("dk-cpr", "cpr cprnummer"),
    FI_CODE("fi-code", "hetu henkilotunnus"),
    IE_PPS("ie-pps", "pps ppsn"),
    TR_NUMBER("tr-number", "kimlik tckn tc"),
    BR_CPF("br-cpf", "cpf"),
    AR_CUIT("ar-cuit", "cuit cuil"),
    CL_RUT("cl-rut", "rut run"),
    MX_CURP("mx-curp", "curp"),
    IN_AADHAAR("in-aadhaar", "aadhaar aadhar uidai"),

    SG_NRIC("sg-nric", "nric fin"),
    TH_NUMBER("th-number", "tnin thai"),
    KR_NUMBER("kr-number", "rrn frn jumin"),
    ZA_NUMBER("za-number", "rsa said");

    private static final String DNI = "TRWAGMYFPDXBNJZSQVHLCKE";
    private static final String HETU = "0123456789ABCDEFHJKLMNPRSTUVWXY";
    private static final String PPS = "WABCDEFGHIJKLMNOPQRSTUV";
    private static final int[] ODD = {
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
    };
    private static final int[][] VERHOEFF = new int[10][10];
    private static final int[][] VERHOEFF_TURN = new int[8][10];

    static {
        // The group of the pentagon, and the powers of one permutation (Verhoeff, 1969).
        for (int a = 0; a < 10; a++) {
            for (int b = 0; b < 10; b++) {
                VERHOEFF[a][b] = a < 5
                        ? b < 5 ? (a + b) % 5 : 5 + (a + b - 5) % 5
                        : b < 5 ? 5 + (a - 5 - b + 5) % 5 : (a - b + 5) % 5;
            }
        }
        int[] turn = {1, 5, 7, 6, 2, 8, 3, 0, 9, 4};
        for (int i = 0; i < 10; i++) {
            VERHOEFF_TURN[0][i] = i;
        }
        for (int row = 1; row < 8; row++) {
            for (int i = 0; i < 10; i++) {
                VERHOEFF_TURN[row][i] = turn[VERHOEFF_TURN[row - 1][i]];
            }
        }
    }

    private static final long ALL = all();

    private final String key;
    private final String names;

    NationalId(String key, String names) {
        this.key = key;
        this.names = names;
    }

    /** As policies name it. */
    String key() {
        return key;
    }

    long bit() {
        return 1L << ordinal();
    }

    static long bits(Set<NationalId> ids) {
        long bits = 0;
        for (NationalId id : ids) {
            bits |= id.bit();
        }
        return bits;
    }

    static long all() {
        return bits(EnumSet.allOf(NationalId.class));
    }

    /** Takes bits of a context and the words that announce what they stand for. */
    interface Names {
        void put(long bits, String words);
    }

    static void names(Names to) {
        for (NationalId id : values()) {
            to.put(1L << Context.ID + id.ordinal(), id.names);
        }
    }

    /**
     * Behind the number that the run begins with, or 0.
     *
     * @param wanted a bit for each id that is looked for
     */
    static int end(Text text, NumberRun run, long wanted) {
        int before = text.at(run.begin[0] - 1);
        boolean fraction = (before == '.' || before == ',') && Ascii.isDigit(text.at(run.begin[0] - 2));
        if (run.count(run.groups) < 9 || Ascii.isAlphanumeric(before) || before == '_' || fraction) {
            return 0;
        }
        boolean inRun = (before == ' ' || before == '-' || before == '/') && Ascii.isDigit(text.at(run.begin[0] - 2));
        long words = -1;
        for (int groups = run.groups; groups > 0; groups--) {
            int n = run.count(groups);
            int end = run.end[groups - 1];
            int behind = text.at(end);
            if (n < 9 || n > 15 || Ascii.isAlphanumeric(behind) || behind == '_' || groups == run.groups && run.more) {
                continue;
            }
            if (behind == '.' && Ascii.isDigit(text.at(end + 1)) && groups == run.groups) {
                continue;
            }
            // Most numbers fail whatever stands before them, which is not asked then.
            if (!isAny(run, n, run.shape(groups), run.separators(groups), wanted, -1)) {
                continue;
            }
            if (words == -1) {
                words = Context.before(text, run.begin[0]);
            }
            long context = words >>> Context.ID & ALL;
            // The number of an order, unless it says whose number it is.
            boolean thing = (words & (groups == 1 ? Context.THING | Context.NAMED : Context.THING)) != 0;
            if (thing && (context & wanted) == 0) {
                continue;
            }
            boolean part = groups < run.groups && (run.separator[groups] & NumberRun.WIDE) == 0;
            if (inRun && groups > 1
                    || part && groups > 1
                    || groups == 1 && part && run.separator[1] != NumberRun.SPACE) {
                continue;
            }
            if (isAny(run, n, run.shape(groups), run.separators(groups), wanted, context)
                    && !Joined.isPart(text, run.begin[0], end)) {
                return end;
            }
        }
        return 0;
    }

    private static boolean is(long set, NationalId id) {
        return (set & id.bit()) != 0;
    }

    private static boolean isAny(NumberRun r, int n, long shape, int separators, long wanted, long named) {
        if (r.isOneDigit(0, n)) {
            return false;
        }
        boolean bare = separators == 0;
        // The separators in which digits of persons are written; not as in 123/456.
        boolean plain = separators == NumberRun.SPACE || separators == NumberRun.DASH || separators == NumberRun.DOT;
        return switch (n) {
            case 9 ->
                is(wanted, US_SSN) && (plain && shape == 0x324 || is(named, US_SSN)) && isSsn(r)
                        || is(wanted, US_ITIN)
                                && (shape == 0x324 && plain || is(named, US_ITIN) || is(named, US_SSN))
                                && isItin(r)
                        || is(wanted, CA_SIN)
                                && (shape == 0x333 && plain && separators != NumberRun.DOT || is(named, CA_SIN))
                                && r.digits[0] != 0
                                && r.digits[0] != 8
                                && r.isLuhn(0, 9)
                        || is(wanted, AU_TFN)
                                && (shape == 0x333 && plain && separators != NumberRun.DOT || is(named, AU_TFN))
                                && weigh(r, "14375869A") % 11 == 0
                        || is(wanted, PT_NIF) && is(named, PT_NIF) && weigh(r, "987654321") % 11 <= 1
                        || is(wanted, NL_BSN) && is(named, NL_BSN) && weigh(r, "98765432A") % 11 == 0;
            case 10 ->
                is(wanted, UK_NHS)
                                && (shape == 0x334 && separators != NumberRun.DOT && plain || is(named, UK_NHS))
                                && weigh(r, "A987654321") % 11 == 0
                        || is(wanted, SE_NUMBER)
                                && (bare || shape == 0x64 && separators == NumberRun.DASH)
                                && isDate(r.two(2), r.two(4) % 60)
                                && r.isLuhn(0, 10)
                                && (!bare || !isEpoch(r, 10) && weigh(r, "A987654321") % 11 != 0)
                        || is(wanted, DK_CPR)
                                && (shape == 0x64 && separators == NumberRun.DASH || is(named, DK_CPR))
                                && isDate(r.two(2), r.two(0))
                        || is(wanted, BG_EGN)
                                && isDate(r.two(2) % 20, r.two(4))
                                && weigh(r, "2485A9736") % 11 % 10 == r.digits[9]
                                && (is(named, BG_EGN) || bare && !isEpoch(r, 10) && weigh(r, "A987654321") % 11 != 0)
                        || is(wanted, AU_MEDICARE)
                                && (shape == 0x451 && plain
                                        || is(named, AU_MEDICARE)
                                        || bare && r.digits[0] == 2 && !isEpoch(r, 10))
                                && isMedicare(r);
            case 11 ->
                is(wanted, DE_TAX_ID)
                                && (bare || shape == 0x2333 && plain)
                                && r.digits[0] != 0
                                && isMod11And10(r, 11)
                                && isTaxId(r)
                        || is(wanted, HR_OIB) && is(named, HR_OIB) && isMod11And10(r, 11)
                        || is(wanted, PL_PESEL)
                                && bare
                                && isDate(r.two(2) % 20, r.two(4))
                                && weigh(r, "13791379131") % 10 == 0
                        || is(wanted, TR_NUMBER) && bare && isTurkish(r)
                        || is(wanted, NO_NUMBER) && (bare || shape == 0x65) && isNorwegian(r)
                        || is(wanted, BE_NUMBER)
                                && (bare || separators == (NumberRun.DOT | NumberRun.DASH))
                                && isBelgian(r)
                        || is(wanted, BR_CPF)
                                && (bare
                                        || separators == (NumberRun.DOT | NumberRun.DASH)
                                        || shape == 0x92
                                        || shape == 0x3332)
                                && isCpf(r)
                        || is(wanted, EE_CODE) && bare && isEstonian(r)
                        || is(wanted, AR_CUIT)
                                && (shape == 0x281 && separators == NumberRun.DASH || is(named, AR_CUIT))
                                && (11 - weigh(r, "5432765432") % 11) % 11 == r.digits[10]
                        || is(wanted, AU_MEDICARE)
                                && (shape == 0x4511 && plain || is(named, AU_MEDICARE))
                                && isMedicare(r);
            case 12 ->
                is(wanted, IN_AADHAAR)
                                && (is(named, IN_AADHAAR) || shape == 0x444 && plain)
                                && r.digits[0] >= 2
                                && isVerhoeff(r, 12)
                        || is(wanted, SE_NUMBER)
                                && (bare || shape == 0x84 && separators == NumberRun.DASH)
                                && r.two(0) >= 18
                                && r.two(0) <= 20
                                && isDate(r.two(4), r.two(6) % 60)
                                && r.isLuhn(2, 12);
            case 13 ->
                is(wanted, FR_NIR) && is(named, FR_NIR) && isNir(r)
                        || is(wanted, CH_AHV) && r.value(0, 3) == 756 && r.isGtin(0, 13) && (bare || shape == 0x3442)
                        || is(wanted, RO_CNP)
                                && bare
                                && r.digits[0] > 0
                                && isDate(r.two(3), r.two(5))
                                && isCnp(r)
                                && (is(named, RO_CNP) || !isEpoch(r, 13))
                        || is(wanted, RS_JMBG)
                                && bare
                                && (is(named, RS_JMBG) || !isEpoch(r, 13))
                                && isDate(r.two(2), r.two(0))
                                && (r.digits[4] == 9 || r.digits[4] == 0)
                                && isJmbg(r)
                        || is(wanted, ZA_NUMBER)
                                && (bare || shape == 0x6412 || shape == 0x64111)
                                && isDate(r.two(2), r.two(4))
                                && isRealDate(r)
                                && (is(named, ZA_NUMBER) || !isEpoch(r, 13))
                                && r.digits[10] <= 2
                                && r.digits[11] >= 8
                                && r.isLuhn(0, 13)
                        || is(wanted, KR_NUMBER)
                                && (bare || shape == 0x67 && separators == NumberRun.DASH)
                                && isDate(r.two(2), r.two(4))
                                && r.digits[6] >= 1
                                && r.digits[6] <= 8
                                && (is(named, KR_NUMBER) || !bare || !isEpoch(r, 13) && !r.isGtin(0, 13))
                        || is(wanted, TH_NUMBER)
                                && (is(named, TH_NUMBER)
                                        || bare && !isEpoch(r, 13) && !r.isGtin(0, 13)
                                        || shape == 0x14521)
                                && isThai(r);
            case 15 ->
                is(wanted, FR_NIR)
                        && (bare || plain && isGroupedNir(shape))
                        && isNir(r)
                        && 97 - r.value(0, 13) % 97 == r.value(13, 15);
            default -> false;
        };
    }

    /** The sum of the first digits, each times its weight, which is a hexadecimal digit. */
    private static int weigh(NumberRun r, String weights) {
        int sum = 0;
        for (int i = 0; i < weights.length(); i++) {
            sum += r.digits[i] * Hex.value((byte) weights.charAt(i));
        }
        return sum;
    }

    private static boolean isDate(int month, int day) {
        return month >= 1
                && month <= 12
                && day >= 1
                && day <= (month == 2 ? 29 : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31);
    }

    /** As {@link #isDate}, with the years that have no 29 February, in either century. */
    private static boolean isRealDate(NumberRun r) {
        return r.two(2) != 2 || r.two(4) < 29 || r.two(0) % 4 == 0;
    }

    /** Whether it is a time of these decades, in seconds or milliseconds. */
    private static boolean isEpoch(NumberRun r, int n) {
        return r.two(0) >= 14 && r.two(0) <= 20 && (n == 10 || n == 13);
    }

    private static boolean isSsn(NumberRun r) {
        long area = r.value(0, 3);
        long number = r.value(0, 9);
        return area > 0
                && area < 900
                && area != 666
                && r.two(3) != 0
                && r.value(5, 9) != 0
                && number != 78051120
                && number != 219099999
                && number != 123456789;
    }

    private static boolean isItin(NumberRun r) {
        int group = r.two(3);
        return r.digits[0] == 9
                && (group >= 50 && group <= 65
                        || group >= 70 && group <= 88
                        || group >= 90 && group <= 92
                        || group >= 94);
    }

    private static boolean isMedicare(NumberRun r) {
        return r.digits[0] >= 2 && r.digits[0] <= 6 && weigh(r, "13791379") % 10 == r.digits[8];
    }

    /** ISO/IEC 7064, MOD 11,10. */
    private static boolean isMod11And10(NumberRun r, int n) {
        int product = 10;
        for (int i = 0; i < n - 1; i++) {
            int sum = (r.digits[i] + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        return (11 - product) % 10 == r.digits[n - 1];
    }

    /** No digit stands in it more than three times. */
    private static boolean isTaxId(NumberRun r) {
        int seen = 0;
        for (int i = 0; i < 10; i++) {
            int d = r.digits[i];
            int count = 0;
            for (int k = 0; k < 10; k++) {
                count += r.digits[k] == d ? 1 : 0;
            }
            if (count > 3) {
                return false;
            }
            seen |= 1 << d;
        }
        return Integer.bitCount(seen) >= 7;
    }

    private static boolean isTurkish(NumberRun r) {
        if (r.digits[0] == 0) {
            return false;
        }
        int odd = r.digits[0] + r.digits[2] + r.digits[4] + r.digits[6] + r.digits[8];
        int even = r.digits[1] + r.digits[3] + r.digits[5] + r.digits[7];
        return Math.floorMod(odd * 7 - even, 10) == r.digits[9] && (odd + even + r.digits[9]) % 10 == r.digits[10];
    }

    private static boolean isNorwegian(NumberRun r) {
        return isDate(r.two(2) % 40, r.two(0) % 40)
                && weigh(r, "3761894521") % 11 == 0
                && weigh(r, "54327654321") % 11 == 0;
    }

    private static boolean isBelgian(NumberRun r) {
        long number = r.value(0, 9);
        long check = r.value(9, 11);
        return isDate(r.two(2) % 20, Math.max(1, r.two(4)))
                && (97 - number % 97 == check || 97 - (2_000_000_000L + number) % 97 == check);
    }

    private static boolean isCpf(NumberRun r) {
        int first = weigh(r, "A98765432") * 10 % 11 % 10;
        int second = weigh(r, "BA98765432") * 10 % 11 % 10;
        return first == r.digits[9] && second == r.digits[10];
    }

    private static boolean isEstonian(NumberRun r) {
        if (r.digits[0] < 1 || r.digits[0] > 8 || !isDate(r.two(3), r.two(5))) {
            return false;
        }
        int check = weigh(r, "1234567891") % 11;
        if (check == 10) {
            check = weigh(r, "3456789123") % 11 % 10;
        }
        return check == r.digits[10];
    }

    private static boolean isVerhoeff(NumberRun r, int n) {
        int c = 0;
        for (int i = 0; i < n; i++) {
            c = VERHOEFF[c][VERHOEFF_TURN[i & 7][r.digits[n - 1 - i]]];
        }
        return c == 0;
    }

    private static boolean isNir(NumberRun r) {
        int sex = r.digits[0];
        int month = r.two(3);
        return (sex == 1 || sex == 2 || sex == 3 || sex == 4 || sex == 7 || sex == 8)
                && (month >= 1 && month <= 12 || month >= 20 && month <= 42 || month >= 50);
    }

    /** Sex, year, month, department, commune, order and check digits; or the check digits alone apart. */
    private static boolean isGroupedNir(long shape) {
        return shape == 0x1222332 || shape == 0xd2;
    }

    private static boolean isCnp(NumberRun r) {
        int check = weigh(r, "279146358279") % 11;
        return (check == 10 ? 1 : check) == r.digits[12];
    }

    private static boolean isJmbg(NumberRun r) {
        int check = 11 - weigh(r, "765432765432") % 11;
        return (check > 9 ? 0 : check) == r.digits[12];
    }

    /** First digit, province, check digit. */
    private static boolean isThai(NumberRun r) {
        int province = r.two(1);
        boolean known = province >= 10 && province <= 27
                || province >= 30 && province <= 67
                || province >= 70 && province <= 77
                || province >= 80 && province <= 86
                || province >= 90 && province <= 96;
        return r.digits[0] >= 1
                && r.digits[0] <= 8
                && known
                && (11 - weigh(r, "DCBA98765432") % 11) % 10 == r.digits[12];
    }

    // Numbers with letters in them. Each answers where the number ends; those that begin with letters begin before at.

    /** What {@link #findLetters} has found. */
    static final class Found {
        int begin;
        int end;
    }

    /** Looks for a number with letters, the first digit of which stands at {@code at}. */
    static boolean findLetters(Text text, int at, long wanted, Found found) {
        byte[] b = text.bytes;
        int begin = at;
        while (at - begin < 7 && begin > text.from && Ascii.isLetter(b[begin - 1])) {
            begin--;
        }
        int letters = at - begin;
        int digits = at;
        while (digits < text.to && Ascii.isDigit(b[digits])) {
            digits++;
        }
        int n = digits - at;
        int behind = Ascii.upper(text.at(digits));
        boolean open = !Ascii.isAlphanumeric(text.at(begin - 1));
        found.begin = begin;
        found.end = 0;
        switch (letters) {
            case 0 -> {
                if (open && is(wanted, ES_ID) && (n == 8 || n == 7)) {
                    int letter = text.at(digits) == '-' ? digits + 1 : digits;
                    if (Ascii.upper(text.at(letter)) == DNI.charAt((int) (number(b, at, digits) % 23))
                            && Ascii.isLetter(text.at(letter))) {
                        found.end = letter + 1;
                    }
                }

                if (found.end == 0 && open && n == 7 && is(wanted, IE_PPS)) {
                    found.end = pps(text, at);
                }
                if (found.end == 0 && open && n == 8 && is(wanted, DE_SOCIAL)) {
                    found.end = social(text, at);
                }
                if (found.end == 0 && open && is(wanted, CL_RUT) && n <= 8) {
                    found.end = rut(text, at);
                }
                // Letters and a blank before: AB 12 34 56 C.
                if (found.end == 0 && is(wanted, UK_NINO) && (text.at(at - 1) == ' ' || text.at(at - 1) == '+')) {
                    found.begin = at - 3;
                    found.end = nino(text, at - 3);
                }
            }
            case 1 -> {
                int first = Ascii.upper(b[begin]);
                if (n == 7 && is(wanted, ES_ID) && first >= 'X' && first <= 'Z') {
                    int letter = text.at(digits) == '-' ? digits + 1 : digits;
                    if (Ascii.upper(text.at(letter))
                            == DNI.charAt((int) (((first - 'X') * 10_000_000L + number(b, at, digits)) % 23))) {
                        found.end = letter + 1;
                    }
                }
                if (n == 7 && is(wanted, SG_NRIC) && isNric(b, at, first, behind)) {
                    found.end = digits + 1;
                }
                if (n == 9 && is(wanted, DE_HEALTH) && isHealth(b, at, first)) {
                    found.end = digits;
                }
            }
            case 2 -> {
                if (is(wanted, UK_NINO)) {
                    found.end = nino(text, begin);
                }
            }
            case 4 -> {
                if (n == 6 && is(wanted, MX_CURP) && isCurp(text, digits)) {
                    found.end = digits + 8;
                }
            }
            case 6 -> {
                if (n == 2 && is(wanted, IT_CODE) && isCodice(text, begin)) {
                    found.end = begin + 16;
                }
            }
            default -> {}
        }
        if (found.end == 0 && n == 6 && is(wanted, FI_CODE)) {
            found.begin = at;
            found.end = hetu(text, at);
        }
        if (found.end == 0 || Ascii.isAlphanumeric(text.at(found.end)) || Joined.isPart(text, found.begin, found.end)) {
            return false;
        }
        int before = text.at(found.begin - 1);
        if (Ascii.isAlphanumeric(before) && !(n == 6 && Ascii.isLetter(before) && !Ascii.isHex(before))) {
            return false;
        }
        long context = Context.before(text, found.begin);
        return (context >>> Context.ID & wanted) != 0
                || (context & Context.THING) == 0 && !mayBeHex(text, found, letters, n);
    }

    /**
     * Whether it is rather a short hexadecimal number or an id in the lower case, in which people do not write their
     * own: but for those of Spain and Singapore, and longer ones.
     */
    private static boolean mayBeHex(Text text, Found found, int letters, int digits) {
        if (letters == 0 && digits == 8 && found.end - found.begin < 12 || letters == 1 && digits == 7 || letters > 2) {
            return false;
        }
        for (int i = found.begin; i < found.end; i++) {
            int c = text.bytes[i];
            if (c >= 'a' && c <= 'z') {
                return true;
            }
            if (c == ' ' || c == '+' || c == '-') {
                return false;
            }
        }
        return false;
    }

    /** Six digits of a date, the sign of the century, three digits and a check character. */
    private static int hetu(Text text, int at) {
        int sign = Ascii.upper(text.at(at + 6));
        if ("+-ABCDEFUVWXY".indexOf(sign) < 0 || at + 11 > text.to) {
            return 0;
        }
        byte[] b = text.bytes;
        for (int i = at + 7; i < at + 10; i++) {
            if (!Ascii.isDigit(b[i])) {
                return 0;
            }
        }
        long digits = number(b, at, at + 6) * 1000 + number(b, at + 7, at + 10);
        int day = (int) number(b, at, at + 2);
        int month = (int) number(b, at + 2, at + 4);
        return isDate(month, day) && Ascii.upper(b[at + 10]) == HETU.charAt((int) (digits % 31)) ? at + 11 : 0;
    }

    private static int pps(Text text, int at) {
        int sum = 0;
        for (int i = 0; i < 7; i++) {
            sum += (text.bytes[at + i] - '0') * (8 - i);
        }
        int second = Ascii.upper(text.at(at + 8));
        boolean two = Ascii.isLetter(second);
        if (two && "ABHTWX".indexOf(second) < 0) {
            return 0;
        }
        if (two && second != 'W') {
            sum += (second - 'A' + 1) * 9;
        }
        return Ascii.upper(text.at(at + 7)) == PPS.charAt(sum % 23) ? at + (two ? 9 : 8) : 0;
    }

    /** Area, date of birth, letter, serial and check digit. */
    private static int social(Text text, int at) {
        byte[] b = text.bytes;
        if (at + 12 > text.to || !Ascii.isLetter(b[at + 8])) {
            return 0;
        }
        int letter = Ascii.upper(b[at + 8]) - 'A' + 1;
        long first = number(b, at, at + 8);
        long all = (first * 100 + letter) * 100 + number(b, at + 9, at + 11);
        int day = (int) number(b, at + 2, at + 4);
        int month = (int) number(b, at + 4, at + 6);
        for (int i = at + 9; i < at + 12; i++) {
            if (!Ascii.isDigit(b[i])) {
                return 0;
            }
        }
        int sum = 0;
        // Weights 2 1 2 5 7 1 2 1 2 1 2 1 and the digits of each product.
        long weights = 212_571_212_121L;
        for (long rest = all; rest > 0; rest /= 10, weights /= 10) {
            int product = (int) (rest % 10 * (weights % 10));
            sum += product / 10 + product % 10;
        }
        return sum % 10 == b[at + 11] - '0' && isDate(month, day > 31 ? Math.max(1, day - 50) : day) ? at + 12 : 0;
    }

    /** With dots, or announced, since there are many codes that end in a dash and a digit. */
    private static int rut(Text text, int at) {
        byte[] b = text.bytes;
        int i = at;
        int digits = 0;
        int dots = 0;
        long number = 0;
        while (digits < 9 && i < text.to && (Ascii.isDigit(b[i]) || b[i] == '.' && digits > 0)) {
            if (b[i] == '.') {
                dots++;
            } else {
                number = number * 10 + b[i] - '0';
                digits++;
            }
            i++;
        }
        if (digits < 7 || digits > 8 || text.at(i) != '-' || dots != 2 && dots != 0) {
            return 0;
        }
        int sum = 0;
        int weight = 2;
        for (long rest = number; rest > 0; rest /= 10) {
            sum += (int) (rest % 10) * weight;
            weight = weight == 7 ? 2 : weight + 1;
        }
        int check = 11 - sum % 11;
        int expected = check == 11 ? '0' : check == 10 ? 'K' : '0' + check;
        if (Ascii.upper(text.at(i + 1)) != expected) {
            return 0;
        }
        return dots == 2 || is(Context.before(text, at) >>> Context.ID, CL_RUT) ? i + 2 : 0;
    }

    /** Behind the two letters, six digits and one letter, between which blanks or dashes may stand, or 0. */
    private static int nino(Text text, int at) {
        int first = Ascii.upper(text.at(at));
        int second = Ascii.upper(text.at(at + 1));
        if (!Ascii.isLetter(first)
                || !Ascii.isLetter(second)
                || "DFIQUV".indexOf(first) >= 0
                || "DFIQUVO".indexOf(second) >= 0) {
            return 0;
        }
        int prefix = first << 8 | second;
        if (prefix == ('B' << 8 | 'G')
                || prefix == ('G' << 8 | 'B')
                || prefix == ('N' << 8 | 'K')
                || prefix == ('K' << 8 | 'N')
                || prefix == ('T' << 8 | 'N')
                || prefix == ('N' << 8 | 'T')
                || prefix == ('Z' << 8 | 'Z')) {
            return 0;
        }
        int i = at + 2;
        int digits = 0;
        while (digits < 6) {
            int c = text.at(i);
            if ((c == ' ' || c == '-' || c == '+') && (digits & 1) == 0) {
                c = text.at(++i);
            }
            if (!Ascii.isDigit(c)) {
                return 0;
            }
            digits++;
            i++;
        }
        if (text.at(i) == ' ' || text.at(i) == '-' || text.at(i) == '+') {
            i++;
        }
        int suffix = Ascii.upper(text.at(i));
        return suffix >= 'A' && suffix <= 'D' && !Ascii.isAlphanumeric(text.at(i + 1)) ? i + 1 : 0;
    }

    private static boolean isNric(byte[] b, int at, int first, int last) {
        int sum = (b[at] - '0') * 2;
        for (int i = 1; i < 7; i++) {
            sum += (b[at + i] - '0') * (8 - i);
        }
        return switch (first) {
            case 'S' -> "JZIHGFEDCBA".charAt(sum % 11) == last;
            case 'T' -> "JZIHGFEDCBA".charAt((sum + 4) % 11) == last;
            case 'F' -> "XWUTRQPNMLK".charAt(sum % 11) == last;
            case 'G' -> "XWUTRQPNMLK".charAt((sum + 4) % 11) == last;
            case 'M' -> "KLJNPQRTUWX".charAt(10 - (sum + 3) % 11) == last;
            default -> false;
        };
    }

    private static boolean isHealth(byte[] b, int at, int first) {
        int letter = first - 'A' + 1;
        int sum = 0;
        long all = letter * 100_000_000L + number(b, at, at + 8);
        // From the right: 2 1 2 1 … , and the digits of each product.
        boolean twice = true;
        for (int i = 0; i < 10; i++, all /= 10) {
            int product = (int) (all % 10) * (twice ? 2 : 1);
            sum += product / 10 + product % 10;
            twice = !twice;
        }
        return sum % 10 == b[at + 8] - '0';
    }

    private static boolean isCurp(Text text, int at) {
        int sex = Ascii.upper(text.at(at));
        if (sex != 'H' && sex != 'M' && sex != 'X') {
            return false;
        }
        for (int i = at + 1; i < at + 6; i++) {
            if (!Ascii.isLetter(text.at(i))) {
                return false;
            }
        }
        return Ascii.isAlphanumeric(text.at(at + 6)) && Ascii.isDigit(text.at(at + 7));
    }

    private static boolean isCodice(Text text, int at) {
        if (at + 16 > text.to) {
            return false;
        }
        byte[] b = text.bytes;
        int sum = 0;
        for (int i = 0; i < 15; i++) {
            int c = Ascii.upper(b[at + i]);
            boolean letter = i < 6 || i == 8 || i == 11;
            // A digit may be replaced by one of these letters where two persons would have the same code.
            if (letter ? !Ascii.isLetter(c) : !Ascii.isDigit(c) && "LMNPQRSTUV".indexOf(c) < 0) {
                return false;
            }
            int value = Ascii.isDigit(c) ? c - '0' : c - 'A';
            sum += (i & 1) == 0 ? ODD[value] : value;
        }
        return Ascii.upper(b[at + 15]) == 'A' + sum % 26;
    }

    private static long number(byte[] b, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value * 10 + b[i] - '0';
        }
        return value;
    }
}
