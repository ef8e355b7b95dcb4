/**
 * What the gateway speaks, as data: for each protocol its paths, where the write key may stand, what it is answered,
 * and the framed request that decoders read.
 *
 * <p>Threads: descriptors are immutable; a {@link io.sluice.protocol.FramedRequest} is confined to its loop.
 */
package io.sluice.protocol;
