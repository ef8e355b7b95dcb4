/**
 * Decoders, one for each protocol: they find the events in a request, tell the fields of the schema from the rest, and
 * hand both to the scrubbed sink.
 *
 * <pre>
 *   FramedRequest ─▶ Decoder ─▶ EventReader ─▶ ScrubbedSink
 *                        └────▶ Outcome (what was accepted, rejected, or refused as a whole)
 * </pre>
 *
 * <p>Threads: everything is confined to its loop.
 */
package io.sluice.beacon;
