/**
 * Privacy: what is personal in an event does not get past this package.
 *
 * <pre>
 *   scanned event ─▶ ScrubbedSink ─┬─ bytes without a mark: copied ───────────────▶ LineBuffer
 *                                  └─ strings with a candidate ─▶ Scrubber ─▶ detectors ─┘
 * </pre>
 *
 * <p>The {@link io.sluice.privacy.ScrubbedSink} is the only writer of lines. A new detector is one implementation of
 * {@code Detector} and one line in {@code Scrubber}; if it starts from bytes that are no candidates yet, it names them
 * in {@code Scanner.string} as well.
 *
 * <p>Threads: everything is confined to its loop.
 */
package io.sluice.privacy;
