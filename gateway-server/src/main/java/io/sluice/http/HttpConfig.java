package io.sluice.http;

import java.time.Duration;

/**
 * Settings of the beacon server.
 *
 * @param host address to listen on
 * @param port TCP port, 0 for any free one
 * @param transport which of Netty's transports; AUTO takes epoll where it is, else NIO
 * @param loops event loops, each with a thread; 0 for one per processor
 * @param maxLineBytes most bytes of a request line
 * @param maxHeaderBytes most bytes of all header fields
 * @param maxBodyBytes most bytes of a body
 * @param idleTimeout how long a connection may stand with no byte read or written
 * @param admissionTimeout how long a request waits for credit before it is answered 503
 * @param maxPipelined most requests of a connection that wait for their answers; beyond, it is not read
 */
public record HttpConfig(
        String host,
        int port,
        Transport transport,
        int loops,
        int maxLineBytes,
        int maxHeaderBytes,
        int maxBodyBytes,
        Duration idleTimeout,
        Duration admissionTimeout,
        int maxPipelined) {

    /** Whole bodies for which a loop has memory while they come in or wait for credit. */
    private static final int BODIES_HELD = 64;

    /** Most bytes of bodies that come in or wait for credit which one loop holds; beyond, requests are answered 503. */
    public long bodyBudgetBytes() {
        return (long) BODIES_HELD * maxBodyBytes;
    }

    public enum Transport {
        AUTO,
        EPOLL,
        IO_URING,
        NIO
    }
}
