package io.sluice.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.sluice.common.SecretStore;
import io.sluice.testing.Moto;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Secrets in a bucket, and KMS, by moto, which takes conditions and encryption contexts as AWS does. */
@Timeout(120)
class BucketSecretsTest {

    private static Moto moto;
    private static String key;

    @BeforeAll
    static void start() throws Exception {
        System.setProperty("aws.disableEc2Metadata", "true");
        moto = Moto.start();
        key = moto.createKmsKey();
    }

    @AfterAll
    static void stop() {
        System.clearProperty("aws.disableEc2Metadata");
        if (moto != null) {
            moto.close();
        }
    }

    @Test
    void nodesThatRaceForASecretGetTheSame() throws Exception {
        // The stand-in looks and then writes, so that now and then two conditional puts pass, which S3 lets none.
        int round = 0;
        while (!raced("race-" + round)) {
            assertThat(++round).as("rounds in which two puts passed").isLessThan(8);
        }
        String bucket = "race-" + round;
        byte[] won;
        try (SecretStore late = store(bucket, "p/")) {
            won = late.find("2026-12");
            assertThat(late.make("2026-12", secret(99))).isEqualTo(won);
        }
        assertThat(moto.versions(bucket, ""))
                .hasSize(1)
                .allSatisfy(object -> assertThat(contains(object, won))
                        .as("stored in plain text")
                        .isFalse());
    }

