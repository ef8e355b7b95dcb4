package io.sluice.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.sluice.common.AddressReader;
import io.sluice.metrics.Counter;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;

/**
 * Stands at a listening socket and turns away connections beyond what may be, before anything is made for them.
 *
 * <p>They are reset: that costs nothing more on our side, and a client sees at once that it was not served. There is no
 * telling it more, since it may want to speak TLS first. Accepting never stops for the others. Where places get few,
 * each that comes has a connection give its place: {@link Loop#giveWay}.
 *
 * <p>Confined to the loop of the listening socket.
 */
final class Door extends ChannelInboundHandlerAdapter {

    private final Loop loop;
    private final ConnectionCaps caps;
    private final ProxyConfig proxies;
    private final List<Loop> loops;
    private int next;

    /** @param loops all of them: connections are dealt to them evenly, so each has as many as the others to give */
    Door(Loop loop, ConnectionCaps caps, ProxyConfig proxies, List<Loop> loops) {
        this.loop = loop;
        this.caps = caps;
        this.proxies = proxies;
        this.loops = loops;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        Channel connection = (Channel) message;
        byte[] address = address(connection);
        // A proxy has connections for many: whom one is for, if it says so, is counted when it has.
        boolean counts = address.length > 0
                && !proxies.protocol().contains(address, address.length)
                && !proxies.trusted().contains(address, address.length);
        // First, since nobody gives way to those who have as many as they may, and least of all when places are gone.
        if (counts && !caps.tryEnter(address)) {
            refuse(connection, Counter.LIMIT_ADDRESS_CONNECTIONS);
        } else if (!caps.tryOpen()) {
            if (counts) {
                caps.leave(address);
            }
            makeRoom();
            refuse(connection, Counter.LIMIT_CONNECTIONS);
        } else {
            makeRoom();
            caps.closesWith(connection);
            if (counts) {
                caps.leavesWith(connection, address);
            }
            ctx.fireChannelRead(connection);
        }
    }

    private void makeRoom() {
        if (caps.crowded()) {
            loops.get(next).giveWay();
            next = next + 1 == loops.size() ? 0 : next + 1;
        }
    }

    private void refuse(Channel connection, Counter counter) {
        loop.cells.increment(counter);
        reset(connection);
        // It belongs to no loop yet; its end is ours to say.
        connection.unsafe().closeForcibly();
    }

    /** Has the end of the connection be a reset. */
    static void reset(Channel connection) {
        connection.config().setOption(ChannelOption.SO_LINGER, 0);
    }

    /** The address of the other side, 4 or 16 bytes; none if it cannot be told. */
    static byte[] address(Channel connection) {
        if (!(connection.remoteAddress() instanceof InetSocketAddress remote) || remote.getAddress() == null) {
            return new byte[0];
        }
        byte[] address = remote.getAddress().getAddress();
        int length = AddressReader.normalize(address, address.length);
        return length == address.length ? address : Arrays.copyOf(address, length);
    }
}
