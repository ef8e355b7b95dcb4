package io.sluice.cli;

import io.sluice.aws.AwsConfig;
import io.sluice.aws.BucketPrefix;
import io.sluice.aws.ObjectReader;
import io.sluice.aws.ObjectVersions;
import io.sluice.aws.SdkObjectReader;
import io.sluice.aws.SdkObjectVersions;
import java.time.Duration;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** The options that commands share which read S3. */
public final class S3Options {

    /** Of a call, which brings 8 MiB at most. */
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** What stand-ins take for theirs. */
    private static final String USUAL_REGION = "us-east-1";

    @Option(
            names = "--s3",
            paramLabel = "PLACE",
            converter = Place.class,
            description = "Objects in S3: " + BucketPrefix.EXPECTED + "; may be repeated. Credentials are looked for"
                    + " where AWS's tools look.")
    private List<BucketPrefix> places = List.of();

    @Option(
            names = "--endpoint",
            paramLabel = "URL",
            defaultValue = "",
            description = "Where S3 answers, if not at AWS: a stand-in, which is asked for BUCKET as a path.")
    private String endpoint;

    @Option(
            names = "--region",
            paramLabel = "REGION",
            defaultValue = "",
            description = "Of the bucket. Default: that of the environment or profile.")
    private String region;

    static final class Place implements ITypeConverter<BucketPrefix> {
        @Override
        public BucketPrefix convert(String text) {
            try {
                return BucketPrefix.parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }

    public List<BucketPrefix> places() {
        return places;
    }

    /** Connects when it is first asked for something. */
    public ObjectReader reader() {
        return new SdkObjectReader(config());
    }

    /** The same, of all versions of objects. */
    public ObjectVersions versions() {
        return new SdkObjectVersions(config());
    }

    private AwsConfig config() {
        String used = region;
        if (used.isEmpty() && !endpoint.isEmpty() && System.getenv("AWS_REGION") == null) {
            used = USUAL_REGION;
        }
        return new AwsConfig(used, endpoint, TIMEOUT);
    }
}
