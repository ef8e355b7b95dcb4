package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.sluice.testing.Tool;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DirectSendTest {

    private final BlockingQueue<Channel> accepted = new ArrayBlockingQueue<>(1);
    private MultiThreadIoEventLoopGroup group;
    private Socket client;
    private Channel channel;

    @BeforeEach
    void connect() throws Exception {
        if (!Epoll.isAvailable()) {
            Tool.missing("epoll, which Linux alone has: " + Epoll.unavailabilityCause());
        }
        group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        Channel listener = new ServerBootstrap()
                .group(group)
                .channel(EpollServerSocketChannel.class)
                .childOption(ChannelOption.SO_SNDBUF, 16 * 1024)
                .childHandler(new ChannelInboundHandlerAdapter() {
                    @Override
                    public void channelActive(ChannelHandlerContext ctx) {
                        accepted.add(ctx.channel());
                    }

                    @Override
                    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
                        ctx.close();
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .sync()
                .channel();
        client = new Socket();
        client.setReceiveBufferSize(4 * 1024);
        client.connect(new InetSocketAddress(
                InetAddress.getLoopbackAddress(), ((InetSocketAddress) listener.localAddress()).getPort()));
        channel = accepted.take();
    }

    @AfterEach
    void close() throws Exception {
        if (group != null) {
            client.close();
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
        }
    }

    private int send(ByteBuffer bytes) throws Exception {
        return channel.eventLoop().submit(() -> DirectSend.send(channel, bytes)).get();
    }

    @Test
    void sendsAllOfABufferWhereverItsPositionIsAndLeavesThatAlone() throws Exception {
        ByteBuffer bytes = direct(250);
        bytes.position(100);

        assertThat(send(bytes)).isEqualTo(250);
        assertThat(bytes.position()).isEqualTo(100);
        assertThat(client.getInputStream().readNBytes(250)).isEqualTo(content(250));
    }

    @Test
    void sendsWhatFitsAndNothingMoreUntilTheClientReads() throws Exception {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        // The kernel may move some to the client's side meanwhile, and then take more.
        for (int sent; (sent = send(direct(1000))) > 0; ) {
            expected.write(content(1000), 0, sent);
        }

        assertThat(expected.size()).isGreaterThan(1000);
        assertThat(client.getInputStream().readNBytes(expected.size())).isEqualTo(expected.toByteArray());
    }

    @Test
    void sendsNothingPastWhatWaitsToBeWritten() throws Exception {
        channel.eventLoop()
                .submit(() -> channel.write(Unpooled.wrappedBuffer(new byte[] {1, 2, 3})))
                .get();

        assertThat(send(direct(250))).isZero();
        channel.flush();
        assertThat(client.getInputStream().readNBytes(3)).containsExactly(1, 2, 3);
        assertThat(send(direct(250))).isEqualTo(250);
    }

    @Test
    void sendsNothingOnAChannelThatWasClosed() throws Exception {
        int sent = channel.eventLoop()
                .submit(() -> {
                    // Its end is told later; until then it looks alive to those who have not heard of it.
                    channel.close();
                    return DirectSend.send(channel, direct(250));
                })
                .get();

        assertThat(sent).isZero();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
    }

    @Test
    void leavesItToTheUsualWayToFailOnAConnectionThatIsGone() throws Exception {
        client.setSoLinger(true, 0);
        client.close();

        while (channel.isOpen()) {
            // Zero as soon as the reset has come; before, the kernel takes it.
            assertThat(send(direct(250))).isIn(0, 250);
        }
        assertThat(send(direct(250))).isZero();
    }

    @Test
    void sendsNothingOverOtherTransports() {
        EmbeddedChannel other = new EmbeddedChannel();

        assertThat(DirectSend.send(other, direct(250))).isZero();
        other.finishAndReleaseAll();
    }

    private static ByteBuffer direct(int bytes) {
        return ByteBuffer.allocateDirect(bytes).put(content(bytes)).flip().asReadOnlyBuffer();
    }

    private static byte[] content(int bytes) {
        byte[] content = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            content[i] = (byte) i;
        }
        return content;
    }
}
