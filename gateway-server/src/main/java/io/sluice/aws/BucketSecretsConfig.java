package io.sluice.aws;

/**
 * Where secrets are that a fleet shares by a bucket.
 *
 * @param bucket its name; empty: secrets are elsewhere
 * @param prefix what their keys begin with
 * @param key id, ARN or alias of the KMS key that wraps them
 * @param s3 where the bucket is
 * @param kms where the key is
 */
public record BucketSecretsConfig(String bucket, String prefix, String key, AwsConfig s3, AwsConfig kms) {

    /** Whether there is a bucket. */
    public boolean on() {
        return !bucket.isEmpty();
    }
}
