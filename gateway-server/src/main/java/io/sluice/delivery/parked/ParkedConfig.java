package io.sluice.delivery.parked;

import io.sluice.aws.AwsConfig;
import java.nio.file.Path;

/**
 * Where refused blocks are kept.
 *
 * @param directory on this machine, if there is no bucket
 * @param bucket name of the bucket that they go to; empty: none
 * @param prefix beginning of keys in the bucket
 * @param kmsKey id, ARN or alias of the KMS key that S3 is to encrypt them with; empty: as the bucket says
 */
public record ParkedConfig(Path directory, String bucket, String prefix, String kmsKey, AwsConfig aws) {}
