/**
 * Privacy: what is personal in an event does not get past this package.
 *
 * <pre>
 *   scanned event ─▶ ScrubbedSink ─▶ MarkedCopy ─┬─ bytes without a mark: copied ────────────────────────▶ LineBuffer
 *                                                └─ marked ─▶ Scrubber ─▶ Sieve ─▶ DecodedText ─▶ Finder ─┘
 *                                                                (Rules of a Policy, Replacement)
 * </pre>
 *
 * <p>Policies come from files and presets ({@code PolicyFile} ─▶ {@code Policy} ─▶ {@code Rules}) as one
 * {@link io.sluice.privacy.Policies} snapshot, to whose parts shops refer. {@code FieldPattern}s say which names they
 * know; {@code Envelope} renders what all lines of a request share; {@code Findings} counts what was done.
 *
 * <p>The {@link io.sluice.privacy.ScrubbedSink} is the only writer of lines. A new kind of personal data is a
 * {@code Kind}, a class that finds it and a line in {@code Finder}; if it starts from bytes that are no candidates yet,
 * it names them in {@code Sieve} and in {@code Scanner.string} as well. What is done with a kind is data: a
 * {@code Policy}.
 *
 * <p>Threads: everything is confined to its loop, but for policies and rules, which are immutable.
 */
package io.sluice.privacy;
