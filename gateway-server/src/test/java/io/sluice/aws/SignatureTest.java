package io.sluice.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;

/** Against AWS's published example, and against the SDK's signer. */
class SignatureTest {

    /** Credentials, region, service, time and hosts of AWS's Signature Version 4 test suite. */
    private static final AwsCredentials EXAMPLE =
            AwsBasicCredentials.create("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

    private static final Instant TIME = Instant.parse("2015-08-30T12:36:00Z");

    @Test
    void everyHeaderThatItAddsIsTheSdks() {
        for (long seed = 1; seed <= 200; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] body = new byte[random.nextInt(5000)];
            random.nextBytes(body);
            Instant time = TIME.plusSeconds(random.nextLong(400_000_000L));
            AwsCredentials credentials = random.nextBoolean()
                    ? EXAMPLE
                    : AwsSessionCredentials.create(" ASIA" + seed, "secret/" + seed + '\n', "token+/=" + seed + ' ');
            String region = List.of("us-east-1", "eu-central-1", "cn-north-1").get(random.nextInt(3));
            String host = random.nextBoolean() ? "firehose." + region + ".amazonaws.com" : "127.0.0.1:4573";
            Map<String, String> headers = Map.of(
                    "Content-Type", "application/x-amz-json-1.1", "Host", host, "X-Amz-Target", "Firehose_20150804.X");

            Map<String, String> signed = new Signature(region, "firehose")
                    .sign(headers, Signature.hex(Signature.sha256().digest(body)), credentials, time);

            assertThat(signed).as("seed %s", seed).isEqualTo(bySdk(region, host, headers, body, credentials, time));
        }
    }

    private static Map<String, String> bySdk(
            String region,
            String host,
            Map<String, String> headers,
            byte[] body,
            AwsCredentials credentials,
            Instant time) {
        SdkHttpRequest.Builder request = SdkHttpRequest.builder()
                .method(SdkHttpMethod.POST)
                .uri(URI.create((host.startsWith("127") ? "http://" : "https://") + host))
                .encodedPath("/");
        headers.forEach(request::putHeader);
        SdkHttpRequest signed = AwsV4HttpSigner.create()
                .sign(sign -> sign.identity(credentials)
                        .request(request.build())
                        .payload(ContentStreamProvider.fromByteArrayUnsafe(body))
                        .putProperty(HttpSigner.SIGNING_CLOCK, Clock.fixed(time, ZoneOffset.UTC))
                        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "firehose")
                        .putProperty(AwsV4HttpSigner.REGION_NAME, region))
                .request();
        Map<String, String> all = new HashMap<>();
        signed.headers().forEach((name, values) -> all.put(name, values.getFirst()));
        // The SDK spells this one in lower case, which nobody tells apart.
        String hash = all.remove("x-amz-content-sha256");
        if (hash != null) {
            all.put("X-Amz-Content-Sha256", hash);
        }
        return all;
    }

    @Test
    void theHashIsThatOfTheStandard() {
        // FIPS 180-4, "abc".
        assertThat(Signature.hex(Signature.sha256().digest("abc".getBytes(StandardCharsets.US_ASCII))))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
