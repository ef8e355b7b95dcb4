package io.sluice.aws;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.protocols.jsoncore.JsonNode;
import software.amazon.awssdk.protocols.jsoncore.JsonNodeParser;

/**
 * The gateway's body and signature on Netty and nothing else. It knows no TLS, no proxy, no time limit, no second try
 * and no credentials but made-up ones, and never closes a connection: less than any client that may be used has to do.
 * Thread-safe.
 */
final class PlainClient implements Raced {

    private static final int LOOPS = 2;
    private static final int MOST_ANSWERED = 2 << 20;
    private static final AwsBasicCredentials CREDENTIALS = AwsBasicCredentials.create("lab", "lab");

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(
            LOOPS,
            new DefaultThreadFactory("sluice-aws-io", true),
            Epoll.isAvailable() ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());

    private final Queue<Connection> idle = new ConcurrentLinkedQueue<>();
    private final PutBody.Pool pool = new PutBody.Pool(WINDOW_BYTES, SdkClient.MAX_CONNECTIONS);
    private final Bootstrap bootstrap;
    private final String host;
    private final Signature signature;

    PlainClient(AwsConfig config) {
        URI endpoint = URI.create(config.endpoint());
        host = endpoint.getHost() + ':' + endpoint.getPort();
        signature = new Signature(config.region(), "firehose");
        bootstrap = new Bootstrap()
                .group(loops)
                .channel(Epoll.isAvailable() ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .remoteAddress(endpoint.getHost(), endpoint.getPort())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(
                                        new HttpResponseDecoder(),
                                        new HttpObjectAggregator(MOST_ANSWERED),
                                        new Connection(channel));
                    }
                });
    }

    @Override
    public void put(String stream, List<ByteBuffer> records, Consumer<String> ended) {
        PutBody body = new PutBody(pool, stream, records);
        Call call = new Call(head(body), body, ended);
        Connection connection = idle.poll();
        if (connection != null) {
            connection.channel.eventLoop().execute(() -> connection.send(call));
            return;
        }
        ChannelFuture connected = bootstrap.connect();
        connected.addListener(done -> {
            if (done.isSuccess()) {
                connected.channel().pipeline().get(Connection.class).send(call);
            } else {
                ended.accept(done.cause().toString());
            }
        });
    }

    private byte[] head(PutBody body) {
        Map<String, String> headers = signature.sign(
                Map.of(
                        "Content-Type",
                        "application/x-amz-json-1.1",
                        "Host",
                        host,
                        "X-Amz-Target",
                        "Firehose_20150804.PutRecordBatch"),
                body.sha256(),
                CREDENTIALS,
                Instant.now());
        StringBuilder head = new StringBuilder(1024)
                .append("POST / HTTP/1.1\r\nUser-Agent: sluice\r\nContent-Length: ")
                .append(body.length())
                .append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        return head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private record Call(byte[] head, PutBody body, Consumer<String> ended) {}

    /** Has one call at a time. On its loop only. */
    private final class Connection extends SimpleChannelInboundHandler<FullHttpResponse> {

        private final Channel channel;
        private Call call;

        Connection(Channel channel) {
            this.channel = channel;
        }

        void send(Call next) {
            call = next;
            if (!channel.isActive()) {
                fail("closed");
                return;
            }
            channel.write(Unpooled.wrappedBuffer(next.head));
            next.body.subscribe(new Writing(channel));
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, FullHttpResponse answer) {
            Call answered = call;
            call = null;
            String problem = problem(answer);
            answered.body.recycle(true);
            idle.add(this);
            answered.ended.accept(problem);
        }

        private String problem(FullHttpResponse answer) {
            ByteBuf content = answer.content();
            JsonNode json = JsonNodeParser.create().parse(ByteBufUtil.getBytes(content));
            if (!answer.status().equals(HttpResponseStatus.OK)) {
                return answer.status().toString();
            }
            return CrtClient.problem(json);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            idle.remove(this);
            fail("closed");
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            fail(cause.toString());
            context.close();
        }

        private void fail(String problem) {
            if (call != null) {
                Call failed = call;
                call = null;
                failed.ended.accept(problem);
            }
        }
    }

    /** All chunks at once: the socket takes them as it can, and a call is a few MiB at the most. */
    private record Writing(Channel channel) implements Subscriber<ByteBuffer> {

        @Override
        public void onSubscribe(Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(ByteBuffer chunk) {
            channel.write(Unpooled.wrappedBuffer(chunk));
        }

        @Override
        public void onError(Throwable error) {
            throw new IllegalStateException(error);
        }

        @Override
        public void onComplete() {
            channel.flush();
        }
    }

    @Override
    public void close() {
        loops.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
