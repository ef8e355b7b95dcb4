package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.aws.AwsConfig;
import io.sluice.aws.KeyService;
import io.sluice.aws.SdkKeyService;
import io.sluice.cli.ExitCodes;
import io.sluice.config.ConfigLoader;
import io.sluice.testing.BeaconClient;
import io.sluice.testing.CleanLog;
import io.sluice.testing.Delivered;
import io.sluice.testing.Moto;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Pseudonyms from the policy of a shop to the objects on disk, and back from a person's request. */
@Timeout(120)
class PseudonymsEndToEndTest {

    private static final String MAIL = "jane.doe@x.example";

    @TempDir
    private Path data;

    private Path file;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void files() throws IOException {
        Files.writeString(data.resolve("shops.yaml"), """
                shops:
                  a: {keys: [a], policy: gdpr}
                  b: {keys: [b], policy: gdpr}
                """);
        configure("");
    }

    private void configure(String more) throws IOException {
        file = Files.writeString(data.resolve("sluice.yaml"), """
                data: %1$s
                http: {port: 0, loops: 2}
                admin: {port: 0}
                shops: {file: %1$s/shops.yaml}
                %2$s
                """.formatted(data, more));
    }

    @Test
    void whatAPersonAsksForIsFoundInWhatWasStored() throws Exception {
        assertThat(sluice("pseudonym", "--config", file.toString(), "--shop", "a", MAIL))
                .as("before there is a secret")
                .isEqualTo(ExitCodes.FAILED);
        assertThat(err.toString()).contains("no secret of these periods is kept");
        Map<Object, String> text = new TreeMap<>();
        Map<Object, String> field = new TreeMap<>();
        // Two starts: the secret outlives the process.
        for (String search : List.of("who is " + MAIL + "?", "who is Jane.Doe%40x.example?")) {
            try (Server server = Server.start(new ConfigLoader().file(file).load());
                    BeaconClient client = new BeaconClient(server.httpPort())) {
                for (String shop : List.of("a", "b")) {
                    String event = "{\"event\":\"s\",\"consent\":\"yes\",\"props\":{\"q\":\"" + search
                            + "\",\"email\":\"" + MAIL + "\"}}";
                    assertThat(client.post("/v1/events?k=" + shop, event).status())
                            .isEqualTo(200);
                }
                server.stop();
            }
        }
        for (Map<String, Object> record : Delivered.records(data.resolve("s3/events"))) {
            Map<?, ?> props = (Map<?, ?>) record.get("props");
            String stored = props.get("q").toString().replaceAll("who is (.*)\\?", "$1");
            assertThat(text.getOrDefault(record.get("shop"), stored)).isEqualTo(stored);
            text.put(record.get("shop"), stored);
            field.put(record.get("shop"), props.get("email").toString());
        }
        assertThat(text.get("a")).matches("\\[email:[a-p]{16}]").isNotEqualTo(text.get("b"));
        assertThat(field.get("a")).isEqualTo(text.get("a").replace("[email:", "[field:"));

        for (String shop : List.of("a", "b")) {
            out.getBuffer().setLength(0);
            assertThat(sluice("pseudonym", "--config", file.toString(), "--shop", shop, "--json", MAIL))
                    .isEqualTo(ExitCodes.OK);
            assertThat(out.toString())
                    .contains("\"pseudonym\":\"" + text.get(shop) + "\"", "\"pseudonym\":\"" + field.get(shop) + "\"");
        }
        assertThat(sluice("pseudonym", "--config", file.toString(), "--shop", "a", "--to", "2020-01-01", MAIL))
                .isEqualTo(ExitCodes.FAILED);
        assertThat(sluice("pseudonym", "--config", file.toString(), "--shop", "a", "--kind", "cookie", MAIL))
                .isEqualTo(ExitCodes.INVALID);
        assertThat(err.toString()).doesNotContain("has no shop");
        assertThat(sluice("pseudonym", "--config", file.toString(), "--shop", "A", MAIL))
                .isEqualTo(ExitCodes.OK);
        assertThat(err.toString()).contains("has no shop 'A' now");
        assertThat(out + "" + err).doesNotContain(MAIL).doesNotContain("jane");
    }

    @Test
    void idsOfVisitorsBecomePseudonymsWherePoliciesSaySo() throws Exception {
        Path policy = Files.writeString(data.resolve("ids.yaml"), """
                {name: ids-too, version: 1, client: {address: hash}, fields: {uid: hash, aid: hash, sid: hash}}
                """);
        Files.writeString(data.resolve("shops.yaml"), "shops: {a: {keys: [a], policy: ids-too}}\n");
        configure("privacy: {policies: " + policy + "}");
        try (Server server = Server.start(new ConfigLoader().file(file).load());
                BeaconClient client = new BeaconClient(server.httpPort())) {
            String event = "{\"event\":\"s\",\"userId\":\"U-1\",\"anonymousId\":\"a-2\",\"sid\":\"s-3\",\"x\":1}";
            assertThat(client.post("/v1/events?k=a", event).status()).isEqualTo(200);
            server.stop();
        }
        Map<String, Object> record =
                Delivered.records(data.resolve("s3/events")).getFirst();
        for (String id : List.of("uid=U-1", "aid=a-2", "sid=s-3", "ip=127.0.0.1")) {
            String field = id.replaceAll("=.*", "");
            out.getBuffer().setLength(0);
            assertThat(sluice(
                            "pseudonym",
                            "-c",
                            file.toString(),
                            "--shop",
                            "a",
                            "--person",
                            "--kind",
                            field,
                            id.substring(field.length() + 1)))
                    .isEqualTo(ExitCodes.OK);
            assertThat(out.toString()).isEqualTo("pseudonym=" + record.get(field) + System.lineSeparator());
        }
        assertThat(record.toString()).doesNotContain("U-1", "a-2", "s-3", "127.0.0");
    }

