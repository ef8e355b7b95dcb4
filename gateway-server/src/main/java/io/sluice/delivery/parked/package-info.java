/**
 * Where blocks are kept that a destination will never take: their bytes as they are, under a name that says where they
 * come from and why they were refused.
 *
 * <pre>
 * refused block ─▶ Parking ─┬▶ DirectoryParking ─▶ parked/events/2026/11/22/sluice-019a…-0-17-invalid-argument.jsonl.gz
 *                             └▶ BucketParking ────▶ the same key in a bucket
 * </pre>
 *
 * <p>Threads: delivery calls; a bucket's answer comes on a thread of the SDK.
 */
package io.sluice.delivery.parked;
