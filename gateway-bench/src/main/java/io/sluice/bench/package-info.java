/** Runs the benchmarks of all packages, each stage beside its baseline. */
package io.sluice.bench;
