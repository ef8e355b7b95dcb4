package io.sluice.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The short way for an answer that is the same for all of a second: from its one buffer to the socket, past the
 * pipeline and its queue of what is to be written.
 *
 * <p>Stateless; on the channel's loop. Allocates nothing. Only where the pipeline would do nothing with the bytes but
 * send them (with TLS: {@link TlsSend}), and only with epoll: of the other transports none lets us send at once.
 */
final class DirectSend {

    private DirectSend() {}

    /**
     * Sends as much as the kernel takes now, if nothing else waits to be sent on this channel.
     *
     * @param bytes a direct buffer, sent from its beginning to its limit, whatever its position
     * @return how many bytes have left; the rest, which may be all of it, is to be written the usual way, which is also
     *     where it shows what is wrong with a connection
     */
    static int send(Channel channel, ByteBuffer bytes) {
        return isFree(channel) ? sendNow(channel, bytes) : 0;
    }

    /** Whether something may be sent at once: the channel is open, and nothing waits that would have to go first. */
    static boolean isFree(Channel channel) {
        if (!(channel instanceof EpollSocketChannel epoll)) {
            return false;
        }
        // None once the channel was closed, and its descriptor may by now be that of another.
        ChannelOutboundBuffer queue = epoll.unsafe().outboundBuffer();
        return queue != null && queue.totalPendingWriteBytes() == 0;
    }

    /** The same as {@link #send} for a channel that {@link #isFree}. */
    static int sendNow(Channel channel, ByteBuffer bytes) {
        try {
            return Math.max(0, ((Socket) ((EpollSocketChannel) channel).fd()).send(bytes, 0, bytes.limit()));
        } catch (IOException failed) {
            return 0;
        }
    }
}
