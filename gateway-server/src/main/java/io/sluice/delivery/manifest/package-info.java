/**
 * Manifests: one line for each block that delivery is done with, delivered beside the data as blocks of their own
 * group. What a reader of the bucket needs to tell whether everything is there.
 *
 * <pre>
 *   BlockSource ─pollManifest─▶ Manifests: lines, gathered ─poll─▶ SealedBlock of the group "manifests"
 *        ▲                          │                                        │
 *        └───────manifested─────────┘◀────────settled─── DeliveryService ◀─ Destination
 * </pre>
 *
 * <p>The journal remembers which blocks have a delivered manifest; the lines themselves are not in it. After a crash it
 * hands those out again that nobody confirmed, so a block may have its line twice.
 *
 * <p>Threads: delivery only.
 */
package io.sluice.delivery.manifest;
