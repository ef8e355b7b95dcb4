package io.sluice.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Settings of the port that speaks TLS.
 *
 * @param host address to listen on; empty for that of plain HTTP
 * @param port TCP port, 0 for any free one, {@link #OFF} for no TLS
 * @param certificates PEM files of a chain each, the server's own certificate first; the first file serves clients
 *     that name no host, or none that a certificate is for
 * @param keys PEM file of the private key of each certificate, in the same order
 * @param clientCa PEM file of the authorities that clients' certificates are to be from; {@code null} asks for none
 * @param clientAuth what of a client without a certificate, if there is such a file
 * @param handshakeTimeout how long a client has from its connection to the end of the handshake
 * @param strictTransport for how long browsers are told to come by TLS only; zero tells them nothing
 */
public record TlsConfig(
        String host,
        int port,
        List<Path> certificates,
        List<Path> keys,
        Path clientCa,
        ClientAuthentication clientAuth,
        Duration handshakeTimeout,
        Duration strictTransport) {

    /** The port where there is none. */
    public static final int OFF = -1;

    public static final TlsConfig NONE = new TlsConfig(
            "", OFF, List.of(), List.of(), null, ClientAuthentication.AUTO, Duration.ofSeconds(10), Duration.ZERO);

    public TlsConfig {
        certificates = List.copyOf(certificates);
        keys = List.copyOf(keys);
    }

    public boolean on() {
        return port != OFF;
    }

    public enum ClientAuthentication {
        /** {@link #REQUIRE} where there are authorities, else clients are asked for none. */
        AUTO,
        /** A client without a certificate is served, one with a wrong one is not. */
        OPTIONAL,
        /** Only a client with a certificate is served. */
        REQUIRE
    }
}
