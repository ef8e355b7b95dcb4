package io.sluice.http;

import io.netty.handler.codec.EmptyHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;

/**
 * Where HPACK's fields go as they are decoded: each is checked, the few that we use are kept, and no list is made.
 *
 * <p>Confined to its loop; one a connection, filled anew by each header block. To Netty it is a collection of headers
 * that can be added to and seems empty. Costs one look at each byte, and for a request the string of its path.
 *
 * <p>The checks are those of RFC 9113, sections 8.1.1, 8.2 and 8.3: a name in lower case, values without CR, LF, NUL or
 * white space around them, pseudo-header fields first, once and known, none that belongs to a connection.
 */
final class Http2Head extends EmptyHeaders<CharSequence, CharSequence, Http2Headers> implements Http2Headers {

    private static final AsciiString METHOD = AsciiString.cached(":method");
    private static final AsciiString SCHEME = AsciiString.cached(":scheme");
    private static final AsciiString PATH = AsciiString.cached(":path");
    private static final AsciiString AUTHORITY = AsciiString.cached(":authority");
    private static final AsciiString HOST = AsciiString.cached("host");
    private static final AsciiString TE = AsciiString.cached("te");
    private static final AsciiString TRAILERS = AsciiString.cached("trailers");
    private static final AsciiString COOKIE = AsciiString.cached("cookie");
    private static final AsciiString EXPECT = AsciiString.cached("expect");
    private static final AsciiString ORIGIN = AsciiString.cached("origin");
    private static final AsciiString UPGRADE = AsciiString.cached("upgrade");
    private static final AsciiString CONNECTION = AsciiString.cached("connection");
    private static final AsciiString KEEP_ALIVE = AsciiString.cached("keep-alive");
    private static final AsciiString USER_AGENT = AsciiString.cached("user-agent");
    private static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
    private static final AsciiString CONTENT_LENGTH = AsciiString.cached("content-length");
    private static final AsciiString CONTENT_ENCODING = AsciiString.cached("content-encoding");
    private static final AsciiString PROXY_CONNECTION = AsciiString.cached("proxy-connection");
    private static final AsciiString TRANSFER_ENCODING = AsciiString.cached("transfer-encoding");
    private static final AsciiString REQUEST_METHOD = AsciiString.cached("access-control-request-method");

    /** Characters of a token in lower case (RFC 9110, section 5.6.2). */
    private static final boolean[] NAME = new boolean[128];

    static {
        for (char c = '0'; c <= '9'; c++) {
            NAME[c] = true;
        }
        for (char c = 'a'; c <= 'z'; c++) {
            NAME[c] = true;
        }
        for (char c : "!#$%&'*+-.^_`|~".toCharArray()) {
            NAME[c] = true;
        }
    }

    /** What is kept of the fields that are the same in every version. */
    private final RequestHead parts = new RequestHead();

    private AsciiString method;
    private AsciiString scheme;
    private AsciiString path;
    private AsciiString authority;
    private AsciiString host;
    private long contentLength;
    private boolean pseudo;
    private boolean ordinary;
    private boolean malformed;
    private boolean tooLarge;

    private final ConsentFields consent;

    /** Where the lines go that name clients; {@code null} where nobody may name any, nor say where they are. */
    private ForwardedClient forwarded;

    private int fields;

    Http2Head(ConsentFields consent) {
        this.consent = consent;
    }

    /** From now on, looks for the client that proxies name, and for its country. */
    void readForwarded(ForwardedClient to) {
        forwarded = to;
    }

    Http2Head begin() {
        fields = 0;
        if (forwarded != null) {
            forwarded.clear();
        }
        parts.clear();
        method = null;
        scheme = null;
        path = null;
        authority = null;
        host = null;
        contentLength = -1;
        pseudo = false;
        ordinary = false;
        malformed = false;
        tooLarge = false;
        return this;
    }

    /** The list is longer than may be; what was kept of it means nothing. */
    Http2Head tooLarge() {
        tooLarge = true;
        return this;
    }

