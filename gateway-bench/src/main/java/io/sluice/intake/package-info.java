/** Benchmarks of the way from a received body to frames, on one thread. */
package io.sluice.intake;
