package io.sluice.aws;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sluice.testing.CleanLog;
import io.sluice.testing.Delivered;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client against a server that answers as it is told. */
@Timeout(60)
@ExtendWith(CleanLog.class)
class SdkFirehoseTest {

    private static final String TYPE = "application/x-amz-json-1.1";

    private final AtomicInteger requests = new AtomicInteger();
    private volatile int status = 200;
    private volatile String answer = "{}";
    private volatile String errorType;
    private volatile String target;
    private volatile int port;
    private volatile String body;
    private HttpServer server;

    @BeforeAll
    static void noInstance() {
        System.setProperty("aws.disableEc2Metadata", "true");
    }

    @AfterAll
    static void maybeInstance() {
        System.clearProperty("aws.disableEc2Metadata");
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
        port = exchange.getRemoteAddress().getPort();
        body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", TYPE);
        if (errorType != null) {
            exchange.getResponseHeaders().set("x-amzn-ErrorType", errorType);
        }
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void recordsGoInOneCallAndResultsComeInTheirOrder() throws Exception {
        answer = """
                {"FailedPutCount":2,"RequestResponses":[{"RecordId":"1"},
                {"ErrorCode":"ServiceUnavailableException","ErrorMessage":"Slow down."},
                {"ErrorCode":"InternalFailure","ErrorMessage":"?"},{"RecordId":"4"}]}""";
        PutResult result = put(endpoint(), "a", "b", "c", "d");

        assertThat(result)
                .isEqualTo(new PutResult.Answered(List.of(
                        new RecordResult.Taken("1"),
                        RecordResult.NotTaken.THROTTLED,
                        RecordResult.NotTaken.UNKNOWN,
                        new RecordResult.Taken("4"))));
        assertThat(target).isEqualTo("Firehose_20150804.PutRecordBatch");
        Map<String, Object> request = Delivered.parse(body);
        assertThat(request).containsEntry("DeliveryStreamName", "events");
        assertThat((List<?>) request.get("Records"))
                .hasSize(4)
                .first()
                .isEqualTo(Map.of("Data", Base64.getEncoder().encodeToString("a".getBytes(StandardCharsets.UTF_8))));
        assertThat(requests).hasValue(1);
    }

    @Test
    void anAnswerWithoutEndIsGivenUp() throws Exception {
        answer = "{\"RequestResponses\":[{\"RecordId\":\"" + "1".repeat(3 << 20) + "\"}]}";
        assertThat(put(endpoint(), "a"))
                .isInstanceOfSatisfying(
                        PutResult.Failed.class,
                        failed -> assertThat(failed.problem()).as(failed.code()).isEqualTo(CallProblem.UNKNOWN));
    }

    @Test
    void onlyAnIdSaysThatARecordWasTaken() throws Exception {
        answer = """
                {"RequestResponses":[null,{},{"RecordId":""},{"RecordId":"4","ErrorCode":1},{"RecordId":5},
                {"RecordId":"6","ErrorCode":null}]}""";
        assertThat(put(endpoint(), "a", "b", "c", "d", "e", "f"))
                .isEqualTo(new PutResult.Answered(List.of(
                        RecordResult.NotTaken.UNKNOWN,
                        RecordResult.NotTaken.UNKNOWN,
                        RecordResult.NotTaken.UNKNOWN,
                        RecordResult.NotTaken.UNKNOWN,
                        RecordResult.NotTaken.UNKNOWN,
                        new RecordResult.Taken("6"))));
    }

    @Test
    void resultsThatDoNotMatchTheRecordsProveNothing() throws Exception {
        answer = "{\"FailedPutCount\":0,\"RequestResponses\":[{\"RecordId\":\"1\"}]}";
        assertThat(put(endpoint(), "a", "b"))
                .isEqualTo(new PutResult.Failed(CallProblem.UNKNOWN, "1 results for 2 records"));
    }

    @ParameterizedTest
    @CsvSource({
        "503, ServiceUnavailableException, THROTTLED",
        "400, ThrottlingException, THROTTLED",
        "500, InternalFailure, UNKNOWN",
        "502, BadGateway, UNKNOWN",
        "400, InvalidArgumentException, INVALID",
        "400, ResourceNotFoundException, GONE",
        "400, InvalidKMSResourceException, DENIED",
        "400, AccessDeniedException, DENIED",
        "403, ExpiredTokenException, DENIED",
    })
    void aFailedCallIsToldApartByWhatIsDoneNextAndMadeOnce(int status, String code, CallProblem problem)
            throws Exception {
        this.status = status;
        answer = "{\"__type\":\"" + code + "\",\"message\":\"as told\"}";
        assertThat(put(endpoint(), "a")).isEqualTo(new PutResult.Failed(problem, code));
        assertThat(requests).as("attempts").hasValue(1);
    }

    @Test
    void theCodeOfAnErrorIsReadWhereverItStands() throws Exception {
        status = 400;
        answer = "{\"__type\":\"com.amazonaws.firehose#ResourceNotFoundException\"}";
        assertThat(put(endpoint(), "a")).isEqualTo(new PutResult.Failed(CallProblem.GONE, "ResourceNotFoundException"));
        answer = "{\"code\":\"InvalidArgumentException\"}";
        assertThat(put(endpoint(), "a"))
                .isEqualTo(new PutResult.Failed(CallProblem.INVALID, "InvalidArgumentException"));
        errorType = "AccessDeniedException:http://internal.amazon.com/";
        assertThat(put(endpoint(), "a")).isEqualTo(new PutResult.Failed(CallProblem.DENIED, "AccessDeniedException"));
    }

    @Test
    void anErrorWithoutACodeIsToldByItsStatus() throws Exception {
        status = 503;
        answer = "<html>busy</html>";
        assertThat(put(endpoint(), "a")).isEqualTo(new PutResult.Failed(CallProblem.UNKNOWN, "status 503"));
        status = 413;
        assertThat(put(endpoint(), "a")).isEqualTo(new PutResult.Failed(CallProblem.INVALID, "status 413"));
    }

    @Test
    void anAnswerThatIsNoJsonProvesNothing() throws Exception {
        answer = "<html>hello</html>";
        assertThat(put(endpoint(), "a"))
                .isInstanceOfSatisfying(
                        PutResult.Failed.class,
                        failed -> assertThat(failed.problem()).isEqualTo(CallProblem.UNKNOWN));
    }

    @Test
    void aClockThatIsWrongIsFollowedFromTheNextCallOn() throws Exception {
        Instant theirs = Instant.now().plus(Duration.ofHours(2));
        String date = DateTimeFormatter.RFC_1123_DATE_TIME.format(theirs.atZone(ZoneOffset.UTC));
        List<String> heads = new CopyOnWriteArrayList<>();
        try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            Thread clock = Thread.ofPlatform().start(() -> {
                answer(server, 400, date, "{\"__type\":\"InvalidSignatureException\"}", heads);
                answer(server, 200, date, "{\"RequestResponses\":[{\"RecordId\":\"1\"}]}", heads);
            });
            try (SdkFirehose firehose = firehose(config("http://127.0.0.1:" + server.getLocalPort()))) {
                assertThat(put(firehose, "a"))
                        .isEqualTo(new PutResult.Failed(CallProblem.DENIED, "InvalidSignatureException"));
                assertThat(put(firehose, "a")).isInstanceOf(PutResult.Answered.class);
            }
            clock.join();
        }
        assertThat(signedAt(heads.get(0))).isBefore(theirs.minusSeconds(3600));
        assertThat(signedAt(heads.get(1))).isBetween(theirs.minusSeconds(5), theirs.plusSeconds(60));
    }

