/**
 * The local destination: the bytes that Firehose would receive, under the keys that Firehose would give them, in a
 * directory.
 *
 * <pre>
 *   SealedBlock ─▶ ObjectBuffer (one a group and encoding) ─▶ .tmp/… ─sync, rename─▶ KEY
 *
 *   KEY   prefix/YYYY/MM/DD/HH/stream-1-….jsonl.gz
 * </pre>
 *
 * <p>Threads: delivery only.
 */
package io.sluice.delivery.local;
