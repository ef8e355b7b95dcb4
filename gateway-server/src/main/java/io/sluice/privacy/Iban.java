package io.sluice.privacy;

/** International bank account numbers (ISO 13616-1): the length of the country, check digits modulo 97. */
final class Iban {

    /** Two letters and the length, as in the registry of SWIFT, release 99, and the countries that use it unlisted. */
    private static final String LENGTHS =
            "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 "
                    + "DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 "
                    + "IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 "
                    + "MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 "
                    + "SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30 "
                    + "AO25 BF28 BJ28 CF27 CG27 CI28 CM27 CV25 DZ26 GA27 GQ27 GW25 IR26 KM27 MA28 MG27 ML28 MZ25 NE28 SN28 "
                    + "TD27 TG28";

    /** Countries whose numbers go on with the four letters of a bank. */
    private static final String LETTERS = "AZ BG BH GB GI GT IE IQ JO KW LC LV MT MU NL PK PS QA RO SC VG";

    /** Countries whose numbers have no letters. */
    private static final String DIGITS =
            "AE AT BA BE CR CZ DE DK EE ES FI FO GL HR HU IL LT ME NO PL PT RS SE SI SK TN VA XK";

    private static final byte BANK = 1;
    private static final byte NUMBER = 2;

    private static final byte[] FORM = new byte[26 * 26];
    private static final byte[] LENGTH = new byte[26 * 26];

    static {
        for (String entry : LENGTHS.split(" ")) {
            LENGTH[country(entry.charAt(0), entry.charAt(1))] = Byte.parseByte(entry.substring(2));
        }
    }

    static {
        for (String country : LETTERS.split(" ")) {
            FORM[country(country.charAt(0), country.charAt(1))] = BANK;
        }
        for (String country : DIGITS.split(" ")) {
            FORM[country(country.charAt(0), country.charAt(1))] = NUMBER;
        }
    }

    private Iban() {}

    private static int country(int first, int second) {
        return (first - 'A') * 26 + second - 'A';
    }

    /** Whether the two letters at {@code at} are of a country whose account numbers are not longer than the text. */
    static boolean mayBegin(byte[] b, int at, int to) {
        int length = LENGTH[country(Ascii.upper(b[at]), Ascii.upper(b[at + 1]))];
        return length != 0 && length <= to - at;
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
        int country = country(Ascii.upper(b[begin]), Ascii.upper(b[begin + 1]));
        int wanted = LENGTH[country];
        int form = FORM[country];
        if (wanted == 0) {
            return 0;
        }
        int seen = 0;
        int remainder = 0;
        int at = digits;
        // The first four characters count last.
        for (; at < text.to; at++) {
            int c = b[at];
            if (Ascii.isAlphanumeric(c)) {
                if (Ascii.isLetter(c) ? form == NUMBER : form == BANK && seen >= 2 && seen < 6) {
                    return 0;
                }
                if (seen >= 2) {
                    remainder = append(remainder, c);
                } else if (!Ascii.isDigit(c)) {
                    return 0;
                }
                if (++seen == wanted - 2) {
                    at++;
                    break;
                }
            } else if (!isSeparator(c) || !Ascii.isAlphanumeric(text.at(at + 1))) {
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
        return remainder == 1 ? at : 0;
    }

    private static boolean isSeparator(int c) {
        return c == ' ' || c == '-' || c == '+' || c == '.' || c == '\t';
    }

    private static int append(int remainder, int c) {
        return Ascii.isDigit(c) ? (remainder * 10 + c - '0') % 97 : (remainder * 100 + Ascii.upper(c) - 'A' + 10) % 97;
    }
}