    private static Instant signedAt(String head) {
        Matcher date = Pattern.compile("(?i)\r\nx-amz-date: *(\\w+)").matcher(head);
        assertThat(date.find()).as(head).isTrue();
        return DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmssX").parse(date.group(1), Instant::from);
    }

    /** Reads one request, of which it keeps the head, and answers it. */
    private static void answer(ServerSocket server, int status, String date, String body, List<String> heads) {
        try (Socket socket = server.accept()) {
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
                head.write(in.read());
            }
            heads.add(head.toString(StandardCharsets.US_ASCII));
            Matcher length = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)").matcher(heads.getLast());
            assertThat(length.find()).isTrue();
            in.readNBytes(Integer.parseInt(length.group(1)));
            socket.getOutputStream()
                    .write(("HTTP/1.1 " + status + " as told\r\nDate: " + date
                                    + "\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                            .getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aCallThatWasAnsweredLeavesItsMemoryToTheNext() throws Exception {
        try (SdkFirehose firehose = firehose(config(endpoint()))) {
            String record = "a".repeat(600_000);
            answer = "{\"RequestResponses\":[{\"RecordId\":\"1\"}]}";
            for (int i = 0; i < 3; i++) {
                assertThat(put(firehose, record)).isInstanceOf(PutResult.Answered.class);
                assertThat(firehose.kept()).isEqualTo(4);
            }
            status = 503;
            assertThat(put(firehose, record)).isInstanceOf(PutResult.Failed.class);
            assertThat(firehose.kept()).isEqualTo(4);
            assertThat(body).contains(Base64.getEncoder().encodeToString(record.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** As in an outage, when nearly every call ends so. */
    @Test
    void aCallThatNobodySentLeavesItsMemoryToTheNext() throws Exception {
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            try (SdkFirehose firehose = firehose(config("http://127.0.0.1:" + bound.getLocalPort()))) {
                for (int i = 0; i < 3; i++) {
                    assertThat(put(firehose, "a".repeat(600_000))).isInstanceOf(PutResult.Failed.class);
                    assertThat(firehose.kept()).isEqualTo(4);
                }
            }
        }
    }

    @Test
    void connectionsAreUsedAgain() throws Exception {
        answer = "{\"RequestResponses\":[{\"RecordId\":\"1\"}]}";
        Set<Integer> ports = new HashSet<>();
        try (SdkFirehose firehose = firehose(config(endpoint()))) {
            for (int i = 0; i < 30; i++) {
                assertThat(put(firehose, "a")).isInstanceOf(PutResult.Answered.class);
                ports.add(port);
            }
        }
        // A connection comes back a moment after its answer; the next call may not find it yet.
        assertThat(ports).hasSizeLessThan(15);
    }

    @Test
    void aServerThatNeverAnswersEndsInATimeoutOfWhichNobodyKnowsMore() throws Exception {
        try (ServerSocket hole = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            String endpoint = "http://127.0.0.1:" + hole.getLocalPort();
            AwsConfig impatient = new AwsConfig("eu-west-1", endpoint, Duration.ofMillis(200));
            assertThat(put(impatient, "a")).isEqualTo(new PutResult.Failed(CallProblem.UNKNOWN, "timeout"));
        }
    }

    @Test
    void aConnectionThatIsResetAfterTheRequestWasSentProvesNothing() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress())) {
            Thread resetter = Thread.ofPlatform().start(() -> reset(server));
            PutResult result = put("http://127.0.0.1:" + server.getLocalPort(), "a");
            resetter.join();
            assertThat(result)
                    .isInstanceOfSatisfying(
                            PutResult.Failed.class,
                            failed -> assertThat(failed.problem()).isEqualTo(CallProblem.UNKNOWN));
        }
    }

    @Test
    void whereNobodyListensNothingIsSent() throws Exception {
        // Bound, so that nobody else gets the port, the call itself included, but not listening.
        try (Socket bound = new Socket()) {
            bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            assertThat(put("http://127.0.0.1:" + bound.getLocalPort(), "a"))
                    .isInstanceOfSatisfying(
                            PutResult.Failed.class,
                            failed -> assertThat(failed.problem())
                                    .as(failed.code())
                                    .isEqualTo(CallProblem.UNSENT));
        }
    }

    @Test
    void settingsOfAStreamAreRead() throws Exception {
        answer = """
                {"DeliveryStreamDescription":{"DeliveryStreamName":"events","DeliveryStreamARN":"arn:aws:x",
                "DeliveryStreamStatus":"ACTIVE","DeliveryStreamType":"DirectPut","VersionId":"1","HasMoreDestinations":false,
                "Destinations":[{"DestinationId":"1","ExtendedS3DestinationDescription":{"RoleARN":"r","BucketARN":"b",
                "BufferingHints":{},"CompressionFormat":"GZIP","EncryptionConfiguration":{},"FileExtension":".gz",
                "ProcessingConfiguration":{"Enabled":true,"Processors":[{"Type":"AppendDelimiterToRecord"}]},
                "DataFormatConversionConfiguration":{"Enabled":true}}}]}}""";
        assertThat(describe())
                .isEqualTo(new DescribeResult.Found(new StreamDescription("ACTIVE", true, "GZIP", ".gz", true, true)));

        answer = """
                {"DeliveryStreamDescription":{"DeliveryStreamName":"events","DeliveryStreamARN":"arn:aws:x",
                "DeliveryStreamStatus":"CREATING","DeliveryStreamType":"DirectPut","VersionId":"1",
                "HasMoreDestinations":false,"Destinations":[]}}""";
        assertThat(describe())
                .isEqualTo(new DescribeResult.Found(new StreamDescription("CREATING", false, "", "", false, false)));
    }

    private static void reset(ServerSocket server) {
        try (Socket socket = server.accept()) {
            assertThat(socket.getInputStream().read()).isPositive();
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private static PutResult put(String endpoint, String... records) throws Exception {
        return put(config(endpoint), records);
    }

    private static PutResult put(AwsConfig config, String... records) throws Exception {
        try (SdkFirehose firehose = firehose(config)) {
            return put(firehose, records);
        }
    }

    private static PutResult put(SdkFirehose firehose, String... records) throws Exception {
        List<ByteBuffer> bytes = List.of(records).stream()
                .map(record -> ByteBuffer.wrap(record.getBytes(StandardCharsets.UTF_8)))
                .toList();
        CompletableFuture<PutResult> result = new CompletableFuture<>();
        firehose.put("events", bytes, result::complete);
        return result.get(30, TimeUnit.SECONDS);
    }

    private DescribeResult describe() throws Exception {
        CompletableFuture<DescribeResult> result = new CompletableFuture<>();
        try (SdkFirehose firehose = firehose(config(endpoint()))) {
            firehose.describe("events", result::complete);
            return result.get(30, TimeUnit.SECONDS);
        }
    }

    private static SdkFirehose firehose(AwsConfig config) {
        return new SdkFirehose(config, 32 << 20, 48);
    }

    private static AwsConfig config(String endpoint) {
        return new AwsConfig("eu-west-1", endpoint, Duration.ofSeconds(20));
    }
}
