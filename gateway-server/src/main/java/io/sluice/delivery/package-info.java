/**
 * Delivery: sealed blocks leave the journal for a destination, and are marked once they are durable there.
 *
 * <pre>
 *   journal.BlockSource ─poll─▶ DeliveryService ─accept, flush─▶ Destination ─▶ local directory in S3 layout
 *           ▲                         │
 *           └───────delivered─────────┘──▶ DeliveredBlocks (what GET /v1/delivered asks)
 * </pre>
 *
 * <p>Behind them go their manifests ({@link io.sluice.delivery.manifest}). A block is polled only of a group for which
 * the destination has room, so that no group holds up another.
 *
 * <p>Threads: the delivery thread does the work; any thread may ask for the state of a position. A new destination is
 * one class or package that implements {@link io.sluice.delivery.Destination}.
 */
package io.sluice.delivery;
