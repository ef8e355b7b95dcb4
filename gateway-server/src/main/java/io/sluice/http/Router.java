package io.sluice.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.sluice.metrics.Reason;
import io.sluice.protocol.AnswerRenderer;
import io.sluice.protocol.Protocol;
import io.sluice.protocol.Routes;
import io.sluice.shop.ShopRegistry;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Tells requests for the intake from those that the front answers by itself: unknown paths and methods, HEAD, OPTIONS.
 *
 * <p>Confined to its loop, one each. Fills slots, settles none. Allocates nothing.
 */
final class Router {

    private static final byte[] UNEXPECTED = badRequest("expects something other than 100-continue");
    private static final byte[] LENGTHS = badRequest("has more than one Content-Length");
    private static final byte[] LENGTH_AND_CODING = badRequest("has both a Content-Length and a Transfer-Encoding");

    private final HttpConfig config;
    private final ShopRegistry shops;
    private final AnswerRenderer renderer = new AnswerRenderer();

    Router(HttpConfig config, ShopRegistry shops) {
        this.config = config;
        this.shops = shops;
    }

    /** Notes in the slot what its answer must say to the page that sent the request. */
    void cors(Slot slot, RequestHead head) {
        if (head.originPresentable() && shops.originAllowed(head.origin)) {
            slot.allowOrigin(head.origin);
        }
    }

    /** Whether the request is for the intake; if not, the slot has its answer. */
    boolean route(Slot slot, RequestHead head) {
        String target = head.target;
        HttpMethod method = head.method;
        slot.protocol = Routes.find(target, head.pathStart(), head.pathEnd());
        if (slot.protocol == null && !target.equals("*")) {
            refuse(slot, Reason.NOT_FOUND);
        } else if (head.expectation != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(head.expectation)) {
            // RFC 9110, section 10.1.1.
            refuse(slot, 417, UNEXPECTED);
        } else if (method == HttpMethod.OPTIONS) {
            options(slot, head);
        } else if (method == HttpMethod.HEAD && slot.protocol.method() == Protocol.Method.GET) {
            // The answer that a GET would get, but nothing is recorded: HEAD is safe (RFC 9110, section 9.3.2).
            slot.reply.begin(200);
        } else if (!takes(slot.protocol.method(), method)) {
            refuse(slot, Reason.METHOD_NOT_ALLOWED);
        } else if (head.encoded && method == HttpMethod.POST) {
            refuse(slot, Reason.ENCODING_UNSUPPORTED);
        } else {
            return true;
        }
        return false;
    }

    private void options(Slot slot, RequestHead head) {
        boolean preflight = head.origin != null && head.asksForMethod;
        if (preflight && slot.originLength == 0) {
            refuse(slot, Reason.ORIGIN_REFUSED);
            return;
        }
        slot.kind = preflight ? Slot.Kind.PREFLIGHT : Slot.Kind.OPTIONS;
        slot.reply.begin(204);
    }

    private static boolean takes(Protocol.Method taken, HttpMethod method) {
        return switch (taken) {
            case GET -> method == HttpMethod.GET;
            case POST -> method == HttpMethod.POST;
        };
    }

    /** Makes the slot's answer a refusal of a head that could not be read, and says what of it, if that is known. */
    void refuseHead(Slot slot, Reason reason, HttpHeaders fields) {
        List<String> lengths = fields.getAll(HttpHeaderNames.CONTENT_LENGTH);
        if (reason != Reason.BAD_REQUEST || lengths.isEmpty()) {
            refuse(slot, reason);
        } else if (fields.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            refuse(slot, 400, LENGTH_AND_CODING);
        } else if (lengths.size() > 1 || lengths.getFirst().indexOf(',') >= 0) {
            refuse(slot, 400, LENGTHS);
        } else {
            refuse(slot, reason);
        }
    }

    private static void refuse(Slot slot, int status, byte[] badRequest) {
        slot.reply.begin(status);
        slot.reply.append(badRequest);
        slot.kind = Slot.Kind.ORDINARY;
        slot.refusal = Reason.BAD_REQUEST;
    }

    private static byte[] badRequest(String what) {
        return ("{\"error\":{\"reason\":\"" + Reason.BAD_REQUEST.code() + "\",\"message\":\"The request " + what
                        + ".\"}}")
                .getBytes(StandardCharsets.US_ASCII);
    }

    /** Makes the slot's answer a refusal. */
    void refuse(Slot slot, Reason reason) {
        int status = AnswerRenderer.status(reason);
        renderer.refusal(reason, -1, limit(reason));
        slot.reply.begin(status);
        slot.reply.retryAfterSeconds(AnswerRenderer.retryAfterSeconds(status));
        slot.reply.append(renderer.array(), 0, renderer.length());
        slot.kind = Slot.Kind.ORDINARY;
        slot.refusal = reason;
    }

    /** The limit that a request refused for this reason has passed, or -1. */
    private int limit(Reason reason) {
        if (reason == Reason.BODY_TOO_LARGE) {
            return config.maxBodyBytes();
        } else if (reason == Reason.URI_TOO_LONG) {
            return config.maxLineBytes();
        } else if (reason == Reason.TOO_MANY_FIELDS) {
            return config.limits().fields();
        }
        return reason == Reason.HEADERS_TOO_LARGE ? config.maxHeaderBytes() : -1;
    }
}
