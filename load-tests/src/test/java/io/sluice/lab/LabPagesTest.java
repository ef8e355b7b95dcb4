package io.sluice.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not AWS's, and requests that no AWS client makes. */
final class LabPagesTest {

    @TempDir
    Path directory;

    private Path faults;
    private RunningLab lab;

    @BeforeEach
    void start() throws IOException {
        faults = directory.resolve("faults.json");
        lab = new RunningLab(
                directory.resolve("lab"), Quota.unlimited(), faults, RunningLab.stream("a", "", "", 1, 60));
    }

    @AfterEach
    void stop() throws IOException {
        lab.close();
    }

    @Test
    void countersAreJson() throws Json.Malformed {
        lab.put("a", "1", "2");
        HttpResponse<String> response = lab.send("GET", "/lab/counters", "");
        assertThat(response.headers().firstValue("content-type")).hasValue("application/json");
        Map<?, ?> json = (Map<?, ?>) Json.parse(response.body());
        assertThat(((Map<?, ?>) json.get("total")).get("recordsStored")).isEqualTo(2L);
        assertThat(((Map<?, ?>) ((Map<?, ?>) json.get("streams")).get("a")).get("recordsStored"))
                .isEqualTo(2L);
        assertThat(response.body()).doesNotContain("\"holds\": false");
    }

    @Test
    void thePageShowsEveryCounter() {
        lab.put("a", "1");
        HttpResponse<String> page = lab.send("GET", "/lab", "");
        assertThat(page.statusCode()).isEqualTo(200);
        for (Count count : Count.values()) {
            assertThat(page.body()).contains(count.label()).contains(count.meaning());
        }
        assertThat(page.body()).contains("holds").doesNotContain("broken");
    }

    @Test
    void otherPathsAndMethodsAreRefused() {
        assertThat(lab.send("GET", "/", "").statusCode()).isEqualTo(404);
        assertThat(lab.send("POST", "/lab/faults", "").statusCode()).isEqualTo(405);
        assertThat(lab.send("PUT", "/lab/counters", "").statusCode()).isEqualTo(405);
    }

    @Test
    void theFaultsFileTakesEffectWhenItChanges() throws IOException {
        assertThat(lab.put("a", "1").failedPutCount()).isZero();
        Files.writeString(faults, "{\"rules\": [{\"fault\": \"throttle\"}]}");
        lab.lab.tick();
        assertThat(lab.put("a", "1").failedPutCount()).isEqualTo(1);

        Files.writeString(faults, "{\"rules\": [{\"fault\": \"flood\"}]}");
        lab.lab.tick();
        lab.lab.tick();
        assertThat(lab.put("a", "1").failedPutCount()).isEqualTo(1);
        assertThat(lab.messages.toString(StandardCharsets.UTF_8)).containsOnlyOnce("flood");

        Files.delete(faults);
        lab.lab.tick();
        assertThat(lab.put("a", "1").failedPutCount()).isZero();
    }

    @Test
    void whatSetsFaultsOverHttpIsNotUndoneByAFileThatDidNotChange() throws IOException {
        Files.writeString(faults, "{\"rules\": []}");
        lab.lab.tick();
        lab.faults("{\"fault\": \"throttle\"}");
        lab.lab.tick();
        assertThat(lab.put("a", "1").failedPutCount()).isEqualTo(1);
    }

    @Test
    void callsThatAreNoFirehoseCallsAreAnsweredAsAwsDoes() throws IOException, InterruptedException {
        assertThat(aws("Firehose_20150804.PutRecord", "{}", false)).contains("400 MissingAuthenticationTokenException");
        assertThat(aws("Firehose_20150804.Fly", "{}", true)).contains("400 UnknownOperationException");
        assertThat(aws("Kinesis_20131202.PutRecord", "{}", true)).contains("400 UnknownOperationException");
        assertThat(aws("Firehose_20150804.PutRecordBatch", "{", true)).contains("400 SerializationException");
        assertThat(aws("Firehose_20150804.PutRecordBatch", "{}", true)).contains("400 ValidationException");
        assertThat(aws("Firehose_20150804.ListDeliveryStreams", "", true)).contains("400 SerializationException");
        assertThat(aws("Firehose_20150804.PutRecordBatch", "x".repeat(LabHandler.MOST_BODY_BYTES + 1), true))
                .contains("413 RequestEntityTooLargeException");
    }

    private String aws(String target, String body, boolean signed) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(lab.url()))
                .header("X-Amz-Target", target)
                .POST(HttpRequest.BodyPublishers.ofString(body));
        if (signed) {
            request.header("Authorization", "AWS4-HMAC-SHA256 Credential=lab");
        }
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            assertThat(response.headers().firstValue("content-type")).hasValue("application/x-amz-json-1.1");
            assertThat(response.headers().firstValue("x-amzn-requestid")).isPresent();
            return response.statusCode() + " " + ((Map<?, ?>) Json.parse(response.body())).get("__type");
        } catch (Json.Malformed e) {
            throw new AssertionError(e);
        }
    }
}
