package io.sluice.ring;

/**
 * Settings of the waist.
 *
 * @param tickets tickets in the pool of each producer: its credits, one of them kept for seals
 * @param bytes bytes of frames that all producers together may have in flight
 * @param commitWait how the committer waits for tickets
 */
public record RingConfig(int tickets, int bytes, CommitWait commitWait) {}
