package io.sluice.privacy;

import io.sluice.json.Swar;
import java.nio.charset.StandardCharsets;

/**
 * Credentials: tokens that begin as those of well-known issuers do, JSON Web Tokens (RFC 7519), bearer tokens
 * (RFC 6750), names and passwords in base64 (RFC 7617), private keys (RFC 7468). A token is at least {@value #SHORTEST}
 * characters long and mixes letters with digits or cases.
 */
final class Secrets {

    static final int SHORTEST = 16;

    /** Characters of a name and a password in base64, of which so many are letters and digits. */
    static final int SHORTEST_BASIC = 12;

    /** How far before a word the beginning of its token is looked for. */
    private static final int FARTHEST = 256;

    /**
     * What tokens of each issuer begin with, and behind a blank from how many characters on, where that is more than
     * {@value #SHORTEST}: what a word or an id may begin with too has to be as long as the issuer makes it.
     */
    private static final String[] PREFIXES = {
        "sk_live_",
        "sk_test_",
        "pk_live_",
        "pk_test_",
        "rk_live_",
        "rk_test_",
        "whsec_",
        "AKIA 20",
        "ASIA 20",
        "AGPA 20",
        "AIDA 20",
        "AROA 20",
        "ABSK 100",
        "LTAI 20",
        "AKID 36",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
        "glpat-",
        "gldt-",
        "glrt-",
        "glft-",
        "glsoat-",
        "glcbt-",
        "glptt-",
        "glagent-",
        "xoxb-",
        "xoxp-",
        "xoxa-",
        "xoxr-",
        "xoxs-",
        "xoxe-",
        "xoxc-",
        "xoxd-",
        "xapp-",
        "AIza 35",
        "GOCSPX-",
        "ya29. 30",
        "sk-ant-",
        "sk-proj-",
        "sk-svcacct-",
        "sk-admin-",
        "sk-or-v1-",
        "sk- 40",
        "gsk_ 40",
        "pplx- 40",
        "xai- 40",
        "r8_ 36",
        "hf_ 30",
        "SG. 60",
        "SK 34",
        "npm_ 30",
        "pypi-",
        "rubygems_",
        "dckr_pat_",
        "dop_v1_",
        "doo_v1_",
        "dor_v1_",
        "hvs. 24",
        "hvb. 24",
        "shpat_",
        "shpca_",
        "shppa_",
        "shpss_",
        "shpua_",
        "shptka_",
        "sq0atp-",
        "sq0csp-",
        "EAAA 60",
        "EAAC 60",
        "EAAG 60",
        "EAAB 60",
        "key- 36",
        "dapi 36",
        "eyJ",
        "eyAi",
        "ewog",
        "W3si",
        "WyJ",
        "rzp_live_",
        "rzp_test_",
        "sntrys_",
        "sntryu_",
        "glsa_",
        "glc_ 40",
        "lin_api_",
        "figd_",
        "pat- 24",
        "NRAK-",
        "PMAK-",
        "phc_ 40",
        "phx_ 40",
        "re_ 30",
        "tok_live",
        "secret_ 40",
        "ntn_ 40",
        "sbp_ 40",
        "pscale_tkn_",
        "pscale_pw_",
        "ATATT3 60",
        "ATCTT3 60",
        "ATBB 30",
        "AGE-SECRET-KEY-1",
        "access_token-",
        "xkeysib-",
        "xsmtpsib-",
        "shippo_live_",
        "shippo_test_",
        "nvapi-",
        "lsv2_",
        "FLWSECK",
        "SWMTKN-1-",
        "EZAK 50",
        "sgp_ 40"
    };

    /** The length of ids of keys at Amazon and others, whose letters are all of the upper case. */
    private static final int UPPER = 20;

    private static final int[] LEAST = new int[PREFIXES.length];
    private static final byte[][] BYTES = new byte[PREFIXES.length][];
    /** A power of two, so many that hardly two prefixes share one. */
    private static final int SLOTS = 512;
    /** The first two bytes of a prefix, or 0; those of one slot may have gone on to the next. */
    private static final short[] TWO = new short[SLOTS];

