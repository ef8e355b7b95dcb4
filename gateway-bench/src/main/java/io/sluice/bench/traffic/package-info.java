/**
 * Traffic as web shops send it, made from a seed: for benchmarks, load tests, and whoever else needs many different
 * events that look real and name nobody.
 *
 * <pre>
 *   seed ─▶ Traffic ─▶ Body: 50 events of one shop, numbered ─▶ POST /v1/events?k=SHOP
 * </pre>
 *
 * <p>Made before the measurement begins, never while it runs. Threads: each its own {@code Traffic}, or bodies made
 * beforehand; a body is renumbered by one thread at a time.
 */
package io.sluice.bench.traffic;
