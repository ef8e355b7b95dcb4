/** Benchmarks of the scanner, and what its inner loop was raced against. */
package io.sluice.json;
