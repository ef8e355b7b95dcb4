package io.sluice.aws;

import java.time.Duration;

/**
 * Where and how a service is called.
 *
 * @param region such as {@code eu-west-1}; empty: that of the environment, the profile or the instance
 * @param endpoint URL to call instead of the region's own; empty: the region's own
 * @param timeout longest time of one call
 */
public record AwsConfig(String region, String endpoint, Duration timeout) {}