    private static final byte[] BEARER = "bearer".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] BASIC = "basic".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PRIVATE_KEY = "private key-----".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PRIVATE_BLOCK = "private key block-----".getBytes(StandardCharsets.US_ASCII);

    static {
        for (int i = 0; i < PREFIXES.length; i++) {
            int blank = PREFIXES[i].indexOf(' ');
            String prefix = blank < 0 ? PREFIXES[i] : PREFIXES[i].substring(0, blank);
            LEAST[i] = blank < 0 ? SHORTEST : Integer.parseInt(PREFIXES[i].substring(blank + 1));
            BYTES[i] = prefix.getBytes(StandardCharsets.US_ASCII);
            short two = (short) (BYTES[i][0] | BYTES[i][1] << 8);
            int slot = slot(two);
            while (TWO[slot] != 0 && TWO[slot] != two) {
                slot = slot + 1 & SLOTS - 1;
            }
            TWO[slot] = two;
        }
    }

    private Secrets() {}

    private static int slot(int two) {
        return two * 0x9E3779B9 >>> 23;
    }

    /** Whether any prefix begins with the two bytes at {@code at}. */
    private static boolean isFirst(byte[] b, int at) {
        short two = (short) Swar.half(b, at);
        for (int slot = slot(two); TWO[slot] != 0; slot = slot + 1 & SLOTS - 1) {
            if (TWO[slot] == two) {
                return true;
            }
        }
        return false;
    }

    /** Whether the token that the letters and digits at {@code word} belong to may be a secret. */
    static boolean mayBegin(byte[] b, int from, int word, int to) {
        int at = word;
        int lowest = Math.max(from, word - FARTHEST);
        while (at > lowest && (b[at - 1] == '_' || b[at - 1] == '-') && word - at < 24) {
            at--;
            while (at > lowest && Ascii.isToken(b[at - 1])) {
                at--;
            }
        }
        if (at == lowest && at > from) {
            // It begins too far away to be looked for from each of its words.
            return true;
        }
        return isFirst(b, at) && leastLength(b, at, to) != 0
                || at > from && b[at - 1] == '.' && mayBeDotted(b, from, at - 1, to)
                || at > from && (isBehind(b, from, at, BEARER) || isBehind(b, from, at, BASIC) || isKey(b, from, at));
    }

    /** Whether the name of a scheme ends at {@code at}, before a blank and a token. */
    static boolean isScheme(byte[] b, int at) {
        return at >= BEARER.length && (endsWith(b, 0, at, BEARER) || endsWith(b, 0, at, BASIC));
    }

    /** Whether the few characters before the dot begin a token that goes on behind it. */
    private static boolean mayBeDotted(byte[] b, int from, int dot, int to) {
        int at = dot;
        while (at > from && dot - at < 5 && Ascii.isToken(b[at - 1])) {
            at--;
        }
        return isDotted(b, at, to);
    }

    /** How long a token that begins as the one at {@code at} is at least, or 0 if it begins as none does. */
    private static int leastLength(byte[] b, int at, int to) {
        for (int i = 0; i < BYTES.length; i++) {
            if (starts(b, at, to, BYTES[i])) {
                return LEAST[i];
            }
        }
        return 0;
    }

    private static boolean starts(byte[] b, int at, int to, byte[] prefix) {
        if (to - at < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (b[at + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the name of a scheme stands before {@code at}, and a blank or the like between. */
    private static boolean isBehind(byte[] b, int from, int at, byte[] scheme) {
        int end = at;
        while (end - 1 > from && (b[end - 1] == ' ' || b[end - 1] == '+' || b[end - 1] == ':' || b[end - 1] == '=')) {
            end--;
        }
        return end < at && endsWith(b, from, end, scheme);
    }

    private static boolean endsWith(byte[] b, int from, int to, byte[] word) {
        if (to - from < word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            int c = b[to - word.length + i];
            if (Ascii.lower(c) != word[i] && (c != '+' || word[i] != ' ')) {
                return false;
            }
        }
        return true;
    }

    /** Whether the first line of a private key stands before {@code at}, and line breaks or blanks between. */
    private static boolean isKey(byte[] b, int from, int at) {
        int end = at;
        while (end > from && isBlank(b[end - 1])) {
            end--;
        }
        return end > from
                && b[end - 1] == '-'
                && (endsWith(b, from, end, PRIVATE_KEY) || endsWith(b, from, end, PRIVATE_BLOCK));
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '+';
    }

    /** Behind the base64 at {@code at}, of all its lines. */
    private static int keyEnd(Text text, int at) {
        int end = at;
        int behind = at;
        while (Ascii.isAlphanumeric(text.at(end))
                || text.at(end) == '/'
                || text.at(end) == '='
                || isBlank(text.at(end))) {
            behind = isBlank(text.at(end)) ? behind : end + 1;
            end++;
        }
        return behind;
    }

    /**
     * Behind the name and the password that stand in base64 at {@code at}, with a colon between; or 0 if it is none of
     * that: many a word follows <em>basic</em>.
     */
    private static int basic(Text text, int at) {
        int end = at;
        int bits = 0;
        int held = 0;
        int pending = 0;
        boolean colon = false;
        for (; ; end++) {
            int value = Base64Text.value(text.at(end));
            if (value < 0 || value >= 62 && end - at < SHORTEST_BASIC) {
                break;
            }
            bits = bits << 6 | value;
            held += 6;
            if (held >= 8) {
                held -= 8;
                int c = bits >>> held & 0xff;
                boolean continues = (c & 0xc0) == 0x80;
                if (continues != pending > 0 || c < ' ' || c == 0x7f || c > 0xf4) {
                    return 0;
                }
                pending = continues ? pending - 1 : c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;
                colon |= c == ':';
            }
        }
        return colon && pending == 0 && end - at >= SHORTEST_BASIC ? end : 0;
    }

    /** Whether it is the address of a device with dashes, which is no secret, but a token of this length. */
    static boolean isMac(byte[] b, int at, int to) {
        if (to - at < 17 || b[at + 2] != '-' || b[at + 5] != '-' || b[at + 8] != '-') {
            return false;
        }
        boolean digit = false;
        for (int i = 0; i < 17; i++) {
            if (i % 3 == 2 ? b[at + i] != '-' : !Ascii.isHex(b[at + i])) {
                return false;
            }
            digit |= Ascii.isDigit(b[at + i]);
        }
        return digit && (to - at == 17 || !Ascii.isToken(b[at + 17]));
    }

    /** Behind the secret that the token at {@code at} is, or 0. */
    static int end(Text text, int at) {
        byte[] b = text.bytes;
        int end = at;
        while (end < text.to && Ascii.isToken(b[end])) {
            end++;
        }
        if (at > text.from && isBehind(b, text.from, at, BASIC)) {
            int behind = basic(text, at);
            if (behind > 0) {
                return behind;
            }
        }
        if (at > text.from && isKey(b, text.from, at)) {
            return keyEnd(text, at);
        }
        int least = leastLength(b, at, text.to);
        boolean bearer = isBehind(b, text.from, at, BEARER);
        if (startsAsJson(b, at, text.to) || bearer || isDotted(b, at, text.to)) {
            int first = end;
            // Further parts, and what base64 has besides.
            while (end + 1 < text.to
                    && (b[end] == '.' || b[end] == '~' || bearer && (b[end] == '/' || b[end] == '+'))
                    && Ascii.isToken(b[end + 1])) {
                end++;
                while (end < text.to && Ascii.isToken(b[end])) {
                    end++;
                }
            }
            if (end == first && !bearer && least != 0) {
                end = base64(text, end);
            }
            end = padded(text, end);
        }
        if (bearer) {
            least = SHORTEST;
        }
        if (least == 0 || end - at < least || !isRandom(b, at, end) || least == UPPER && hasLowerCase(b, at + 4, end)) {
            return 0;
        }
        return end;
    }

    /** Behind the base64 that goes on at {@code from}, in the alphabet that has a plus sign and a slash. */
    private static int base64(Text text, int from) {
        int end = from;
        while (Ascii.isToken(text.at(end))
                || (text.at(end) == '/' || text.at(end) == '+') && Ascii.isToken(text.at(end + 1))) {
            end++;
        }
        return end;
    }

    /** Behind the equals signs that fill up the base64 before {@code from}, unless they are something else. */
    private static int padded(Text text, int from) {
        int end = from;
        while (end - from < 2 && text.at(end) == '=') {
            end++;
        }
        return text.at(end) == '=' || Ascii.isToken(text.at(end)) ? from : end;
    }

    /** Whether it begins as a token does that has dots. */
    private static boolean isDotted(byte[] b, int at, int to) {
        for (byte[] prefix : DOTTED) {
            if (starts(b, at, to, prefix)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasLowerCase(byte[] b, int from, int to) {
        for (int i = from; i < to; i++) {
            if (b[i] >= 'a' && b[i] <= 'z') {
                return true;
            }
        }
        return false;
    }

    /** What stands for an opening brace or bracket with a quotation mark. */
    private static final byte[][] JSON = {
        "eyJ".getBytes(StandardCharsets.US_ASCII),
        "eyAi".getBytes(StandardCharsets.US_ASCII),
        "ewog".getBytes(StandardCharsets.US_ASCII),
        "W3si".getBytes(StandardCharsets.US_ASCII),
        "WyJ".getBytes(StandardCharsets.US_ASCII)
    };

    private static final byte[][] DOTTED = {
        "ya29.".getBytes(StandardCharsets.US_ASCII),
        "SG.".getBytes(StandardCharsets.US_ASCII),
        "hvs.".getBytes(StandardCharsets.US_ASCII),
        "hvb.".getBytes(StandardCharsets.US_ASCII)
    };

    /** Whether the token at {@code at} is JSON in base64 rather than a web token: one part only. */
    static boolean isJson(Text text, int at, int end) {
        return startsAsJson(text.bytes, at, text.to) && Swar.indexOf(text.bytes, at, end, '.') == end;
    }

    /** Whether it begins as an object or an array of JSON does in base64. */
    private static boolean startsAsJson(byte[] b, int at, int to) {
        for (byte[] begin : JSON) {
            if (starts(b, at, to, begin)) {
                return true;
            }
        }
        return false;
    }

    /** Whether it mixes what words do not: digits and letters. */
    private static boolean isRandom(byte[] b, int from, int to) {
        int digits = 0;
        int letters = 0;
        int upper = 0;
        for (int i = from; i < to; i++) {
            digits += Ascii.isDigit(b[i]) ? 1 : 0;
            letters += Ascii.isLetter(b[i]) ? 1 : 0;
            upper += b[i] >= 'A' && b[i] <= 'Z' ? 1 : 0;
        }
        return letters > 0 && (digits > 1 || digits == 1 && upper == letters || upper > 1 && upper < letters);
    }
}
