package io.sluice.intake;

import java.time.Duration;

/**
 * Settings of the way from request to ticket.
 *
 * @param flushBytes raw bytes staged on a loop that make it flush at once
 * @param maxDelay how long a staged request waits at most while the committer is busy
 * @param blockBytes most encoded bytes of a block: what one Firehose record may hold, or a quarter second of quota
 * @param blockRawBytes most bytes of lines in a block
 * @param lingerMax how long a block stays open at most
 * @param maxEvents most events of one request
 * @param maxEventBytes most bytes of one event as it arrives
 * @param targetDelay how long requests may have to wait for good before some of them are refused
 * @param ticketTimeout age of the oldest ticket in flight beyond which requests are refused
 * @param bulk what becomes of requests that cost far more than they bring
 */
public record IntakeConfig(
        int flushBytes,
        Duration maxDelay,
        int blockBytes,
        int blockRawBytes,
        Duration lingerMax,
        int maxEvents,
        int maxEventBytes,
        Duration targetDelay,
        Duration ticketTimeout,
        BulkConfig bulk) {}
