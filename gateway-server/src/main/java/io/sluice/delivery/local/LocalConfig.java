package io.sluice.delivery.local;

import java.nio.file.Path;
import java.time.Duration;

/**
 * Settings of the local destination, with the meaning that they have in Firehose's buffering hints.
 *
 * @param directory where the keys begin
 * @param bufferBytes an object is completed when it would grow beyond this
 * @param bufferTime an object is completed when its first block has waited this long
 */
public record LocalConfig(Path directory, long bufferBytes, Duration bufferTime) {}
