package io.sluice.privacy;

import io.sluice.common.Hex;

/** Check digits and other rules of the numbers of persons that are digits alone, and of the dates in them. */
final class DigitChecks {

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

    private DigitChecks() {}

    /** The sum of the first digits, each times its weight, which is a hexadecimal digit. */
    static int weigh(NumberRun r, String weights) {
        int sum = 0;
        for (int i = 0; i < weights.length(); i++) {
            sum += r.digits[i] * Hex.value((byte) weights.charAt(i));
        }
        return sum;
    }

    /** The same of digits in a text. */
    static int weigh(byte[] b, int at, String weights) {
        int sum = 0;
        for (int i = 0; i < weights.length(); i++) {
            sum += (b[at + i] - '0') * Hex.value((byte) weights.charAt(i));
        }
        return sum;
    }

    static boolean isDate(int month, int day) {
        return month >= 1
                && month <= 12
                && day >= 1
                && day <= (month == 2 ? 29 : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31);
    }

    /** As {@link #isDate}, with the years that have no 29 February, in either century. */
    static boolean isRealDate(NumberRun r) {
        return r.two(2) != 2 || r.two(4) < 29 || r.two(0) % 4 == 0;
    }

    /** Whether it is a time of these decades, in seconds or milliseconds. */
    static boolean isEpoch(NumberRun r, int n) {
        return r.two(0) >= 14 && r.two(0) <= 20 && (n == 10 || n == 13);
    }

    static boolean isSsn(NumberRun r) {
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

    static boolean isItin(NumberRun r) {
        int group = r.two(3);
        return r.digits[0] == 9
                && (group >= 50 && group <= 65
                        || group >= 70 && group <= 88
                        || group >= 90 && group <= 92
                        || group >= 94);
    }

    static boolean isMedicare(NumberRun r) {
        return r.digits[0] >= 2 && r.digits[0] <= 6 && weigh(r, "13791379") % 10 == r.digits[8];
    }

    /** ISO/IEC 7064, MOD 11,10. */
    static boolean isMod11And10(NumberRun r, int n) {
        int product = 10;
        for (int i = 0; i < n - 1; i++) {
            int sum = (r.digits[i] + product) % 10;
            product = (sum == 0 ? 10 : sum) * 2 % 11;
        }
        return (11 - product) % 10 == r.digits[n - 1];
    }

    /** No digit stands in it more than three times. */
    static boolean isTaxId(NumberRun r) {
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

    static boolean isTurkish(NumberRun r) {
        if (r.digits[0] == 0) {
            return false;
        }
        int odd = r.digits[0] + r.digits[2] + r.digits[4] + r.digits[6] + r.digits[8];
        int even = r.digits[1] + r.digits[3] + r.digits[5] + r.digits[7];
        return Math.floorMod(odd * 7 - even, 10) == r.digits[9] && (odd + even + r.digits[9]) % 10 == r.digits[10];
    }

    static boolean isNorwegian(NumberRun r) {
        return isDate(r.two(2) % 40, r.two(0) % 40)
                && weigh(r, "3761894521") % 11 == 0
                && weigh(r, "54327654321") % 11 == 0;
    }

    static boolean isBelgian(NumberRun r) {
        long number = r.value(0, 9);
        long check = r.value(9, 11);
        return isDate(r.two(2) % 20, Math.max(1, r.two(4)))
                && (97 - number % 97 == check || 97 - (2_000_000_000L + number) % 97 == check);
    }

    static boolean isCpf(NumberRun r) {
        int first = weigh(r, "A98765432") * 10 % 11 % 10;
        int second = weigh(r, "BA98765432") * 10 % 11 % 10;
        return first == r.digits[9] && second == r.digits[10];
    }

    static boolean isEstonian(NumberRun r) {
        if (r.digits[0] < 1 || r.digits[0] > 8 || !isDate(r.two(3), r.two(5))) {
            return false;
        }
        int check = weigh(r, "1234567891") % 11;
        if (check == 10) {
            check = weigh(r, "3456789123") % 11 % 10;
        }
        return check == r.digits[10];
    }

    static boolean isVerhoeff(NumberRun r, int n) {
        int c = 0;
        for (int i = 0; i < n; i++) {
            c = VERHOEFF[c][VERHOEFF_TURN[i & 7][r.digits[n - 1 - i]]];
        }
        return c == 0;
    }

    static boolean isNir(NumberRun r) {
        int sex = r.digits[0];
        int month = r.two(3);
        return (sex == 1 || sex == 2 || sex == 3 || sex == 4 || sex == 7 || sex == 8)
                && (month >= 1 && month <= 12 || month >= 20 && month <= 42 || month >= 50);
    }

    /** Sex, year, month, department, commune, order and check digits; or the check digits alone apart. */
    static boolean isGroupedNir(long shape) {
        return shape == 0x1222332 || shape == 0xd2;
    }

    static boolean isCnp(NumberRun r) {
        int check = weigh(r, "279146358279") % 11;
        return (check == 10 ? 1 : check) == r.digits[12];
    }

    static boolean isJmbg(NumberRun r) {
        int check = 11 - weigh(r, "765432765432") % 11;
        return (check > 9 ? 0 : check) == r.digits[12];
    }

    /** The fourth digit is the check digit; a remainder of ten is not given out. */
    static boolean isAustrian(NumberRun r) {
        int sum = weigh(r, "379") + 5 * r.digits[4] + 8 * r.digits[5] + 4 * r.digits[6];
        return (sum + 2 * r.digits[7] + r.digits[8] + 6 * r.digits[9]) % 11 == r.digits[3];
    }

    /** The powers of two modulo eleven, of GB 11643. */
    static final String CHINESE = "79A584216379A5842";

    /** GB 11643: ISO/IEC 7064, MOD 11-2. A check digit of ten is the letter X, which {@link LetterIds} knows. */
    static boolean isChinese(NumberRun r) {
        return r.digits[0] >= 1
                && r.digits[0] <= 8
                && (r.two(6) == 19 || r.two(6) == 20)
                && isDate(r.two(10), r.two(12))
                && (12 - weigh(r, CHINESE) % 11) % 11 == r.digits[17];
    }

    /** First digit, province, check digit. */
    static boolean isThai(NumberRun r) {
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
}
