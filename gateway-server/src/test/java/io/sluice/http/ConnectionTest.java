package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.ReferenceCountUtil;
import io.sluice.common.Clock;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import io.sluice.shop.ShopRegistry;
import io.sluice.shop.Shops;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a connection ends and gives way when what it writes does not leave. */
class ConnectionTest {

    private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final SingleThreadEventLoop eventLoop = (SingleThreadEventLoop) group.next();
    private Loop loop;

    @BeforeEach
    void start() throws Exception {
        loop = eventLoop
                .submit(() -> new Loop(
                        0,
                        eventLoop,
                        TestServer.CONFIG,
                        ShopRegistry.of(new Shops(List.of())),
                        new Metrics().newCells(),
                        Clock.system(),
                        failure -> {},
                        (index, handle) -> new FakeIntake(handle)))
                .get();
    }

    @AfterEach
    void stop() {
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    /** All that is confined to a loop. */
    private void onLoop(Runnable test) throws Exception {
        eventLoop.submit(test).get();
    }

    @Test
    void whoIsSentAwayForAFloodIsCutEvenIfHeReadsNothing() throws Exception {
        onLoop(() -> {
            Idle connection = new Idle(loop);
            EmbeddedChannel channel = new EmbeddedChannel(new NothingLeaves(), connection);
            channel.freezeTime();
            connection.goDeaf();
            connection.end(Unpooled.copyInt(1));

            channel.advanceTimeBy(1_999, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
            assertThat(connection.gone).isFalse();
            channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
            assertThat(connection.gone).isTrue();
        });
    }

    @Test
    void whoReadsHisLastAnswerSlowlyHasTheTimeThatIdleConnectionsHave() throws Exception {
        onLoop(() -> {
            Idle connection = new Idle(loop);
            EmbeddedChannel channel = new EmbeddedChannel(new NothingLeaves(), connection);
            channel.freezeTime();
            connection.end(Unpooled.copyInt(1));

            channel.advanceTimeBy(10, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
            assertThat(connection.gone).isFalse();
            channel.close();
        });
    }

    @Test
    void aConnectionGivesWayOnce() throws Exception {
        onLoop(() -> {
            Idle connection = new Idle(loop);
            EmbeddedChannel channel = new EmbeddedChannel(
                    new ChannelOutboundHandlerAdapter() {
                        @Override
                        public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
                            // As that of TLS, which takes its time.
                        }
                    },
                    connection);
            assertThat(connection.mayGiveWay()).isTrue();

            connection.giveWay();
            assertThat(connection.gone).isFalse();
            assertThat(connection.mayGiveWay()).isFalse();
            channel.pipeline().removeFirst();
            channel.close();
        });
    }

    @Test
    void whoHasNotTakenHisAnswersDoesNotGiveWay() throws Exception {
        onLoop(() -> {
            Idle connection = new Idle(loop);
            EmbeddedChannel channel = new EmbeddedChannel(connection);
            channel.write(Unpooled.copyInt(1));
            assertThat(connection.mayGiveWay()).isFalse();

            channel.flush();
            assertThat(connection.mayGiveWay()).isTrue();
            channel.finishAndReleaseAll();
        });
    }

    /** Of writes, nobody ever hears again. */
    private static final class NothingLeaves extends ChannelOutboundHandlerAdapter {

        @Override
        public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
            ReferenceCountUtil.release(message);
        }
    }

    /** A connection that is always idle, of no protocol. */
    private static final class Idle extends Connection {

        Idle(Loop loop) {
            super(loop, new Gate() {
                @Override
                public void pause() {}

                @Override
                public void resume() {}

                @Override
                public void ignoreRest() {}

                @Override
                public boolean inputEnded() {
                    return false;
                }
            });
        }

        @Override
        void abandon() {}

        @Override
        void writeAnswers() {}

        @Override
        Awaits awaited() {
            return Awaits.NOTHING;
        }

        @Override
        Counter overdue(long now, long waitedNanos) {
            return null;
        }

        @Override
        void tooSlow() {}

        @Override
        boolean awaitsAnswer() {
            return false;
        }

        @Override
        boolean isIdle() {
            return true;
        }

        @Override
        void endIfIdle() {}
    }
}
