package io.sluice.delivery.parked;

import io.sluice.aws.AwsConfig;
import java.nio.file.Path;

/**
 * Where refused blocks are kept.
 *
 * @param directory on this machine, if there is no bucket
 * @param bucket name of the bucket that they go to; empty: none
 * @param prefix beginning of keys in the bucket
 */
public record ParkedConfig(Path directory, String bucket, String prefix, AwsConfig aws) {}
