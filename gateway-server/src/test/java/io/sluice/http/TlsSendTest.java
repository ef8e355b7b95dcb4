package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import io.sluice.testing.TestCertificate;
import io.sluice.testing.Tool;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsSendTest {

    private static final int BYTES = 250;

    @TempDir
    static Path directory;

    private static TestCertificate certificate;

    private final BlockingQueue<Channel> agreed = new ArrayBlockingQueue<>(1);
    private final ByteBuffer sealed = TlsSend.buffer(BYTES);
    private MultiThreadIoEventLoopGroup group;
    private SslContext tls;
    private SSLSocket client;
    private Channel channel;
    private TlsSend send;

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = TestCertificate.make(directory, "one", "one.example");
    }

    @BeforeEach
    void look() {
        if (!Epoll.isAvailable() || !OpenSsl.isAvailable()) {
            Tool.missing("epoll and BoringSSL, of which one does not load here");
        }
        group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    }

    private void connect(SslProvider provider, String version) throws Exception {
        tls = SslContextBuilder.forServer(certificate.key(), certificate.certificate())
                .sslProvider(provider)
                .protocols(version)
                .build();
        Channel listener = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.SO_SNDBUF, 16 * 1024)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        accepted.pipeline().addLast(tls.newHandler(accepted.alloc()), new Agreed());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        client = TlsClient.connect(
                TlsClient.context(null), ((InetSocketAddress) listener.localAddress()).getPort(), "one.example");
        channel = agreed.take();
        send = TlsSend.of(channel.pipeline().context(SslHandler.class), sealed);
    }

    private final class Agreed extends ChannelInboundHandlerAdapter {

        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
                agreed.add(ctx.channel());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            ctx.close();
        }
    }

    @AfterEach
    void close() throws Exception {
        if (client != null) {
            client.close();
        }
        if (channel != null) {
            channel.close();
            channel.closeFuture().sync();
            // Its handlers leave it, and let go of their engine, in a task of their own.
            onLoop(() -> null);
        }
        if (group != null) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
        ReferenceCountUtil.release(tls);
    }

    private <T> T onLoop(Callable<T> task) throws Exception {
        return channel.eventLoop().submit(task).get();
    }

    /** As a connection answers: what has no short way goes the usual one. @return what went the short way */
    private int answer(int first) throws Exception {
        return onLoop(() -> answerHere(first));
    }

    private int answerHere(int first) {
        ByteBuffer bytes = direct(first);
        int sent = send.send(bytes);
        assertThat(bytes.position()).isZero();
        if (sent < BYTES) {
            channel.writeAndFlush(Unpooled.copiedBuffer(content(first), sent, BYTES - sent));
        }
        return sent;
    }

    private void expect(int first) throws Exception {
        assertThat(client.getInputStream().readNBytes(BYTES)).isEqualTo(content(first));
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void sendsAllButTheFirstAnswerInTurnWithTheUsualWay(String version) throws Exception {
        connect(SslProvider.OPENSSL_REFCNT, version);
        assertThat(answer(0)).isZero();
        expect(0);
        for (int i = 1; i < 10; i++) {
            assertThat(answer(i)).isEqualTo(BYTES);
            int between = i + 100;
            onLoop(() -> channel.writeAndFlush(Unpooled.wrappedBuffer(content(between))));
            expect(i);
            expect(between);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void losesAndSwapsNothingWhenTheClientDoesNotRead(String version) throws Exception {
        connect(SslProvider.OPENSSL_REFCNT, version);
        // In one task, since the channel sends what waits as soon as the kernel takes more.
        int answers = onLoop(() -> {
            int count = 0;
            int whole = 0;
            while (count < 2 || DirectSend.isFree(channel)) {
                whole += answerHere(count++) == BYTES ? 1 : 0;
            }
            // One of them, or a part of it, waits: so must those behind it.
            assertThat(whole).isGreaterThan(10);
            assertThat(answerHere(count++)).isZero();
            assertThat(answerHere(count++)).isZero();
            return count;
        });
        for (int i = 0; i < answers; i++) {
            expect(i);
        }
        // Done when what waited is gone.
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).sync();
        assertThat(answer(answers)).isEqualTo(BYTES);
        expect(answers);
    }

    @Test
    void sendsNothingOnceTlsWasEndedButItsEnd() throws Exception {
        connect(SslProvider.OPENSSL_REFCNT, "TLSv1.3");
        answer(0);
        expect(0);
        assertThat(onLoop(() -> {
                    ((SslHandler) channel.pipeline().first()).engine().closeOutbound();
                    return send.send(direct(1));
                }))
                .isZero();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    /** A record that is none, which the engine refuses by an alert; and an answer that was due meanwhile. */
    @Test
    void tellsThatTheConnectionIsBroken() throws Exception {
        connect(SslProvider.OPENSSL_REFCNT, "TLSv1.3");
        answer(0);
        expect(0);
        byte[] record = new byte[5 + 32];
        System.arraycopy(new byte[] {23, 3, 3, 0, 32}, 0, record, 0, 5);
        onLoop(() -> {
            channel.pipeline().fireChannelRead(Unpooled.wrappedBuffer(record));
            channel.pipeline().fireChannelReadComplete();
            return answerHere(1);
        });
        assertThat(channel.closeFuture().await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void sendsNothingOnAChannelThatWasClosed() throws Exception {
        connect(SslProvider.OPENSSL_REFCNT, "TLSv1.3");
        answer(0);
        expect(0);
        assertThat(onLoop(() -> {
                    // Beneath TLS, which would not encrypt any more else.
                    channel.pipeline().context(SslHandler.class).close();
                    return send.send(direct(1));
                }))
                .isZero();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void thereIsNoneThroughTheJdksTls() throws Exception {
        connect(SslProvider.JDK, "TLSv1.3");
        assertThat(send).isNull();
    }

    private static ByteBuffer direct(int first) {
        return ByteBuffer.allocateDirect(BYTES).put(content(first)).asReadOnlyBuffer();
    }

    /** Tells answers apart. */
    private static byte[] content(int first) {
        byte[] content = new byte[BYTES];
        Arrays.fill(content, (byte) first);
        content[0] = (byte) (first >> 8);
        return content;
    }
}