    /** How many there are, but for cookies, of which each may be a field of its own (RFC 9113, section 8.2.3). */
    int fields() {
        return fields;
    }

    boolean isTooLarge() {
        return tooLarge;
    }

    /** The value of Content-Length, or -1. */
    long contentLength() {
        return contentLength;
    }

    /** Whether the block cannot be the trailer section of a request. */
    boolean malformedTrailers() {
        return malformed || pseudo;
    }

    /**
     * Reads the block as the head of a request, and lets go of it.
     *
     * @return whether it is well-formed; if not, {@code to} holds no more than what an answer needs
     */
    boolean moveTo(RequestHead to) {
        boolean wellFormed = !malformed && !tooLarge && pseudoValid();
        to.origin = parts.origin;
        if (wellFormed) {
            to.method = HttpMethod.valueOf(method.toString());
            to.target = path.toString();
            to.userAgent = parts.userAgent;
            to.writeKey = parts.writeKey;
            to.authorization = parts.authorization;
            to.expectation = parts.expectation;
            to.asksForMethod = parts.asksForMethod;
            to.encoded = parts.encoded;
            to.copyConsent(parts);
            if (forwarded != null) {
                to.client(forwarded);
            }
            wellFormed = (path.byteAt(0) == '/' || path.length() == 1) && RequestHead.targetValid(to.method, to.target);
        }
        return wellFormed;
    }

    private boolean pseudoValid() {
        // CONNECT, which has no path, is nothing that is served here (section 8.5).
        if (method == null || scheme == null || path == null || path.isEmpty() || !token(method)) {
            return false;
        }
        if (!scheme.contentEqualsIgnoreCase("https") && !scheme.contentEqualsIgnoreCase("http")) {
            return false;
        }
        // Section 8.3.1: one of both for these schemes, and no two that differ.
        AsciiString named = authority == null ? host : authority;
        return named != null
                && !named.isEmpty()
                && RequestHead.hostValid(named)
                && (host == null || named.contentEqualsIgnoreCase(host));
    }

    private static boolean token(AsciiString method) {
        for (int i = 0; i < method.length(); i++) {
            byte b = method.byteAt(i);
            if (b < 0 || !NAME[b] && !(b >= 'A' && b <= 'Z')) {
                return false;
            }
        }
        return !method.isEmpty();
    }

    // From HPACK.

    @Override
    public Http2Headers add(CharSequence fieldName, CharSequence fieldValue) {
        AsciiString name = (AsciiString) fieldName;
        AsciiString value = (AsciiString) fieldValue;
        if (!valueValid(value)) {
            malformed = true;
        } else if (!name.isEmpty() && name.byteAt(0) == ':') {
            malformed |= ordinary || !addPseudo(name, value);
            pseudo = true;
        } else {
            fields += name.equals(COOKIE) ? 0 : 1;
            malformed |= !nameValid(name) || !addOrdinary(name, value);
            ordinary = true;
        }
        return this;
    }

    private boolean addPseudo(AsciiString name, AsciiString value) {
        if (name.equals(METHOD) && method == null) {
            method = value;
        } else if (name.equals(PATH) && path == null) {
            path = value;
        } else if (name.equals(SCHEME) && scheme == null) {
            scheme = value;
        } else if (name.equals(AUTHORITY) && authority == null) {
            authority = value;
        } else {
            return false;
        }
        return true;
    }

