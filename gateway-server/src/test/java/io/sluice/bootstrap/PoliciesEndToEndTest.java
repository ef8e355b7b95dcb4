package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.ExitCodes;
import io.sluice.config.ConfigLoader;
import io.sluice.metrics.Gauge;
import io.sluice.testing.BeaconClient;
import io.sluice.testing.CleanLog;
import io.sluice.testing.Delivered;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Policies of single shops, from their files to the objects on disk. */
@Timeout(120)
class PoliciesEndToEndTest {

    private static final String EVENT = "{\"event\":\"a\",\"props\":{\"mail\":\"jane@x.example\",\"city\":\"Ulm\"}}";

    @TempDir
    private Path data;

    private Path policies;
    private Path shops;

    @BeforeEach
    void files() throws IOException {
        policies = Files.createDirectory(data.resolve("policies"));
        Files.writeString(policies.resolve("mild.yaml"), """
                name: mild
                version: 3
                preset: minimal
                fields: {city: mask}
                """);
        shops = Files.writeString(data.resolve("shops.yaml"), """
                shops:
                  any: {keys: [any]}
                  kept: {keys: [kept], policy: minimal}
                  own: {keys: [own], policy: mild}
                """);
    }

    @Test
    void eachShopHasItsOwnPolicyAndTheOthersTheDefault() throws Exception {
        try (Server server = Server.start(config().load());
                BeaconClient client = new BeaconClient(server.httpPort())) {
            for (String key : List.of("any", "kept", "own", "any", "own", "kept")) {
                assertThat(client.post("/v1/events?k=" + key, EVENT).status()).isEqualTo(200);
            }
            server.stop();
        }

        Map<Object, Object> stamps = Map.of("any", "s/1", "kept", "m/1", "own", "mild/3");
        Map<Object, Object> props = new HashMap<>();
        for (Map<String, Object> record : Delivered.records(data.resolve("s3/events"))) {
            assertThat(stamps).containsEntry(record.get("shop"), record.get("pv"));
            assertThat((Map<?, ?>) record.get("scrub")).isNotEmpty();
            Object former = props.put(record.get("shop"), record.get("props"));
            assertThat(former == null || former.equals(record.get("props"))).isTrue();
        }
        assertThat(props)
                .isEqualTo(Map.of(
                        "any", Map.of("mail", "[field]", "city", "Ulm"),
                        "kept", Map.of("mail", "****@*.*******", "city", "Ulm"),
                        "own", Map.of("mail", "****@*.*******", "city", "***")));
    }

    @Test
    void aPolicyThatChangesIsTakenWithoutARestartAndABadOneIsNot(CleanLog.Expected log) throws Exception {
        log.line("Shops not reloaded, the former 3 stay in use");
        try (Server server = Server.start(config().load());
                BeaconClient client = new BeaconClient(server.httpPort())) {
            Files.writeString(policies.resolve("mild.yaml"), "{name: mild, version: 4, fields: {city: burn}}");
            while (server.metrics().value(Gauge.SHOPS_STALE_SECONDS) == 0) {
                Thread.onSpinWait();
            }
            assertThat(client.post("/v1/events?k=own", EVENT).status()).isEqualTo(200);
            Files.writeString(policies.resolve("mild.yaml"), "{name: mild, version: 4, fields: {city: remove}}");
            Files.writeString(policies.resolve("new.yaml"), "{name: new, version: 1, fields: {event: keep}}");
            Files.writeString(shops, "shops: {own: {keys: [own], policy: mild}, new: {keys: [new], policy: new}}\n");
            while (client.post("/v1/events?k=new", EVENT).status() != 200) {
                Thread.onSpinWait();
            }
            assertThat(client.post("/v1/events?k=own", EVENT).status()).isEqualTo(200);
            server.stop();
        }
        List<Object> cities = new ArrayList<>();
        for (Map<String, Object> record : Delivered.records(data.resolve("s3/events"))) {
            if (record.get("shop").equals("own")) {
                cities.add(((Map<?, ?>) record.get("props")).get("city"));
            }
        }
        assertThat(cities).containsExactly("***", "[field]");
    }

    @Test
    void checkReportsTheProblemsOfShopsAndPoliciesTogether() throws IOException {
        Files.writeString(policies.resolve("mild.yaml"), "{name: mild, version: 0}");
        Files.writeString(policies.resolve("other.yaml"), "{name: other, version: 1, detect: {mail: keep}}");
        Files.writeString(shops, "shops: {own: {keys: [own], policy: mild}, odd: {keys: [odd], policy: odd}}\n");
        Path file = Files.writeString(
                data.resolve("sluice.yaml"),
                "shops: {file: " + shops + "}\nprivacy: {policy: mildest, policies: [" + policies + "]}\n");
        StringWriter err = new StringWriter();

        int code = Main.commandLine().setErr(new PrintWriter(err)).execute("check", "--config", file.toString());

        assertThat(code).isEqualTo(ExitCodes.INVALID);
        assertThat(err.toString())
                .contains(
                        "mild.yaml:\n  version: '0'",
                        "other.yaml:\n  detect.mail: unknown kind",
                        "sluice.yaml:2: privacy.policy = mildest",
                        "    expected one of ",
                        "shops.yaml:\n  shops.odd.policy: 'odd', expected one of")
                .doesNotContain("shops.own");
    }

    @Test
    void checkReportsWhatIsMissingInTheOrderOfTheFile() throws IOException {
        Path file = Files.writeString(data.resolve("sluice.yaml"), """
                privacy:
                  policy: mildest
                  policies: [/nowhere/policies]
                http:
                  tls:
                    port: 8443
                    certificate: /nowhere/chain.pem
                    key: /nowhere/key.pem
                  max-body: 1
                admin: {prot: 1}
                """);
        StringWriter err = new StringWriter();

        int code = Main.commandLine().setErr(new PrintWriter(err)).execute("check", "--config", file.toString());

        assertThat(code).as(err.toString()).isEqualTo(ExitCodes.INVALID);
        assertThat(err.toString()
                        .lines()
                        .filter(line -> line.startsWith("  " + file))
                        .map(line -> line.substring(line.indexOf(".yaml") + 5)))
                .containsExactly(
                        ":2: privacy.policy = mildest",
                        ":3: privacy.policies = /nowhere/policies",
                        ":7: http.tls.certificate = /nowhere/chain.pem",
                        ":8: http.tls.key = /nowhere/key.pem",
                        ":9: http.max-body = 1",
                        ":10: admin.prot");
        assertThat(err.toString()).startsWith("6 problems").doesNotContain("cannot be read");
    }

    private ConfigLoader config() {
        return new ConfigLoader()
                .option("test", "data", data)
                .option("test", "http.port", 0)
                .option("test", "admin.port", 0)
                .option("test", "http.loops", 2)
                .option("test", "shops.file", shops)
                .option("test", "privacy.policies", policies);
    }
}
