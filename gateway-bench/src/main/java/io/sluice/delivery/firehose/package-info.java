/** Benchmarks of batches for Firehose: built, and brought under way. */
package io.sluice.delivery.firehose;
