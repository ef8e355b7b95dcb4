package io.sluice.admin;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.timeout.IdleStateEvent;
import io.sluice.metrics.Metrics;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the five paths. One per connection, on the admin loop; each request is answered at its head, and one that
 * announces a body is the last.
 */
final class AdminHandler extends SimpleChannelInboundHandler<HttpObject> {

    private static final Logger LOG = LoggerFactory.getLogger(AdminHandler.class);

    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String NDJSON = "application/x-ndjson";
    private static final String JSON = "application/json";
    private static final String HTML = "text/html; charset=utf-8";

    /** The version is what tells Prometheus the format. */
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Supplier<AdminToken> token;
    private final Metrics metrics;
    private final Supplier<Exporter> exporter;
    private final Health health;
    private final Readiness readiness;
    private final Supplier<List<String>> policies;

    /** Whether an answer has been given that ends the connection; what still comes is not looked at. */
    private boolean closing;

    AdminHandler(
            Supplier<AdminToken> token,
            Metrics metrics,
            Supplier<Exporter> exporter,
            Health health,
            Readiness readiness,
            Supplier<List<String>> policies) {
        this.token = token;
        this.metrics = metrics;
        this.exporter = exporter;
        this.health = health;
        this.readiness = readiness;
        this.policies = policies;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
        if (message instanceof HttpRequest request && !closing) {
            answer(ctx, request);
        }
    }

    private void answer(ChannelHandlerContext ctx, HttpRequest request) {
        boolean head = request.method().equals(HttpMethod.HEAD);
        FullHttpResponse response = answer(request, head);
        HttpHeaders headers = response.headers();
        headers.set(HttpHeaderNames.CACHE_CONTROL, "no-store");
        headers.set("x-content-type-options", "nosniff");
        headers.set(HttpHeaderNames.CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'");
        boolean keepAlive =
                request.decoderResult().isSuccess() && !announcesBody(request) && HttpUtil.isKeepAlive(request);
        closing = !keepAlive;
        HttpUtil.setKeepAlive(response, keepAlive);
        HttpUtil.setContentLength(response, response.content().readableBytes());
        if (head) {
            response.content().clear();
        }
        ctx.writeAndFlush(response)
                .addListener(keepAlive ? ChannelFutureListener.CLOSE_ON_FAILURE : ChannelFutureListener.CLOSE);
    }

    private static boolean announcesBody(HttpRequest request) {
        return HttpUtil.isTransferEncodingChunked(request) || HttpUtil.getContentLength(request, 0L) != 0;
    }

    private FullHttpResponse answer(HttpRequest request, boolean head) {
        if (!request.decoderResult().isSuccess()) {
            return response(HttpResponseStatus.BAD_REQUEST, TEXT, "not a request that is taken here\n");
        }
        if (!head && !request.method().equals(HttpMethod.GET)) {
            FullHttpResponse response = response(HttpResponseStatus.METHOD_NOT_ALLOWED, TEXT, "only GET and HEAD\n");
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
            return response;
        }
        if (announcesBody(request)) {
            return response(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, TEXT, "no bodies\n");
        }
        String uri = request.uri();
        int query = uri.indexOf('?');
        String path = query < 0 ? uri : uri.substring(0, query);
        if (!token.get().admits(request.headers().get(HttpHeaderNames.AUTHORIZATION))) {
            return withoutToken(path);
        }
        return switch (path) {
            case "/metrics" ->
                response(HttpResponseStatus.OK, PROMETHEUS, exporter.get().scrape());
            case "/scrubbed" -> response(HttpResponseStatus.OK, NDJSON, ScrubbedByShop.lines(metrics));
            case "/healthz" -> state("healthy", "failures", health.failures());
            case "/readyz" -> state("ready", "reasons", readiness.reasons());
            case "/" ->
                response(
                        HttpResponseStatus.OK,
                        HTML,
                        LivePage.render(metrics, health.failures(), readiness.reasons(), policies.get()));
            default ->
                response(
                        HttpResponseStatus.NOT_FOUND, TEXT, "there are /, /metrics, /scrubbed, /healthz and /readyz\n");
        };
    }

    /** Whether it is healthy or ready, which balancers ask without a token, but not why; nothing else. */
    private FullHttpResponse withoutToken(String path) {
        return switch (path) {
            case "/healthz" -> bareState("healthy", health.failures().isEmpty());
            case "/readyz" -> bareState("ready", readiness.reasons().isEmpty());
            default -> {
                FullHttpResponse response =
                        response(HttpResponseStatus.UNAUTHORIZED, TEXT, "needs the token of admin.token-file\n");
                response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, AdminToken.CHALLENGE);
                yield response;
            }
        };
    }

    private static FullHttpResponse bareState(String what, boolean good) {
        return response(
                good ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                JSON,
                "{\"" + what + "\":" + good + "}\n");
    }

    /** {@code {"ready":true,"reasons":[]}} with 200, or 503 and the reasons. */
    private static FullHttpResponse state(String what, String list, List<String> problems) {
        StringBuilder json = new StringBuilder("{\"").append(what).append("\":").append(problems.isEmpty());
        json.append(",\"").append(list).append("\":[");
        for (int i = 0; i < problems.size(); i++) {
            json.append(i == 0 ? "" : ",");
            quote(json, problems.get(i));
        }
        json.append("]}\n");
        return response(
                problems.isEmpty() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                JSON,
                json.toString());
    }

    /** As RFC 8259, section 7 asks: quote, backslash and control characters escaped. */
    private static void quote(StringBuilder json, String text) {
        json.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < 0x20) {
                json.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            } else {
                json.append(c);
            }
        }
        json.append('"');
    }

    private static FullHttpResponse response(HttpResponseStatus status, String type, String text) {
        ByteBuf content = Unpooled.wrappedBuffer(text.getBytes(StandardCharsets.UTF_8));
        FullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, content);
        response.headers().set(HttpHeaderNames.CONTENT_TYPE, type);
        return response;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof IdleStateEvent) {
            ctx.close();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.debug("admin connection closed", cause);
        ctx.close();
    }
}
