package io.sluice.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import io.sluice.metrics.Reason;
import io.sluice.protocol.FramedRequest;
import java.util.Iterator;

/**
 * Reads the head of a request: what the decoder leaves open of RFC 9112, and where the parts stand that we use.
 *
 * <p>Stateless; any thread; allocates nothing but an iterator over the Host fields.
 */
final class RequestHead {

    static final AsciiString WRITE_KEY = AsciiString.cached("x-write-key");

    private static final int LONGEST_ORIGIN = 255;
    private static final String BASIC = "Basic ";

    private RequestHead() {}

    /** What is wrong with a head that the decoder could not read. */
    static Reason malformation(Throwable failure) {
        if (failure instanceof TooLongHttpLineException) {
            return Reason.URI_TOO_LONG;
        }
        return failure instanceof TooLongHttpHeaderException ? Reason.HEADERS_TOO_LARGE : Reason.BAD_REQUEST;
    }

    /** Whether the head is one that RFC 9112 has a server refuse although each of its lines can be read. */
    static boolean malformed(HttpRequest request) {
        if (request.protocolVersion().majorVersion() != 1 || !targetValid(request.method(), request.uri())) {
            return true;
        }
        // RFC 9112, section 3.2: exactly one Host in HTTP/1.1; and it tells nothing to have two in HTTP/1.0.
        Iterator<? extends CharSequence> hosts = request.headers().valueCharSequenceIterator(HttpHeaderNames.HOST);
        if (!hosts.hasNext()) {
            return !http10(request);
        }
        if (!hostValid(hosts.next()) || hosts.hasNext()) {
            return true;
        }
        // RFC 9112, section 6.1: of all transfer codings only chunked is understood here.
        String coding = request.headers().get(HttpHeaderNames.TRANSFER_ENCODING);
        return coding != null && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding);
    }

    static boolean http10(HttpRequest request) {
        return request.protocolVersion().minorVersion() == 0;
    }

    /** Whether the connection may go on behind the answer (RFC 9112, section 9.3). */
    static boolean keepAlive(HttpRequest request) {
        if (!request.headers().contains(HttpHeaderNames.CONNECTION)) {
            return !http10(request);
        }
        return HttpUtil.isKeepAlive(request);
    }

    /** Index of the path in a valid target, whether that is in origin form or in absolute form. */
    static int pathStart(String target) {
        if (target.charAt(0) == '/' || target.charAt(0) == '*') {
            return 0;
        }
        int end = pathEnd(target);
        int authority = target.indexOf("://") + 3;
        int slash = target.indexOf('/', authority);
        return slash < 0 || slash > end ? end : slash;
    }

    /** Index behind the path. */
    static int pathEnd(String target) {
        int mark = target.indexOf('?');
        return mark < 0 ? target.length() : mark;
    }

    /** The value of Origin if it is one that could stand in an answer, else {@code null}. */
    static String origin(HttpHeaders headers) {
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (origin == null || origin.isEmpty() || origin.length() > LONGEST_ORIGIN) {
            return null;
        }
        for (int i = 0; i < origin.length(); i++) {
            char c = origin.charAt(i);
            if (c <= ' ' || c >= 0x7F) {
                return null;
            }
        }
        return origin;
    }

    /** Copies what the intake needs of a valid head. */
    static void copy(HttpRequest request, FramedRequest to) {
        String target = request.uri();
        int pathEnd = pathEnd(target);
        if (pathEnd < target.length()) {
            to.query().set(target, pathEnd + 1, target.length());
        }
        HttpHeaders headers = request.headers();
        String agent = headers.get(HttpHeaderNames.USER_AGENT);
        if (agent != null) {
            to.userAgent().set(agent);
        }
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (origin != null) {
            to.origin().set(origin);
        }
        key(headers, to.headerKey());
    }

    /** Writes the key that the head holds to {@code key}, which stays empty if there is none. */
    private static void key(HttpHeaders headers, FramedRequest.Bytes key) {
        String value = headers.get(WRITE_KEY);
        if (value != null) {
            key.set(value);
            return;
        }
        value = headers.get(HttpHeaderNames.AUTHORIZATION);
        if (value != null && value.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            basicUser(value, BASIC.length(), key);
        }
    }

    /** Decodes the part before the colon (RFC 7617, section 2; RFC 4648, section 4); empty if it is not base64. */
    private static void basicUser(String value, int from, FramedRequest.Bytes user) {
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

    private static boolean targetValid(HttpMethod method, String target) {
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

    private static boolean hostValid(CharSequence host) {
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (c <= ' ' || c >= 0x7F || c == ',' || c == '/' || c == '@' || c == '?' || c == '#') {
                return false;
            }
        }
        return true;
    }
}
