/** Benchmarks of the way from ring to disk. */
package io.sluice.journal;
