package io.sluice.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.AsciiString;
import io.sluice.common.AddressReader;
import io.sluice.protocol.FramedRequest;

/**
 * The parts that we use of one request's head, whatever version of HTTP it came in.
 *
 * <p>Confined to its loop. One for each request that a connection may hold, filled anew for each; it keeps references
 * to what the decoder made, until {@link #clear}. What {@link PlainHead} lends it counts only until the loop reads on:
 * a request that is not offered by then must {@link #keep} it. Allocates nothing but that.
 */
final class RequestHead {

    static final AsciiString WRITE_KEY = AsciiString.cached("x-write-key");

    private static final AsciiString IDENTITY = AsciiString.cached("identity");
    private static final int LONGEST_ORIGIN = 255;
    private static final String BASIC = "Basic ";
    /** More than a browser of one visitor has consent cookies. */
    private static final int MOST_COOKIE_FIELDS = 16;

    HttpMethod method;
    /** The target of the request line, or {@code :path}: valid as {@link #targetValid} has it. */
    String target;

    /** As each came, the first if there are several, or {@code null}. */
    CharSequence origin;

    CharSequence userAgent;
    CharSequence writeKey;
    CharSequence authorization;
    CharSequence expectation;

    /** As a proxy that is trusted says; whoever else says so is not asked. */
    CharSequence country;

    boolean globalPrivacyControl;
    boolean doNotTrack;
    /** Whether the body has a Content-Encoding (RFC 9110, section 8.4). */
    boolean encoded;

    /** Fields with cookies of consent; in HTTP/2 there may be several (RFC 9113, section 8.2.3). */
    private final CharSequence[] cookies = new CharSequence[MOST_COOKIE_FIELDS];

    private int cookieFields;

    /** Whether Access-Control-Request-Method is there. */
    boolean asksForMethod;

    /** The client that proxies name, made where the first one does. */
    private byte[] client;

    private int clientLength = ForwardedClient.NONE;

    /** Whether values of fields are lent. */
    boolean lent;

    /** Makes copies of what is lent. */
    void keep() {
        if (lent) {
            lent = false;
            origin = kept(origin);
            userAgent = kept(userAgent);
            writeKey = kept(writeKey);
            authorization = kept(authorization);
            country = kept(country);
            for (int i = 0; i < cookieFields; i++) {
                cookies[i] = kept(cookies[i]);
            }
        }
    }

    private static CharSequence kept(CharSequence value) {
        return value instanceof AsciiString text
                ? new AsciiString(text.array(), text.arrayOffset(), text.length(), true)
                : value;
    }

    void clear() {
        lent = false;
        method = null;
        target = null;
        origin = null;
        userAgent = null;
        writeKey = null;
        authorization = null;
        expectation = null;
        asksForMethod = false;
        clientLength = ForwardedClient.NONE;
        country = null;
        globalPrivacyControl = false;
        doNotTrack = false;
        encoded = false;
        while (cookieFields > 0) {
            cookies[--cookieFields] = null;
        }
    }

    /** Keeps whom the proxies have named, if they have. */
    void client(ForwardedClient from) {
        clientLength = from.length();
        if (clientLength > 0) {
            if (client == null) {
                client = new byte[AddressReader.IPV6_BYTES];
            }
            System.arraycopy(from.address(), 0, client, 0, clientLength);
        }
    }

    /** Tells the request whom it is from: who the proxies say, else who is connected. */
    void copyClientTo(FramedRequest to, byte[] connected) {
        if (clientLength == ForwardedClient.NONE) {
            to.address(connected, connected.length);
        } else {
            to.address(client, clientLength);
        }
    }

    /** Keeps a field Cookie, if it has a cookie with consent. */
    void addCookies(CharSequence field, ConsentFields fields) {
        if (cookieFields < MOST_COOKIE_FIELDS && fields.hasCookie(field)) {
            cookies[cookieFields++] = field;
        }
    }

    /** Takes over what was said about consent. */
    void copyConsent(RequestHead from) {
        country = from.country;
        globalPrivacyControl = from.globalPrivacyControl;
        doNotTrack = from.doNotTrack;
        cookieFields = from.cookieFields;
        System.arraycopy(from.cookies, 0, cookies, 0, cookieFields);
    }

