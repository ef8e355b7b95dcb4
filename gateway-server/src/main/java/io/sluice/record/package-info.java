/**
 * The record: the schema of an event line, the staging of raw lines, stream groups, and the encoders that pack lines
 * into blocks.
 *
 * <pre>
 *   scrubbed line ─▶ LineBuffer ─▶ BlockEncoder ─▶ frame payload in an arena
 * </pre>
 *
 * <p>Threads: buffers and encoders are confined to their producer; the rest is immutable.
 */
package io.sluice.record;
