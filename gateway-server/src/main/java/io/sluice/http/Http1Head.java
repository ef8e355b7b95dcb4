package io.sluice.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import io.sluice.metrics.Reason;
import java.util.Iterator;
import java.util.Map;

/**
 * What the decoder leaves open of RFC 9112 in the head of a request.
 *
 * <p>Stateless; any thread; allocates nothing but an iterator over the Host fields.
 */
final class Http1Head {

    private Http1Head() {}

    /** What is wrong with a head that the decoder could not read. */
    static Reason malformation(Throwable failure) {
        if (failure instanceof TooLongHttpLineException) {
            return Reason.URI_TOO_LONG;
        }
        return failure instanceof TooLongHttpHeaderException ? Reason.HEADERS_TOO_LARGE : Reason.BAD_REQUEST;
    }

    /** Whether the head is one that RFC 9112 has a server refuse although each of its lines can be read. */
    static boolean malformed(HttpRequest request) {
        if (request.protocolVersion().majorVersion() != 1
                || !RequestHead.targetValid(request.method(), request.uri())) {
            return true;
        }
        // RFC 9112, section 3.2: exactly one Host in HTTP/1.1; and it tells nothing to have two in HTTP/1.0.
        Iterator<? extends CharSequence> hosts = request.headers().valueCharSequenceIterator(HttpHeaderNames.HOST);
        if (!hosts.hasNext()) {
            return !http10(request);
        }
        if (!RequestHead.hostValid(hosts.next()) || hosts.hasNext()) {
            return true;
        }
        // Where nothing says so there is no body (RFC 9112, section 6.3), but the decoder takes eight bytes of one
        // here, as a draft of WebSocket wanted: what stands before this gateway would see another request there.
        if (request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1)
                && request.headers().contains(HttpHeaderNames.SEC_WEBSOCKET_KEY2)) {
            return true;
        }
        // RFC 9112, section 6.1: of all transfer codings only chunked is understood here.
        String coding = request.headers().get(HttpHeaderNames.TRANSFER_ENCODING);
        return coding != null && !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(coding);
    }

    /**
     * Reads what a proxy says of its client: whom it names, in several lines perhaps, and the country it is in, where
     * the last line is the proxy's own if the client has sent one too.
     */
    static void readForwarded(HttpRequest request, ForwardedClient client, AsciiString country, RequestHead to) {
        client.clear();
        // Not by name: that would give the last line first.
        Iterator<Map.Entry<CharSequence, CharSequence>> lines =
                request.headers().iteratorCharSequence();
        while (lines.hasNext()) {
            Map.Entry<CharSequence, CharSequence> line = lines.next();
            if (client.field().contentEqualsIgnoreCase(line.getKey())) {
                client.add(line.getValue());
            } else if (country.contentEqualsIgnoreCase(line.getKey())) {
                to.country = line.getValue();
            }
        }
        to.client(client);
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
}
