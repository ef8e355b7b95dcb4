package io.sluice.aws;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where in S3 to look.
 *
 * @param bucket its name
 * @param prefix what keys begin with: empty, or ending with a slash
 */
public record BucketPrefix(String bucket, String prefix) {

    public static final String EXPECTED = "s3://BUCKET or s3://BUCKET/PREFIX";

    /** Bucket names have 3 to 63 characters of these ("General purpose bucket naming rules", user guide). */
    private static final Pattern URI = Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(.*))?");

    /** @throws IllegalArgumentException if the text is no such place; its message says what was expected */
    public static BucketPrefix parse(String text) {
        Matcher matcher = URI.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no place in S3, expected " + EXPECTED);
        }
        String prefix = matcher.group(2) == null ? "" : matcher.group(2);
        return new BucketPrefix(matcher.group(1), prefix.isEmpty() || prefix.endsWith("/") ? prefix : prefix + "/");
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix;
    }
}