    @Test
    void aGatewayThatHashesDoesNotStartWithoutItsSecret() throws Exception {
        configure("privacy: {secrets: {directory: " + Files.writeString(data.resolve("in-the-way"), "") + "}}");

        assertThatThrownBy(() -> Server.start(new ConfigLoader().file(file).load()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a policy hashes values, but the secret of 20")
                .hasMessageContaining("in-the-way");
        assertThat(data.resolve("journal")).doesNotExist();
    }

    @Test
    void aGatewayThatDoesNotHashNeedsNoSecret(CleanLog.Expected log) throws Exception {
        // What was left there would have to be destroyed, and it cannot look.
        log.possibleLine("Secrets past privacy.secrets.keep stay");
        Files.writeString(data.resolve("shops.yaml"), "shops: {a: {keys: [a]}}\n");
        configure("privacy: {secrets: {directory: " + Files.writeString(data.resolve("in-the-way"), "") + "}}");

        Server.start(new ConfigLoader().file(file).load()).close();
    }

    @Test
    void nodesThatShareABucketShareSecrets(CleanLog.Expected log) throws Exception {
        // Netty's word for a connection of the SDK that ends after its loop, on a machine that is busy.
        log.possibleLine("Failed to submit a listener notification task");
        System.setProperty("aws.disableEc2Metadata", "true");
        try (Moto moto = Moto.start()) {
            moto.createVersionedBucket("fleet");
            configure("""
                    kms: {endpoint: %1$s}
                    privacy: {secrets: {bucket: fleet, kms-key: %2$s, endpoint: %1$s}}
                    delivery: {firehose: {region: us-east-1}}
                    """.formatted(moto.endpoint(), moto.createKmsKey()));
            TreeMap<String, Object> found = new TreeMap<>();
            for (String node : List.of("one", "two")) {
                ConfigLoader loader = new ConfigLoader().file(file).option("test", "data", data.resolve(node));
                try (Server server = Server.start(loader.load());
                        BeaconClient client = new BeaconClient(server.httpPort())) {
                    String event = "{\"event\":\"s\",\"consent\":\"yes\",\"props\":{\"q\":\"" + MAIL + "\"}}";
                    assertThat(client.post("/v1/events?k=a", event).status()).isEqualTo(200);
                    server.stop();
                }
                found.put(
                        node,
                        Delivered.records(data.resolve(node + "/s3/events"))
                                .getFirst()
                                .get("props"));
            }
            assertThat(found.get("one")).isEqualTo(found.get("two"));
            assertThat(sluice("pseudonym", "-c", file.toString(), "--shop", "a", "--kind", "email", MAIL))
                    .isEqualTo(ExitCodes.OK);
            assertThat(out.toString().lines().skip(1))
                    .singleElement()
                    .satisfies(line -> assertThat(found.get("one").toString()).contains(line.split(" +")[1]));
        } finally {
            System.clearProperty("aws.disableEc2Metadata");
        }
    }

    @Test
    void aKeyOfTheJournalIsUnwrappedByKms(CleanLog.Expected log) throws Exception {
        log.possibleLine("Failed to submit a listener notification task");
        System.setProperty("aws.disableEc2Metadata", "true");
        byte[] key = new byte[32];
        Arrays.fill(key, (byte) 0x5c);
        try (Moto moto = Moto.start()) {
            AwsConfig aws = new AwsConfig(Moto.REGION, moto.endpoint().toString(), Duration.ofSeconds(10));
            Path keys = Files.createFile(
                    data.resolve("journal.key"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (KeyService kms = new SdkKeyService(aws)) {
                byte[] wrapped = kms.encrypt(moto.createKmsKey(), key, Map.of());
                Files.writeString(keys, "kms:" + Base64.getEncoder().encodeToString(wrapped) + "\n");
            }
            configure("""
                    kms: {endpoint: %s}
                    delivery: {firehose: {region: us-east-1}}
                    journal: {encryption: {key-file: %s}}
                    """.formatted(moto.endpoint(), keys));
            assertThat(sluice("check", "-c", file.toString()))
                    .as(err.toString())
                    .isEqualTo(ExitCodes.OK);
            assertThat(out.toString()).doesNotContain("5c5c");

            Files.writeString(keys, "kms:" + Base64.getEncoder().encodeToString(key) + "\n");
            assertThat(sluice("check", "-c", file.toString())).isEqualTo(ExitCodes.INVALID);
            assertThat(err.toString())
                    .contains("one that cannot be unwrapped: KMS Decrypt: InvalidCiphertextException");
        } finally {
            System.clearProperty("aws.disableEc2Metadata");
        }
    }

    private int sluice(String... arguments) {
        return Main.commandLine()
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
    }
}
