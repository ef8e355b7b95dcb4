package io.sluice.http;

import io.netty.util.AsciiString;
import io.sluice.protocol.FramedRequest;
import java.util.ArrayList;
import java.util.List;

/**
 * The header fields about consent: which they are, and which cookies are of interest.
 *
 * <p>Immutable; any thread; allocates nothing. Of a Cookie field nothing but cookies with consent is copied: the others
 * are nobody's business here.
 */
final class ConsentFields {

    /** W3C, Global Privacy Control, section 3.2. */
    static final AsciiString GLOBAL_PRIVACY_CONTROL = AsciiString.cached("sec-gpc");
    /** W3C, Tracking Preference Expression, section 5.2. */
    static final AsciiString DO_NOT_TRACK = AsciiString.cached("dnt");

    /** What the two flags are if they are set; everything else is as if they were not there. */
    static final AsciiString ONE = AsciiString.cached("1");

    /** The IAB's, OneTrust's and Cookiebot's. */
    private static final List<String> WELL_KNOWN =
            List.of("euconsent-v2", "usprivacy", "OptanonConsent", "CookieConsent");

    /** Of a header that is not configured; no field has this name. */
    private static final AsciiString NO_NAME = AsciiString.EMPTY_STRING;

    private final AsciiString country;
    private final String[] cookies;

    ConsentFields(ConsentConfig config) {
        country = config.countryHeader().isEmpty()
                ? NO_NAME
                : AsciiString.cached(config.countryHeader()).toLowerCase();
        List<String> names = new ArrayList<>(WELL_KNOWN);
        names.addAll(config.cookies());
        cookies = names.toArray(String[]::new);
    }

    /** The name of the field with the visitor's country, in lower case; empty if there is none. */
    AsciiString country() {
        return country;
    }

    /** Whether a field has a cookie of interest. */
    boolean hasCookie(CharSequence field) {
        for (int from = 0; from < field.length(); from = end(field, from) + 1) {
            if (isOfInterest(field, skipBlanks(field, from))) {
                return true;
            }
        }
        return false;
    }

    /** Adds the cookies of interest, each with a semicolon behind it (RFC 6265, section 4.2.1). */
    void copyCookies(CharSequence field, FramedRequest.Bytes to) {
        int end;
        for (int from = 0; from < field.length(); from = end + 1) {
            end = end(field, from);
            int begin = skipBlanks(field, from);
            if (isOfInterest(field, begin)) {
                to.append(field, begin, end);
                to.append(";", 0, 1);
            }
        }
    }

    /** Where the cookie ends that begins at {@code from}. */
    private static int end(CharSequence field, int from) {
        int at;
        if (field instanceof String text) {
            at = text.indexOf(';', from);
        } else {
            at = AsciiString.indexOf(field, ';', from);
        }
        return at < 0 ? field.length() : at;
    }

    private static int skipBlanks(CharSequence field, int from) {
        int at = from;
        while (at < field.length() && field.charAt(at) == ' ') {
            at++;
        }
        return at;
    }

    private boolean isOfInterest(CharSequence field, int from) {
        for (String name : cookies) {
            int equals = from + name.length();
            if (equals < field.length()
                    && field.charAt(equals) == '='
                    && AsciiString.regionMatches(field, false, from, name, 0, name.length())) {
                return true;
            }
        }
        return false;
    }
}
