/**
 * The oracle, {@code scripts/oracle}: whether everything that was acknowledged was delivered, and nothing else.
 *
 * <pre>
 *   files of acks ─▶ Runs ──▶ Pass: sets of numbers, one a block of 65,536 ◀── LineReader ◀── objects
 *                               │
 *                               ├─▶ Positions: which duplicates are the same record twice
 *                               └─▶ Verdict
 * </pre>
 *
 * <p>It parses no JSON: the id stands at the begin of a line and the position at its end. Its memory has a bound: what
 * does not fit is done in a further pass over the objects. One thread.
 */
package io.sluice.oracle;
