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
 * @param maxPipelined most requests of a connection of HTTP/1 that wait for their answers; beyond, it is not read
 * @param maxStreams most requests of a connection of HTTP/2 that are under way; beyond, they are refused
 * @param tls the port that speaks TLS
 * @param consent header fields about consent
 * @param proxies who may say that it is somebody else who comes
 * @param limits what connections and requests may cost
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
        int maxPipelined,
        int maxStreams,
        TlsConfig tls,
        ConsentConfig consent,
        ProxyConfig proxies,
        LimitsConfig limits) {

    /** Without proxies, with the fields about consent that are always read, and with the limits of the defaults. */
    public HttpConfig(
            String host,
            int port,
            Transport transport,
            int loops,
            int maxLineBytes,
            int maxHeaderBytes,
            int maxBodyBytes,
            Duration idleTimeout,
            Duration admissionTimeout,
            int maxPipelined,
            int maxStreams,
            TlsConfig tls) {
        this(
                host,
                port,
                transport,
                loops,
                maxLineBytes,
                maxHeaderBytes,
                maxBodyBytes,
                idleTimeout,
                admissionTimeout,
                maxPipelined,
                maxStreams,
                tls,
                ConsentConfig.NONE,
                ProxyConfig.NONE,
                LimitsConfig.DEFAULT);
    }

    public HttpConfig with(TlsConfig tls) {
        return with(tls, consent, proxies, limits);
    }

    public HttpConfig with(ProxyConfig proxies) {
        return with(tls, consent, proxies, limits);
    }

    public HttpConfig with(LimitsConfig limits) {
        return with(tls, consent, proxies, limits);
    }

    public HttpConfig with(ConsentConfig consent) {
        return with(tls, consent, proxies, limits);
    }

    private HttpConfig with(TlsConfig tls, ConsentConfig consent, ProxyConfig proxies, LimitsConfig limits) {
        return new HttpConfig(
                host,
                port,
                transport,
                loops,
                maxLineBytes,
                maxHeaderBytes,
                maxBodyBytes,
                idleTimeout,
                admissionTimeout,
                maxPipelined,
                maxStreams,
                tls,
                consent,
                proxies,
                limits);
    }

    /** Whole bodies for which a loop has memory while they come in or wait for credit, unless told otherwise. */
    private static final int BODIES_HELD = 64;

    /** The window that both sides begin with (RFC 9113, section 6.9.2). */
    private static final int LEAST_WINDOW = 65_535;

    /** Most bytes of bodies that come in or wait for credit which one loop holds; beyond, requests are answered 503. */
    public long bodyBudgetBytes() {
        long all = limits.inFlightBytes();
        return all == LimitsConfig.AUTO ? (long) BODIES_HELD * maxBodyBytes : all / loopCount();
    }

    /** Most bytes of these that one connection of HTTP/2 holds, whose streams could use up all of it. */
    public long connectionBudgetBytes() {
        long given = limits.inFlightBytesOfConnection();
        return given == LimitsConfig.AUTO ? Math.max(maxBodyBytes, bodyBudgetBytes() / 4) : given;
    }

    public int loopCount() {
        return loops > 0 ? loops : Runtime.getRuntime().availableProcessors();
    }

    /**
     * Bytes of a request that a client of HTTP/2 may send without being told to go on: the largest body, and enough
     * beyond it that a larger one is seen. Never less than clients take for granted.
     */
    int streamWindowBytes() {
        return Math.max(LEAST_WINDOW, maxBodyBytes + LEAST_WINDOW / 4);
    }

    /** Bytes that all requests of a connection of HTTP/2 may be ahead of us: four of the largest bodies. */
    int connectionWindowBytes() {
        return 4 * streamWindowBytes();
    }

    /** Most bytes of a list of fields in HTTP/2, which holds the target too. */
    long maxHeaderListBytes() {
        return (long) maxHeaderBytes + maxLineBytes;
    }

    public enum Transport {
        AUTO,
        EPOLL,
        IO_URING,
        NIO;

        /**
         * What is used on this machine for AUTO, else this.
         *
         * @throws IllegalArgumentException if it does not work here
         */
        public Transport chosen() {
            return Transports.choose(this).kind();
        }
    }
}
