package io.sluice.privacy;

import static io.sluice.privacy.DigitChecks.*;
import static io.sluice.privacy.NationalId.*;

/**
 * Finds numbers of persons that are digits alone: in the groups in which people write them, behind a word that
 * announces them, or wherever they stand, as {@link NationalId} says. Stateless; what makes a number valid is in
 * {@link DigitChecks}.
 */
final class DigitIds {

    private static final long ALL = NationalId.all();

    private DigitIds() {}

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
            if (n < 9 || n > 18 || Ascii.isAlphanumeric(behind) || behind == '_' || groups == run.groups && run.more) {
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

    static boolean is(long set, NationalId id) {
        return id.isIn(set);
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
                is(wanted, US_SSN)
                                && (plain && shape == 0x324
                                        // One that was never given, or is an example, is one all the same if it is
                                        // called so.
                                        ? is(named, US_SSN) || isSsn(r)
                                        : is(named, US_SSN) && isSsn(r))
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
                        || is(wanted, NL_BSN) && is(named, NL_BSN) && weigh(r, "98765432A") % 11 == 0
                        || is(wanted, HU_TAJ) && is(named, HU_TAJ) && weigh(r, "37373737") % 10 == r.digits[8]
                        || is(wanted, IL_NUMBER) && is(named, IL_NUMBER) && r.isLuhn(0, 9);
            case 10 ->
                is(wanted, UK_NHS)
                                && (shape == 0x334 && separators != NumberRun.DOT && plain || is(named, UK_NHS))
                                && weigh(r, "A987654321") % 11 == 0
                        || is(wanted, SE_NUMBER)
                                && (bare
                                        || shape == 0x64
                                                && (separators == NumberRun.DASH || separators == NumberRun.SPACE))
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
                                && isMedicare(r)
                        || is(wanted, AT_SVNR)
                                && (shape == 0x46 && separators == NumberRun.SPACE || is(named, AT_SVNR))
                                && r.digits[0] != 0
                                && isDate(r.two(6), r.two(4))
                                && isAustrian(r)
                        || is(wanted, CZ_NUMBER)
                                && (shape == 0x64 && separators == NumberRun.SLASH || is(named, CZ_NUMBER))
                                && isDate(r.two(2) % 50 % 20, r.two(4))
                                && r.value(0, 10) % 11 == 0
                        || is(wanted, IS_NUMBER)
                                && is(named, IS_NUMBER)
                                && isDate(r.two(2), r.two(0))
                                && (11 - weigh(r, "32765432") % 11) % 11 == r.digits[8];
            case 11 ->
                is(wanted, DE_TAX_ID)
                                && (bare || shape == 0x2333 && plain)
                                && r.digits[0] != 0
                                && isMod11And10(r, 11)
                                && isTaxId(r)
                        || is(wanted, HR_OIB) && is(named, HR_OIB) && isMod11And10(r, 11)
                        || is(wanted, PL_PESEL)
                                && (bare || is(named, PL_PESEL))
                                && isDate(r.two(2) % 20, r.two(4))
                                && weigh(r, "13791379131") % 10 == 0
                        || is(wanted, TR_NUMBER) && (bare || is(named, TR_NUMBER)) && isTurkish(r)
                        || is(wanted, NO_NUMBER) && (bare || shape == 0x65) && isNorwegian(r)
                        || is(wanted, BE_NUMBER) && (bare || shape == 0x632 || shape == 0x22232) && isBelgian(r)
                        || is(wanted, BR_CPF)
                                && (bare
                                        || separators == (NumberRun.DOT | NumberRun.DASH)
                                        || shape == 0x92
                                        || shape == 0x3332)
                                && isCpf(r)
                        || is(wanted, EE_CODE) && bare && isEstonian(r)
                        || is(wanted, GR_AMKA) && is(named, GR_AMKA) && isDate(r.two(2), r.two(0)) && r.isLuhn(0, 11)
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
            case 18 -> is(wanted, CN_NUMBER) && (bare || shape == 0x684) && isChinese(r);
            default -> false;
        };
    }
}
