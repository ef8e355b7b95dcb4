/** Benchmarks of the decoders. */
package io.sluice.beacon;
