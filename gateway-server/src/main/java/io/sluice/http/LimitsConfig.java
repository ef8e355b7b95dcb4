package io.sluice.http;

import java.time.Duration;

/**
 * What connections and requests may cost beside the sizes that {@link HttpConfig} bounds.
 *
 * @param connections most of them at once
 * @param connectionsOfAddress most of them at once from one address, or from one /64 of IPv6
 * @param requests most of a connection; behind the last it is ended
 * @param fields most header fields of a request
 * @param firstByte how long a connection may take to its first byte
 * @param head how long a request may take from the first byte of its head to the last
 * @param body how long a request may take from its head to its last byte
 * @param bodyBytesPerSecond fewest bytes of bodies a second while one comes in
 * @param inFlightBytes most bytes of bodies that come in or wait for room, or {@link #AUTO}
 * @param inFlightBytesOfConnection the same of one connection, or {@link #AUTO}
 * @param floods what a client may do that brings nothing forward, or costs far more than it brings
 */
public record LimitsConfig(
        int connections,
        int connectionsOfAddress,
        int requests,
        int fields,
        Duration firstByte,
        Duration head,
        Duration body,
        int bodyBytesPerSecond,
        long inFlightBytes,
        long inFlightBytesOfConnection,
        FloodConfig floods) {

    /** With what a client may do by default. */
    public LimitsConfig(
            int connections,
            int connectionsOfAddress,
            int requests,
            int fields,
            Duration firstByte,
            Duration head,
            Duration body,
            int bodyBytesPerSecond,
            long inFlightBytes,
            long inFlightBytesOfConnection) {
        this(
                connections,
                connectionsOfAddress,
                requests,
                fields,
                firstByte,
                head,
                body,
                bodyBytesPerSecond,
                inFlightBytes,
                inFlightBytesOfConnection,
                FloodConfig.DEFAULT);
    }

    public LimitsConfig with(FloodConfig floods) {
        return new LimitsConfig(
                connections,
                connectionsOfAddress,
                requests,
                fields,
                firstByte,
                head,
                body,
                bodyBytesPerSecond,
                inFlightBytes,
                inFlightBytesOfConnection,
                floods);
    }

    /** What {@link HttpConfig} derives from the size of a body. */
    public static final int AUTO = 0;

    /** As {@code config/sluice.yaml} derives them, for a heap of 2 GiB. */
    public static final LimitsConfig DEFAULT = new LimitsConfig(
            65_536,
            1_024,
            1_000_000,
            128,
            Duration.ofSeconds(15),
            Duration.ofSeconds(10),
            Duration.ofSeconds(60),
            1024,
            AUTO,
            AUTO);

    /** How long a body may take before its rate counts: a slow start, and packets lost in a tunnel. */
    static final Duration RATE_GRACE = Duration.ofSeconds(5);
}
