package io.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lab as a process, and the clients that are processes: AWS CLI and boto3, as their users run them. */
final class LabProcessTest {

    private static final String BOTO = """
            import sys, boto3
            from botocore.exceptions import ClientError
            client = boto3.client('firehose', endpoint_url=sys.argv[1])
            client.create_delivery_stream(DeliveryStreamName='made', DeliveryStreamType='DirectPut',
                ExtendedS3DestinationConfiguration={'RoleARN': 'arn:aws:iam::123456789012:role/r',
                    'BucketARN': 'arn:aws:s3:::bucket', 'Prefix': 'made/'})
            assert client.list_delivery_streams()['DeliveryStreamNames'] == ['a', 'made']
            described = client.describe_delivery_stream(DeliveryStreamName='made')['DeliveryStreamDescription']
            assert described['DeliveryStreamStatus'] == 'ACTIVE', described
            assert described['CreateTimestamp'].year >= 2025, described
            response = client.put_record_batch(DeliveryStreamName='made',
                Records=[{'Data': b'boto one\\n'}, {'Data': bytes(range(256)) * 100}])
            assert response['FailedPutCount'] == 0, response
            assert len(response['RequestResponses']) == 2, response
            assert client.put_record(DeliveryStreamName='made', Record={'Data': b'boto two\\n'})['RecordId']
            try:
                client.put_record(DeliveryStreamName='none', Record={'Data': b'x'})
                raise AssertionError('no error')
            except client.exceptions.ResourceNotFoundException as e:
                assert e.response['Error']['Message'] == 'Firehose none under account 123456789012 not found.'
                assert e.response['ResponseMetadata']['HTTPStatusCode'] == 400
            try:
                client.put_record_batch(DeliveryStreamName='made', Records=[{'Data': b'x' * 1024001}])
                raise AssertionError('no error')
            except ClientError as e:
                assert e.response['Error']['Code'] == 'ValidationException', e.response
            client.delete_delivery_stream(DeliveryStreamName='made')
            print('all well')
            """;

    @TempDir
    Path directory;

    @Test
    void onSigtermWhatIsBufferedIsDeliveredAndTheExitCodeIsZero() throws Exception {
        needs("aws", "--version");
        try (LabProcess lab = new LabProcess(directory, "--streams", "a=events/", "--buffer-interval", "900s")) {
            String url = lab.url();
            assertThat(run(url, "aws", "firehose", "list-delivery-streams", "--endpoint-url", url))
                    .contains("\"a\"")
                    .contains("\"HasMoreDeliveryStreams\": false");
            assertThat(run(
                            url,
                            "aws",
                            "firehose",
                            "put-record-batch",
                            "--delivery-stream-name",
                            "a",
                            "--records",
                            "[{\"Data\": \"Y2xpIG9uZQo=\"}, {\"Data\": \"Y2xpIHR3bwo=\"}]",
                            "--endpoint-url",
                            url))
                    .contains("\"FailedPutCount\": 0");
            assertThat(run(
                            url,
                            "aws",
                            "firehose",
                            "put-record",
                            "--delivery-stream-name",
                            "none",
                            "--record",
                            "Data=eAo=",
                            "--endpoint-url",
                            url))
                    .contains("(ResourceNotFoundException) when calling the PutRecord operation");
            assertThat(objects()).isEmpty();
            lab.terminate();
            assertThat(lab.exitCode()).isZero();
            assertThat(lab.rest()).contains("2 records stored, 2 delivered in 1 objects, 0 lost, 1 refused");
        }
        assertThat(objects()).hasSize(1);
        assertThat(directory.resolve("s3/lab").relativize(objects().getFirst()).toString())
                .matches("events/\\d{4}/\\d\\d/\\d\\d/\\d\\d/a-1-\\d{4}(-\\d\\d){5}-[0-9a-f-]{36}\\.jsonl\\.gz");
        // Version 2 of the CLI takes blobs as base64, version 1 as they stand.
        assertThat(Files.readString(objects().getFirst())).isIn("cli one\ncli two\n", "Y2xpIG9uZQo=Y2xpIHR3bwo=");
    }

    @Test
    void botoCannotTell() throws Exception {
        needs("python3", "-c", "import boto3");
        try (LabProcess lab = new LabProcess(directory, "--streams", "a")) {
            String url = lab.url();
            assertThat(run(url, "python3", "-c", BOTO, url)).endsWith("all well\n");
            lab.terminate();
            assertThat(lab.exitCode()).isZero();
        }
        assertThat(objects()).hasSize(1);
        assertThat(Files.size(objects().getFirst())).isEqualTo(9 + 25_600 + 9);
    }

    @Test
    void aSecondLabInTheSameDirectoryIsRefused() throws Exception {
        try (LabProcess first = new LabProcess(directory);
                LabProcess second = waited(first, directory)) {
            assertThat(second.exitCode()).isEqualTo(1);
            assertThat(second.rest()).contains("another lab works in " + directory);
        }
    }

    private static LabProcess waited(LabProcess first, Path directory) throws IOException {
        first.url();
        return new LabProcess(directory);
    }

    @Test
    void aWrongCommandLineIsRefusedWithWhatWasExpected() throws Exception {
        try (LabProcess lab = new LabProcess(directory, "--quota", "5 apples")) {
            assertThat(lab.exitCode()).isEqualTo(2);
            assertThat(lab.rest()).contains("--quota is 5 apples, expected a size above 0 such as 5MiB, or none");
        }
        try (LabProcess lab = new LabProcess(directory, "--buffer-interval", "901s")) {
            assertThat(lab.exitCode()).isEqualTo(2);
            assertThat(lab.rest()).contains("less than or equal to 900");
        }
    }

    private List<Path> objects() throws IOException {
        Path root = directory.resolve("s3");
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    /** Skips the test where the tool is not; on CI that is a failure, as there it must be. */
    private static void needs(String... command) throws InterruptedException {
        boolean there;
        try {
            there = start("http://127.0.0.1", command).waitFor() == 0;
        } catch (IOException e) {
            there = false;
        }
        if (!there && "true".equals(String.valueOf(System.getenv("CI")).toLowerCase(Locale.ROOT))) {
            throw new AssertionError("not on this machine: " + String.join(" ", command));
        }
        Assumptions.assumeTrue(there, "not on this machine: " + String.join(" ", command));
    }

    /** What the command printed, its errors included. */
    private static String run(String url, String... command) throws IOException, InterruptedException {
        Process process = start(url, command);
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    private static Process start(String url, String... command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("AWS_ACCESS_KEY_ID", "lab");
        builder.environment().put("AWS_SECRET_ACCESS_KEY", "lab");
        builder.environment().put("AWS_DEFAULT_REGION", "us-east-1");
        builder.environment().put("AWS_ENDPOINT_URL_FIREHOSE", url);
        builder.environment().put("AWS_PAGER", "");
        return builder.start();
    }
}
