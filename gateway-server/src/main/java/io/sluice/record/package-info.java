/**
 * The record: the schema of an event line, the staging of raw lines, stream groups, and the encoders that pack lines
 * into blocks.
 *
 * <pre>
 *   scrubbed line ─▶ LineBuffer ─▶ BlockEncoder ─▶ frame payload in an arena
 * </pre>
 *
 * <p>Inside the encoder of gzip at level 1, {@link io.sluice.record.FastDeflate}:
 *
 * <pre>
 *   chunk ─▶ Matcher (window) ─▶ Sequences ─▶ BlockCode, fixed or fitted ─▶ BitSink ─▶ payload
 *                                    └─ counts ─▶ FittedCode: HuffmanCode, DynamicHeader
 * </pre>
 *
 * <p>Threads: buffers and encoders are confined to their producer; the rest is immutable.
 */
package io.sluice.record;
