/**
 * Every counter, gauge, distribution and reason of the gateway, each named once, with unit and meaning.
 *
 * <p>Threads: each writing thread owns one {@link io.sluice.metrics.Cells}; {@code admin} reads them all and exports.
 */
package io.sluice.metrics;
