package io.sluice.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.common.Uuid7;
import io.sluice.json.Scanner;
import io.sluice.metrics.Metrics;
import io.sluice.record.Field;
import io.sluice.record.LineBuffer;
import io.sluice.shop.Shop;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The client's address and agent in an event line, as policies have them. */
class ClientDataTest {

    private static final String CHROME = "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0.0.0 Safari/537.36 jane@x.example";

    private final LineBuffer events = new LineBuffer(64);
    private final Metrics metrics = new Metrics();
    private final ScrubbedSink sink =
            new ScrubbedSink(metrics, metrics.newCells(), new Uuid7(), new UUID(1, 2), 0, new LineBuffer(64));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "truncate | 203.0.113.77 | \"ip\":\"203.0.113.0\"",
                "truncate | 2001:db8:1:2::3 | \"ip\":\"2001:db8:1::\"",
                "hash | 203.0.113.77 | \"ip\":\"[ip]\"",
                "hash | 2001:db8:1:2::3 | \"ip\":\"[ip]\"",
                "drop | 203.0.113.77 | \"rt\":5,\"via\"",
            })
    void anAddressIsNeverWrittenWhole(String action, String address, String expected) throws Exception {
        String line = line("client: {address: " + action + "}", address, "", "{\"e\":\"a\"}");
        assertThat(line).contains(expected).doesNotContain("113.77", "1:2");
    }

    @Test
    void aPolicyThatWouldKeepAddressesIsRefused() {
        assertThatThrownBy(() -> policy("client: {address: keep, agent: hash, host: keep}"))
                .isInstanceOf(BadPolicyException.class)
                .hasMessageContaining(
                        "client.address: 'keep', expected truncate, hash or drop: an address is never kept whole")
                .hasMessageContaining("client.agent: 'hash', expected keep, families or drop")
                .hasMessageContaining("client.host: unknown key, expected one of address, agent");
    }

    @Test
    void anAgentIsKeptReducedOrDroppedWhereverItComesFrom() throws Exception {
        String own = "{\"e\":\"a\",\"ua\":\"" + CHROME.replace("120", "7") + "\"}";
        assertThat(line("client: {agent: keep}", "203.0.113.77", CHROME, "{\"e\":\"a\"}"))
                .contains("\"ua\":\"Mozilla/5.0 (Windows NT 10.0) Chrome/120.0.0.0 Safari/537.36 [email]\"");
        assertThat(line("client: {agent: families}", "203.0.113.77", CHROME, "{\"e\":\"a\"}"))
                .contains("\"ua\":\"Chrome 120; Windows; desktop\"")
                .doesNotContain("scrub");
        assertThat(line("client: {agent: families}", "203.0.113.77", CHROME, own))
                .contains("\"ua\":\"Chrome 7; Windows; desktop\"");
        assertThat(line("client: {agent: drop}", "203.0.113.77", CHROME, "{\"e\":\"a\"}"))
                .doesNotContain("\"ua\"");
        assertThat(line("client: {agent: drop}", "203.0.113.77", CHROME, own)).doesNotContain("\"ua\"");
    }

    private String line(String policy, String address, String agent, String event) throws Exception {
        Shop shop = new Shop("demo", 0, Set.of(), new Rules(policy(policy)));
        byte[] client = InetAddress.getByName(address).getAddress();
        byte[] header = agent.getBytes(StandardCharsets.ISO_8859_1);
        byte[] utf8 = event.getBytes(StandardCharsets.UTF_8);
        Scanner scanner = new Scanner();
        int before = events.size();
        sink.begin(shop, "v1", 5, client, client.length, header, header.length, events);
        sink.startEvent(scanner);
        scanner.reset(Arrays.copyOf(utf8, utf8.length + Scanner.PADDING), utf8.length);
        int name = event.indexOf("\"a\"");
        sink.set(Field.EVENT, name, scanner.string(name), 0);
        int own = event.indexOf("\"Moz");
        if (own > 0) {
            int marks = scanner.marks();
            sink.set(Field.AGENT, own, scanner.string(own), marks);
        }
        sink.endEvent();
        sink.end();
        return new String(events.array(), before, events.size() - before, StandardCharsets.UTF_8);
    }

    private static Policy policy(String more) throws BadPolicyException {
        return PolicyFile.parse("name: test\nversion: 1\n" + more, "test");
    }
}
