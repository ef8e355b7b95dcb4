package io.sluice.http;

import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.sluice.metrics.Reason;
import io.sluice.protocol.AnswerRenderer;
import io.sluice.protocol.Protocol;
import io.sluice.protocol.Routes;
import io.sluice.shop.ShopRegistry;
import java.nio.charset.StandardCharsets;

/**
 * Tells requests for the intake from those that the front answers by itself: unknown paths and methods, HEAD, OPTIONS.
 *
 * <p>Confined to its loop, one each. Fills slots, settles none. Allocates nothing.
 */
final class Router {

    private static final byte[] UNEXPECTED = ("{\"error\":{\"reason\":\"" + Reason.BAD_REQUEST.code()
                    + "\",\"message\":\"The request expects something other than 100-continue.\"}}")
            .getBytes(StandardCharsets.US_ASCII);

    private final HttpConfig config;
    private final ShopRegistry shops;
    private final AnswerRenderer renderer = new AnswerRenderer();

    Router(HttpConfig config, ShopRegistry shops) {
        this.config = config;
        this.shops = shops;
    }

    /** Notes in the slot what its answer must say to the page that sent the request. */
    void cors(Slot slot, RequestHead head) {
        String origin = head.presentableOrigin();
        slot.corsOrigin = origin != null && shops.originAllowed(origin) ? origin : null;
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
            slot.reply.begin(417);
            slot.reply.append(UNEXPECTED);
            slot.refusal = Reason.BAD_REQUEST;
        } else if (method == HttpMethod.OPTIONS) {
            options(slot, head);
        } else if (method == HttpMethod.HEAD && slot.protocol.method() == Protocol.Method.GET) {
            // The answer that a GET would get, but nothing is recorded: HEAD is safe (RFC 9110, section 9.3.2).
            slot.reply.begin(200);
        } else if (!takes(slot.protocol.method(), method)) {
            refuse(slot, Reason.METHOD_NOT_ALLOWED);
        } else {
            return true;
        }
        return false;
    }

    private void options(Slot slot, RequestHead head) {
        boolean preflight = head.origin != null && head.asksForMethod;
        if (preflight && slot.corsOrigin == null) {
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
        }
        return reason == Reason.HEADERS_TOO_LARGE ? config.maxHeaderBytes() : -1;
    }
}
