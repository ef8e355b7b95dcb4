package io.sluice.http;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;

/**
 * One of Netty's ways to the kernel, chosen.
 *
 * @param kind which one; never AUTO
 * @param ioHandlers makes the part of an event loop that waits for the kernel
 * @param serverChannel the listening socket that goes with it
 */
record Transports(
        HttpConfig.Transport kind, IoHandlerFactory ioHandlers, Class<? extends ServerChannel> serverChannel) {

    /**
     * The transport that was asked for. AUTO takes epoll where it is and NIO elsewhere; io_uring only by name, until a
     * measurement prefers it.
     *
     * @throws IllegalArgumentException if a transport that was named does not work on this machine
     */
    static Transports choose(HttpConfig.Transport wanted) {
        return switch (wanted) {
            case AUTO -> Epoll.isAvailable() ? epoll() : nio();
            case EPOLL -> {
                require(wanted, Epoll.isAvailable(), Epoll.unavailabilityCause());
                yield epoll();
            }
            case IO_URING -> {
                require(wanted, IoUring.isAvailable(), IoUring.unavailabilityCause());
                yield new Transports(wanted, IoUringIoHandler.newFactory(), IoUringServerSocketChannel.class);
            }
            case NIO -> nio();
        };
    }

    private static Transports epoll() {
        return new Transports(HttpConfig.Transport.EPOLL, EpollIoHandler.newFactory(), EpollServerSocketChannel.class);
    }

    private static Transports nio() {
        return new Transports(HttpConfig.Transport.NIO, NioIoHandler.newFactory(), NioServerSocketChannel.class);
    }

    private static void require(HttpConfig.Transport wanted, boolean available, Throwable cause) {
        if (!available) {
            throw new IllegalArgumentException(
                    "http.transport " + wanted + " does not work here, expected AUTO, NIO, or one that does", cause);
        }
    }
}
