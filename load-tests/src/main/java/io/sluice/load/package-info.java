/**
 * The load generator, {@code scripts/load}: numbered events at a rate that does not wait for answers, or flat out.
 *
 * <pre>
 *   LoadCommand ─ options ─▶ LoadRun ─▶ LoadLoop (one a thread) ─▶ LoadConnection ─▶ the gateway
 *                               │         │  schedule, ledger, templates, tallies
 *                               │◀─ once a second: Sampler ─▶ progress line
 *                               └─▶ RunReport ─▶ JSON, HTML
 * </pre>
 *
 * <p>Threads: event loops, which share nothing and send; the thread of the acks, which writes; the main thread, which
 * samples, prints and reports. Requests are rendered beforehand and only renumbered, so that a generator needs little
 * of the machine that it shares with what it measures. In an open loop a request's latency counts from the time at
 * which the
 * schedule wanted it sent, so that a stall counts for all requests that had to wait for it.
 */
package io.sluice.load;