    /** Reads the fields of a head that the decoder may have found wrong. */
    void read(HttpRequest request, ConsentFields consent) {
        method = request.method();
        target = request.uri();
        HttpHeaders headers = request.headers();
        origin = headers.get(HttpHeaderNames.ORIGIN);
        userAgent = headers.get(HttpHeaderNames.USER_AGENT);
        writeKey = headers.get(WRITE_KEY);
        authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
        expectation = headers.get(HttpHeaderNames.EXPECT);
        asksForMethod = headers.contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
        globalPrivacyControl = headers.contains(ConsentFields.GLOBAL_PRIVACY_CONTROL, ConsentFields.ONE, false);
        doNotTrack = headers.contains(ConsentFields.DO_NOT_TRACK, ConsentFields.ONE, false);
        encoded = false;
        for (String coding : headers.getAll(HttpHeaderNames.CONTENT_ENCODING)) {
            encoded |= isCoding(coding);
        }
        // One at most (RFC 6265, section 5.4).
        String cookie = headers.get(HttpHeaderNames.COOKIE);
        if (cookie != null) {
            addCookies(cookie, consent);
        }
    }

    /** Whether a Content-Encoding names anything but {@code identity}, which some clients send for none. */
    static boolean isCoding(CharSequence contentEncoding) {
        return !contentEncoding.isEmpty() && !AsciiString.contentEqualsIgnoreCase(IDENTITY, contentEncoding);
    }

    /** Index of the path in the target, whether that is in origin form or in absolute form. */
    int pathStart() {
        if (target.charAt(0) == '/' || target.charAt(0) == '*') {
            return 0;
        }
        int end = pathEnd();
        int authority = target.indexOf("://") + 3;
        int slash = target.indexOf('/', authority);
        return slash < 0 || slash > end ? end : slash;
    }

    /** Index behind the path. */
    int pathEnd() {
        int mark = target.indexOf('?');
        return mark < 0 ? target.length() : mark;
    }

    /** Whether the value of Origin is one that could stand in an answer. */
    boolean originPresentable() {
        if (origin == null || origin.isEmpty() || origin.length() > LONGEST_ORIGIN) {
            return false;
        }
        for (int i = 0; i < origin.length(); i++) {
            char c = origin.charAt(i);
            if (c <= ' ' || c >= 0x7F) {
                return false;
            }
        }
        return true;
    }

    /** Copies what the intake needs of a valid head. */
    void copyTo(FramedRequest to, ConsentFields consent) {
        int pathEnd = pathEnd();
        if (pathEnd < target.length()) {
            to.query().set(target, pathEnd + 1, target.length());
        }
        copy(userAgent, to.userAgent());
        copy(origin, to.origin());
        copy(country, to.country());
        to.privacySignals(globalPrivacyControl, doNotTrack);
        for (int i = 0; i < cookieFields; i++) {
            consent.copyCookies(cookies[i], to.consentCookies());
        }
        if (writeKey != null) {
            copy(writeKey, to.headerKey());
        } else if (authorization != null
                && AsciiString.regionMatches(authorization, true, 0, BASIC, 0, BASIC.length())) {
            basicUser(authorization, BASIC.length(), to.headerKey());
        }
    }

    private static void copy(CharSequence value, FramedRequest.Bytes to) {
        if (value instanceof AsciiString bytes) {
            to.set(bytes.array(), bytes.arrayOffset(), bytes.length());
        } else if (value != null) {
            to.set(value);
        }
    }

    /** Decodes the part before the colon (RFC 7617, section 2; RFC 4648, section 4); empty if it is not base64. */
    private static void basicUser(CharSequence value, int from, FramedRequest.Bytes user) {
        byte[] to = user.resize((value.length() - from) / 4 * 3 + 3);
        int length = 0;
        int bits = 0;
        int pending = 0;
        for (int i = from; i < value.length() && value.charAt(i) != '='; i++) {
            int digit = base64(value.charAt(i));
            if (digit < 0) {
                length = 0;
                break;
            }
            bits = bits << 6 | digit;
            pending += 6;
            if (pending >= 8) {
                pending -= 8;
                byte b = (byte) (bits >>> pending);
                if (b == ':') {
                    break;
                }
                to[length++] = b;
            }
        }
        user.resize(length);
    }

    private static int base64(char c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        } else if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        } else if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '+' ? 62 : c == '/' ? 63 : -1;
    }

    /** Whether a target is one that may be asked for by this method (RFC 9112, section 3.2), but for CONNECT. */
    static boolean targetValid(HttpMethod method, String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c >= 0x7F) {
                return false;
            }
        }
        if (target.isEmpty()) {
            return false;
        }
        if (target.charAt(0) == '/') {
            return true;
        }
        if (target.equals("*")) {
            return method.equals(HttpMethod.OPTIONS);
        }
        return target.regionMatches(true, 0, "http://", 0, 7) || target.regionMatches(true, 0, "https://", 0, 8);
    }

    /** Whether the value of Host or {@code :authority} holds nothing that could be taken for something else. */
    static boolean hostValid(CharSequence host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == ',' || c == '/' || c == '@' || c == '?' || c == '#') {
                return false;
            }
        }
        return true;
    }
}
