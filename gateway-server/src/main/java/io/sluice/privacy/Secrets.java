package io.sluice.privacy;

import io.sluice.json.Swar;
import java.nio.charset.StandardCharsets;

/**
 * Credentials: tokens that begin as those of well-known issuers do, JSON Web Tokens (RFC 7519), bearer tokens
 * (RFC 6750). A token is at least {@value #SHORTEST} characters long and mixes letters with digits or cases.
 */
final class Secrets {

    static final int SHORTEST = 16;

    private static final String[] PREFIXES = {
        "sk_live_",
        "sk_test_",
        "pk_live_",
        "pk_test_",
        "rk_live_",
        "rk_test_",
        "AKIA",
        "ASIA",
        "AGPA",
        "AIDA",
        "AROA",
        "ghp_",
        "gho_",
        "ghu_",
        "ghs_",
        "ghr_",
        "github_pat_",
        "glpat-",
        "gldt-",
        "xoxb-",
        "xoxp-",
        "xoxa-",
        "xoxr-",
        "xoxs-",
        "xoxe-",
        "xapp-",
        "AIza",
        "sk-ant-",
        "sk-proj-",
        "npm_",
        "pypi-",
        "dop_v1_",
        "doo_v1_",
        "shpat_",
        "shpca_",
        "shppa_",
        "shpss_",
        "sq0atp-",
        "sq0csp-",
        "EAAC",
        "EAAG",
        "hf_",
        "whsec_",
        "key-",
        "dapi",
        "eyJ",
        "GOCSPX-",
        "ya29",
        "rzp_live_",
        "rzp_test_",
        "sntrys_",
        "lin_api_",
        "figd_",
        "pat-",
        "NRAK-",
        "phc_",
        "phx_",
        "re_",
        "tok_live",
        "secret_",
        "ATATT3",
        "ATCTT3",
        "sl.",
        "access_token-"
    };

    private static final byte[][] BYTES = new byte[PREFIXES.length][];
    /** A power of two, so many that hardly two prefixes share one. */
    private static final int SLOTS = 512;
    /** The first two bytes of a prefix, or 0; those of one slot may have gone on to the next. */
    private static final short[] TWO = new short[SLOTS];

    private static final byte[] BEARER = "bearer".getBytes(StandardCharsets.US_ASCII);

    static {
        for (int i = 0; i < PREFIXES.length; i++) {
            BYTES[i] = PREFIXES[i].getBytes(StandardCharsets.US_ASCII);
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
        while (at > from && (b[at - 1] == '_' || b[at - 1] == '-') && word - at < 24) {
            at--;
            while (at > from && Ascii.isToken(b[at - 1])) {
                at--;
            }
        }
        return isFirst(b, at) && hasPrefix(b, at, to) || at > from && isBearer(b, from, at);
    }

    private static boolean hasPrefix(byte[] b, int at, int to) {
        for (byte[] prefix : BYTES) {
            if (starts(b, at, to, prefix)) {
                return true;
            }
        }
        return false;
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

    private static boolean isBearer(byte[] b, int from, int at) {
        int last = at - 1;
        while (last > from && (b[last] == ' ' || b[last] == '+' || b[last] == ':' || b[last] == '=')) {
            last--;
        }
        if (last == at - 1 || last - from + 1 < BEARER.length) {
            return false;
        }
        for (int i = 0; i < BEARER.length; i++) {
            if (Ascii.lower(b[last - BEARER.length + 1 + i]) != BEARER[i]) {
                return false;
            }
        }
        return true;
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
        boolean jwt = starts(b, at, text.to, EYJ);
        boolean bearer = isBearer(b, text.from, at);
        if (jwt || bearer || starts(b, at, text.to, YA29)) {
            // Further parts, and what base64 has besides.
            while (end + 1 < text.to
                    && (b[end] == '.' || b[end] == '~' || bearer && (b[end] == '/' || b[end] == '+'))
                    && Ascii.isToken(b[end + 1])) {
                end++;
                while (end < text.to && Ascii.isToken(b[end])) {
                    end++;
                }
            }
        }
        if (end - at < SHORTEST || !hasPrefix(b, at, text.to) && !bearer || !isRandom(b, at, end)) {
            return 0;
        }
        return end;
    }

    static final byte[] EYJ = "eyJ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] YA29 = "ya29".getBytes(StandardCharsets.US_ASCII);

    /** Whether the token at {@code at} is JSON in base64 rather than a web token: one part only. */
    static boolean isJson(Text text, int at, int end) {
        return starts(text.bytes, at, text.to, EYJ) && Swar.indexOf(text.bytes, at, end, '.') == end;
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
