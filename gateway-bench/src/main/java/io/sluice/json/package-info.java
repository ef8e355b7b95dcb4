/** Benchmarks of the scanner. */
package io.sluice.json;
