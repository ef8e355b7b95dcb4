package io.sluice.privacy;

import java.util.Arrays;

/** International bank account numbers (ISO 13616-1): the length of the country, check digits modulo 97. */
final class Iban {

    /**
     * Two letters of a country and what follows its check digits: how many digits (n), letters (a) or either (c), as in
     * the registry of SWIFT, release 99, and in the countries that use it unlisted.
     */
    private static final String FORMS =
            "AD8n12c AE19n AL8n16c AT16n AZ4a20c BA16n BE12n BG4a6n8c BH4a14c BI23n BR23n1a1c BY4c4n16c CH5n12c CR18n "
                    + "CY8n16c CZ20n DE18n DJ23n DK14n DO4c20n EE16n EG25n ES20n FI14n FK2a12n FO14n FR10n11c2n GB4a14n "
                    + "GE2a16n GI4a15c GL14n GR7n16c GT24c HN4a20n HR17n HU24n IE4a14n IL19n IQ4a15n IS22n IT1a10n12c "
                    + "JO4a4n18c KW4a22c KZ3n13c LB4n20c LC4a24c LI5n12c LT16n LU3n13c LV4a13c LY21n MC10n11c2n MD20c "
                    + "ME18n MK3n10c2n MN16n MR23n MT4a5n18c MU4a19n3a NI4a20n NL4a10n NO11n OM3n16c PK4a16c PL24n "
                    + "PS4a21c PT21n QA4a21c RO4a16c RS18n RU14n15c SA2n18c SC4a20n3a SD14n SE20n SI15n SK20n SM1a10n12c "
                    + "SO19n ST21n SV4a20n TL19n TN20n TR6n16c UA6n19c VA18n VG4a16n XK16n YE4a4n18c "
                    + "AO21n BF24c BJ24c CF23n CG23n CI2a22n CM23n CV21n DZ22n GA23n GQ23n GW2c19n IR22n KM23n MA24n "
                    + "MG23n ML24c MZ21n NE2a22n SN2a22n TD23n TG2a22n";

    /** For each country what each character behind its check digits is; empty if it has no such numbers. */
    private static final byte[][] FORM = new byte[26 * 26][];

    static {
        Arrays.fill(FORM, new byte[0]);
        for (String entry : FORMS.split(" ")) {
            FORM[country(entry.charAt(0), entry.charAt(1))] = form(entry.substring(2));
        }
    }

    private static byte[] form(String runs) {
        byte[] form = {};
        int count = 0;
        for (char c : runs.toCharArray()) {
            if (Ascii.isDigit(c)) {
                count = 10 * count + c - '0';
            } else {
                int length = form.length;
                form = Arrays.copyOf(form, length + count);
                Arrays.fill(form, length, form.length, (byte)
                        (c == 'n' ? Ascii.DIGIT : c == 'a' ? Ascii.LETTER : Ascii.DIGIT | Ascii.LETTER));
                count = 0;
            }
        }
        return form;
    }

    private Iban() {}

    private static int country(int first, int second) {
        return (first - 'A') * 26 + second - 'A';
    }

    /** Whether the two letters at {@code at} are of a country whose account numbers are not longer than the text. */
    static boolean mayBegin(byte[] b, int at, int to) {
        int length = FORM[country(Ascii.upper(b[at]), Ascii.upper(b[at + 1]))].length;
        return length != 0 && length + 4 <= to - at;
    }

    /**
     * Behind the account number whose two letters stand right before {@code digits}, or 0 if there is none. Separators
     * are single characters.
     */
    static int end(Text text, int digits) {
        int begin = digits - 2;
        byte[] b = text.bytes;
        if (begin < text.from || !Ascii.isLetter(b[begin]) || !Ascii.isLetter(b[begin + 1])) {
            return 0;
        }
        if (Ascii.isAlphanumeric(text.at(begin - 1))) {
            return 0;
        }
        byte[] form = FORM[country(Ascii.upper(b[begin]), Ascii.upper(b[begin + 1]))];
        if (form.length == 0) {
            return 0;
        }
        int wanted = form.length + 4;
        int seen = 0;
        int remainder = 0;
        int at = digits;
        // The first four characters count last.
        for (; at < text.to; at++) {
            int c = b[at];
            if (Ascii.isAlphanumeric(c)) {
                if (!Ascii.is(c, seen < 2 ? Ascii.DIGIT : form[seen - 2])) {
                    return 0;
                }
                if (seen >= 2) {
                    remainder = append(remainder, c);
                }
                if (++seen == wanted - 2) {
                    at++;
                    break;
                }
            } else if (!isSeparator(c) || !Ascii.isAlphanumeric(text.at(at + 1)) || c == '.' && (seen & 3) != 2) {
                return 0;
            }
        }
        if (seen < wanted - 2 || Ascii.isAlphanumeric(text.at(at))) {
            return 0;
        }
        remainder = append(append(remainder, b[begin]), b[begin + 1]);
        int one = digits;
        int two = digits + 1;
        while (!Ascii.isDigit(b[two])) {
            two++;
        }
        remainder = append(append(remainder, b[one]), b[two]);
        return remainder == 1 && !Joined.isPart(text, begin, at) ? at : 0;
    }

    private static boolean isSeparator(int c) {
        return c == ' ' || c == '-' || c == '+' || c == '.' || c == '\t';
    }

    private static int append(int remainder, int c) {
        return Ascii.isDigit(c) ? (remainder * 10 + c - '0') % 97 : (remainder * 100 + Ascii.upper(c) - 'A' + 10) % 97;
    }
}