    /** Keeps what is used. Returns false if the field must not be there. */
    private boolean addOrdinary(AsciiString name, AsciiString value) {
        if (forwarded != null) {
            addForwarded(name, value);
        }
        // Most fields are of no interest, and of a length that none of interest has.
        switch (name.length()) {
            case 2 -> {
                return !name.equals(TE) || value.contentEqualsIgnoreCase(TRAILERS);
            }
            case 3 -> parts.doNotTrack |= name.equals(ConsentFields.DO_NOT_TRACK) && value.equals(ConsentFields.ONE);
            case 4 -> {
                if (name.equals(HOST)) {
                    boolean first = host == null;
                    host = value;
                    return first;
                }
            }
            case 6 -> {
                if (name.equals(ORIGIN)) {
                    parts.origin = first(parts.origin, value);
                } else if (name.equals(EXPECT)) {
                    parts.expectation = first(parts.expectation, value);
                } else if (name.equals(COOKIE)) {
                    parts.addCookies(value, consent);
                }
            }
            case 7 -> {
                if (name.equals(ConsentFields.GLOBAL_PRIVACY_CONTROL)) {
                    parts.globalPrivacyControl |= value.equals(ConsentFields.ONE);
                }
                return !name.equals(UPGRADE);
            }
            case 10 -> {
                if (name.equals(USER_AGENT)) {
                    parts.userAgent = first(parts.userAgent, value);
                }
                return !name.equals(CONNECTION) && !name.equals(KEEP_ALIVE);
            }
            case 11 -> {
                if (name.equals(RequestHead.WRITE_KEY)) {
                    parts.writeKey = first(parts.writeKey, value);
                }
            }
            case 13 -> {
                if (name.equals(AUTHORIZATION)) {
                    parts.authorization = first(parts.authorization, value);
                }
            }
            case 14 -> {
                return !name.equals(CONTENT_LENGTH) || addContentLength(value);
            }
            case 16 -> {
                parts.encoded |= name.equals(CONTENT_ENCODING) && RequestHead.isCoding(value);
                return !name.equals(PROXY_CONNECTION);
            }
            case 17 -> {
                return !name.equals(TRANSFER_ENCODING);
            }
            case 29 -> parts.asksForMethod |= name.equals(REQUEST_METHOD);
            default -> {}
        }
        return true;
    }

    /** As {@link Http1Head#readForwarded}. */
    private void addForwarded(AsciiString name, AsciiString value) {
        if (name.equals(forwarded.field())) {
            forwarded.add(value);
        } else if (name.equals(consent.country())) {
            parts.country = value;
        }
    }

    private static CharSequence first(CharSequence before, CharSequence value) {
        return before == null ? value : before;
    }

    private boolean addContentLength(AsciiString value) {
        long length = 0;
        for (int i = 0; i < value.length(); i++) {
            int digit = value.byteAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            // Whatever is longer than we take is as good as any other such length.
            length = Math.min(length * 10 + digit, Integer.MAX_VALUE);
        }
        boolean agrees = contentLength < 0 || contentLength == length;
        contentLength = length;
        return agrees && !value.isEmpty();
    }

    private static boolean nameValid(AsciiString name) {
        byte[] bytes = name.array();
        for (int i = name.arrayOffset(), end = i + name.length(); i < end; i++) {
            if (bytes[i] < 0 || !NAME[bytes[i]]) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean valueValid(AsciiString value) {
        byte[] bytes = value.array();
        int from = value.arrayOffset();
        int end = from + value.length();
        for (int i = from; i < end; i++) {
            byte b = bytes[i];
            if (b <= '\r' && b >= 0 && (b == 0 || b == '\n' || b == '\r')) {
                return false;
            }
        }
        return from == end || !space(bytes[from]) && !space(bytes[end - 1]);
    }

    private static boolean space(byte b) {
        return b == ' ' || b == '\t';
    }

    // What Netty's type asks for beside, and nobody calls.

    @Override
    public Http2Headers method(CharSequence value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Http2Headers scheme(CharSequence value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Http2Headers authority(CharSequence value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Http2Headers path(CharSequence value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Http2Headers status(CharSequence value) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CharSequence method() {
        return method;
    }

    @Override
    public CharSequence scheme() {
        return scheme;
    }

    @Override
    public CharSequence authority() {
        return authority;
    }

    @Override
    public CharSequence path() {
        return path;
    }

    @Override
    public CharSequence status() {
        return null;
    }

    @Override
    public boolean contains(CharSequence name, CharSequence value, boolean caseInsensitive) {
        return false;
    }
}