    /** Has four nodes make a secret at once. @return false if more than one could write it */
    private static boolean raced(String bucket) throws Exception {
        moto.createVersionedBucket(bucket);
        int nodes = 4;
        CyclicBarrier start = new CyclicBarrier(nodes);
        List<Future<byte[]>> made = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(nodes)) {
            for (int i = 0; i < nodes; i++) {
                byte[] proposal = secret(i + 1);
                made.add(threads.submit(() -> {
                    try (SecretStore store = store(bucket, "p/")) {
                        assertThat(store.find("2026-12")).isNull();
                        start.await();
                        return store.make("2026-12", proposal);
                    }
                }));
            }
        }
        if (moto.versions(bucket, "").size() > 1) {
            return false;
        }
        byte[] won = made.getFirst().get();
        for (Future<byte[]> other : made) {
            assertThat(other.get()).isEqualTo(won);
        }
        try (SecretStore late = store(bucket, "p/")) {
            assertThat(late.find("2026-12")).isEqualTo(won);
        }
        return true;
    }

    @Test
    void whatIsDestroyedIsGoneWithAllItsVersions() throws Exception {
        moto.createVersionedBucket("gone");
        try (BucketSecrets store = store("gone", "a/");
                SdkObjectStore objects = new SdkObjectStore(aws())) {
            store.make("2026-10", secret(1));
            store.make("2026-11", secret(2));
            // As somebody would who restores an older version by hand.
            CompletableFuture<String> put = new CompletableFuture<>();
            byte[] old = moto.versions("gone", "a/2026-10").getFirst();
            objects.put("gone", "a/2026-10.secret", old, Map.of(), put::complete);
            assertThat(put.get()).isNull();
            assertThat(store.names()).containsExactly("2026-10", "2026-11");

            store.destroy("2026-10");
            store.destroy("2026-09");

            assertThat(moto.versions("gone", "a/2026-10")).isEmpty();
            assertThat(store.names()).containsExactly("2026-11");
            assertThat(store.find("2026-10")).isNull();
            assertThat(store.find("2026-11")).isEqualTo(secret(2));
        }
    }

    /** Moto runs here, so its clock is ours; that the header is asked and not the clock, the test below tells. */
    @Test
    void theTimeIsThatOfTheBucket() throws Exception {
        moto.createVersionedBucket("clock");
        try (BucketSecrets store = store("clock", "a/")) {
            long before = System.currentTimeMillis();
            store.make("2026-11", secret(1));

            assertThat(store.nowMillis()).isBetween(before - 5000, System.currentTimeMillis() + 5000);
            assertThat(store.made().get("2026-11")).isBetween(before - 5000, System.currentTimeMillis() + 5000);
        }
    }

    @Test
    void theTimeStandsInARefusalToo() throws Exception {
        String refusal = "HTTP/1.1 403 Forbidden\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                + "Content-Length: 0\r\nConnection: close\r\n\r\n";
        // No server of the JDK: those write a date of their own.
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> answerAll(server, refusal));
            AwsConfig s3 =
                    new AwsConfig(Moto.REGION, "http://127.0.0.1:" + server.getLocalPort(), Duration.ofSeconds(5));
            try (BucketSecrets store = new BucketSecrets(new BucketSecretsConfig("b-1", "a/", key, s3, aws()))) {
                assertThat(store.nowMillis())
                        .isEqualTo(Instant.parse("1994-11-06T08:49:37Z").toEpochMilli());
            }
        }
    }

    /** Until the server is closed. */
    private static void answerAll(ServerSocket server, String answer) {
        while (!server.isClosed()) {
            try (Socket client = server.accept()) {
                client.getInputStream().read(new byte[8192]);
                client.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                // Closed, or a client that went.
            }
        }
    }

    @Test
    void aSecretUnderTheNameOfAnotherIsNotTaken() throws Exception {
        moto.createBucket("swap");
        try (BucketSecrets store = store("swap", "a/");
                SdkObjectStore objects = new SdkObjectStore(aws())) {
            store.make("2026-10", secret(1));
            CompletableFuture<String> put = new CompletableFuture<>();
            byte[] wrapped = moto.versions("swap", "").getFirst();
            objects.put("swap", "a/2026-11.secret", wrapped, Map.of(), put::complete);
            assertThat(put.get()).isNull();

            assertThatThrownBy(() -> store.find("2026-11"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("KMS Decrypt: InvalidCiphertextException");
        }
    }

    @Test
    void aMissingBucketIsNoMissingSecret() throws Exception {
        try (BucketSecrets store = store("no-such-bucket", "a/")) {
            assertThatThrownBy(() -> store.find("2026-11"))
                    .isInstanceOf(IOException.class)
                    .hasMessage("s3://no-such-bucket/a/2026-11.secret: NoSuchBucket");
        }
    }

    /** Older stand-ins for S3 ignore the condition; nodes would replace each other's secrets there. */
    @Test
    void aStoreThatIgnoresConditionsIsRefused() throws Exception {
        HttpServer careless = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        careless.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            boolean missing = exchange.getRequestMethod().equals("GET");
            byte[] answer =
                    missing ? "<Error><Code>NoSuchKey</Code></Error>".getBytes(StandardCharsets.US_ASCII) : new byte[0];
            exchange.sendResponseHeaders(missing ? 404 : 200, missing ? answer.length : -1);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        careless.start();
        AwsConfig s3 = new AwsConfig(
                Moto.REGION, "http://127.0.0.1:" + careless.getAddress().getPort(), Duration.ofSeconds(5));
        try (BucketSecrets store = new BucketSecrets(new BucketSecretsConfig("b-1", "a/", key, s3, aws()))) {
            assertThat(store.find("2026-11")).isNull();
            assertThatThrownBy(() -> store.make("2026-11", secret(1)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("cannot hold secrets");
        } finally {
            careless.stop(0);
        }
    }

    @Test
    void kmsUnwrapsWhatItHasWrappedAndSaysWhyItDoesNot() throws Exception {
        try (KeyService kms = new SdkKeyService(aws())) {
            byte[] wrapped = kms.encrypt(key, secret(7), Map.of());
            assertThat(contains(wrapped, secret(7))).isFalse();
            assertThat(kms.decrypt(null, wrapped, Map.of())).isEqualTo(secret(7));
            assertThatThrownBy(() -> kms.encrypt("alias/none", secret(7), Map.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessage("KMS Encrypt: NotFoundException");
            assertThatThrownBy(() -> kms.decrypt(null, secret(7), Map.of()))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("KMS Decrypt: ");
        }
    }

    @Test
    void objectsOfOursAreEncryptedWithTheKeyThatIsNamed() throws Exception {
        moto.createBucket("parked");
        try (SdkObjectStore objects = new SdkObjectStore(aws(), key)) {
            CompletableFuture<String> put = new CompletableFuture<>();
            objects.put("parked", "block", new byte[] {1}, Map.of(), put::complete);
            assertThat(put.get()).isNull();
            assertThat(moto.kmsKey("parked", "block")).isEqualTo(key);
        }
    }

    private static BucketSecrets store(String bucket, String prefix) {
        return new BucketSecrets(new BucketSecretsConfig(bucket, prefix, key, aws(), aws()));
    }

    private static AwsConfig aws() {
        return new AwsConfig(Moto.REGION, moto.endpoint().toString(), Duration.ofSeconds(10));
    }

    private static byte[] secret(int seed) {
        byte[] secret = new byte[SecretStore.SECRET_BYTES];
        Arrays.fill(secret, (byte) seed);
        return secret;
    }

    private static boolean contains(byte[] bytes, byte[] part) {
        for (int i = 0; i + part.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}
