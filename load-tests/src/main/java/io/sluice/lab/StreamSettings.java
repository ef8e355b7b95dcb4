package io.sluice.lab;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a delivery stream was created with, checked.
 *
 * @param configuration the ExtendedS3DestinationConfiguration with AWS's defaults in it, as a description shows it
 */
record StreamSettings(
        String name,
        String bucket,
        KeyTemplate keys,
        boolean gzip,
        long bufferBytes,
        Duration bufferInterval,
        Map<String, Object> configuration) {

    static final int DEFAULT_BUFFER_MIB = 5;
    static final int DEFAULT_BUFFER_SECONDS = 300;
    static final String ROLE = "arn:aws:iam::%s:role/lab";

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]{1,64}");
    private static final Pattern EXTENSION = Pattern.compile("|\\.[0-9a-z!\\-_.*'()]+");
    private static final String BUCKET_ARN = "arn:aws:s3:::";
    private static final int PREFIX_LENGTH = 1_024;

    /** Thrown for settings that AWS would refuse, or that the lab cannot do. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;
        private final transient AwsError error;

        Refused(AwsError error) {
            super(error.message());
            this.error = error;
        }

        AwsError error() {
            return error;
        }
    }

    /**
     * @param given the members of an S3DestinationConfiguration or an ExtendedS3DestinationConfiguration
     */
    static StreamSettings of(String name, Map<?, ?> given) throws Refused {
        if (name == null || !NAME.matcher(name).matches()) {
            throw new Refused(AwsError.constraint(
                    "deliveryStreamName", "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"));
        }
        Map<String, Object> all = new LinkedHashMap<>();
        given.forEach((key, value) -> all.put((String) key, value));
        String arn = text(all, "BucketARN", "");
        if (!arn.startsWith(BUCKET_ARN) || arn.length() == BUCKET_ARN.length()) {
            throw new Refused(AwsError.invalid("BucketARN is \"" + arn + "\", expected arn:aws:s3:::<bucket>"));
        }
        String bucket = arn.substring(BUCKET_ARN.length());
        if (!bucket.matches("[a-z0-9][a-z0-9.-]{1,62}")) {
            throw new Refused(AwsError.invalid("BucketARN does not name a bucket: " + arn));
        }
        String prefix = text(all, "Prefix", "");
        String errorPrefix = text(all, "ErrorOutputPrefix", "");
        if (prefix.length() > PREFIX_LENGTH) {
            throw new Refused(AwsError.constraint("prefix", "Member must have length less than or equal to 1024"));
        }
        if (KeyTemplate.isExpression(prefix) && errorPrefix.isEmpty()) {
            throw new Refused(
                    AwsError.invalid("ErrorOutputPrefix cannot be null or empty when Prefix contains expressions."));
        }
        if (KeyTemplate.isExpression(errorPrefix) && !errorPrefix.contains("!{firehose:error-output-type}")) {
            throw new Refused(AwsError.invalid("ErrorOutputPrefix must contain !{firehose:error-output-type}."));
        }
        String extension = text(all, "FileExtension", "");
        if (!EXTENSION.matcher(extension).matches()) {
            throw new Refused(AwsError.constraint(
                    "fileExtension", "Member must satisfy regular expression pattern: ^$|\\.[0-9a-z!\\-_.*'()]+"));
        }
        String compression = text(all, "CompressionFormat", "UNCOMPRESSED");
        if (!List.of("UNCOMPRESSED", "GZIP").contains(compression)) {
            throw new Refused(
                    AwsError.invalid("CompressionFormat is " + compression + "; this lab knows UNCOMPRESSED and GZIP"));
        }
        boolean gzip = compression.equals("GZIP");
        Map<?, ?> hints = all.get("BufferingHints") instanceof Map<?, ?> map ? map : Map.of();
        long mib = number(hints, "SizeInMBs", DEFAULT_BUFFER_MIB, 1, 128);
        long seconds = number(hints, "IntervalInSeconds", DEFAULT_BUFFER_SECONDS, 0, 900);
        Map<String, Object> allHints = new LinkedHashMap<>();
        allHints.put("SizeInMBs", mib);
        allHints.put("IntervalInSeconds", seconds);
        all.put("BufferingHints", allHints);
        all.put("CompressionFormat", compression);
        all.putIfAbsent("Prefix", "");
        all.putIfAbsent("EncryptionConfiguration", Map.of("NoEncryptionConfig", "NoEncryption"));
        all.putIfAbsent("CloudWatchLoggingOptions", Map.of("Enabled", false));
        all.putIfAbsent("S3BackupMode", "Disabled");
        try {
            KeyTemplate keys = new KeyTemplate(
                    name,
                    prefix,
                    ZoneId.of(text(all, "CustomTimeZone", "UTC")),
                    extension.isEmpty() && gzip ? ".gz" : extension);
            return new StreamSettings(name, bucket, keys, gzip, mib << 20, Duration.ofSeconds(seconds), all);
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new Refused(AwsError.invalid(e.getMessage()));
        }
    }

    private static String text(Map<?, ?> members, String name, String otherwise) throws Refused {
        Object value = members.get(name);
        if (value == null) {
            return otherwise;
        }
        if (value instanceof String text) {
            return text;
        }
        throw new Refused(AwsError.serialization());
    }

    private static long number(Map<?, ?> members, String name, long otherwise, long least, long most) throws Refused {
        Object value = members.get(name);
        if (value == null) {
            return otherwise;
        }
        if (!(value instanceof Long number)) {
            throw new Refused(AwsError.serialization());
        }
        String where = name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
        if (number < least) {
            throw new Refused(AwsError.constraint(where, "Member must have value greater than or equal to " + least));
        }
        if (number > most) {
            throw new Refused(AwsError.constraint(where, "Member must have value less than or equal to " + most));
        }
        return number;
    }
}
