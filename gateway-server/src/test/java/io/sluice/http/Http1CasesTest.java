package io.sluice.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.dslplatform.json.DslJson;
import io.sluice.metrics.Counter;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests from the test suites of others, as ambiguous as they come: what must be refused is, with the end of the
 * connection; no second request comes out of what is one; and what RFC 9112 allows is served.
 */
class Http1CasesTest {

    /** Turns of the loop that a request is waited for; some never become one. */
    private static final int PATIENCE = 50;

    private static final Pattern WITH_BODY = Pattern.compile("^(POST|PUT) (\\S+)( HTTP/1\\.[01]\r\n)");

    /** Answers that say that a message was no request. Any other takes it for one, whatever it says of its path. */
    private static final Set<Integer> REFUSALS = Set.of(400, 414, 431, 501, 505);

    private record Case(
            String id,
            byte[] bytes,
            String expect,
            String strength,
            int responses,
            boolean mustClose,
            int messages,
            boolean whole) {}

    /**
     * @param taken answers that take a message for a request
     * @param refused whether the last answer refused
     * @param closed whether the server ended the connection by itself
     */
    private record Outcome(int taken, boolean refused, boolean closed) {}

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void meetsEveryCase(boolean toIntake) throws Exception {
        Map<String, String> failures = new TreeMap<>();
        int checked = 0;
        for (Case raw : cases()) {
            Case one = toIntake ? forIntake(raw) : raw;
            if (one == null) {
                continue;
            }
            checked++;
            Outcome outcome = send(one.bytes);
            String problem = problem(one, outcome);
            if (problem != null) {
                failures.put(one.id, one.expect + " " + one.strength + ": " + problem + ", " + outcome);
            }
        }
        assertThat(checked).isGreaterThan(toIntake ? 100 : 280);
        assertThat(failures).isEmpty();
    }

    @Test
    void aRequestThatIsTakenIsSeen() throws Exception {
        // The judge itself: it must tell a request that is taken from one that is refused.
        byte[] good = "GET /p.gif?k=demo HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(send(good)).isEqualTo(new Outcome(1, false, false));
        byte[] bad = "GET /p.gif?k=demo HTTP/1.1\r\nHost : x\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(send(bad)).isEqualTo(new Outcome(0, true, true));
    }

    private static String problem(Case one, Outcome outcome) {
        if (outcome.taken > one.messages) {
            return "took more requests than there are";
        }
        return switch (one.expect) {
            case "accept" ->
                outcome.refused || outcome.taken < one.responses
                        ? "refused"
                        : one.mustClose && !outcome.closed ? "left open" : null;
            case "reject" ->
                outcome.taken > one.responses
                        ? "took it"
                        // To wait for the rest of what is not whole is as safe as to refuse it.
                        : !outcome.closed && (one.whole || outcome.refused) ? "left the connection open" : null;
            case "wait" -> outcome.taken > one.responses ? "took what is not whole" : null;
            default -> null;
        };
    }

    private Outcome send(byte[] bytes) throws Exception {
        try (RawClient client = server.connect()) {
            while (server.connections() == 0) {
                server.settle();
            }
            long received = server.total(Counter.REQUESTS_RECEIVED);
            client.send(bytes);
            server.settle();
            // What has not arrived yet would be answered together with the end of the client's side, as the last.
            for (int i = 0; i < PATIENCE && server.total(Counter.REQUESTS_RECEIVED) == received; i++) {
                server.settle();
            }
            long open = server.connections();
            client.endOutput();
            int taken = 0;
            boolean refused = false;
            boolean closing = false;
            try {
                while (true) {
                    RawClient.Answer answer = client.readHead();
                    refused = REFUSALS.contains(answer.status());
                    taken += refused ? 0 : 1;
                    closing |= "close".equals(answer.header("Connection"));
                    client.skip(answer);
                }
            } catch (EOFException e) {
                // All has come.
            }
            while (server.connections() > 0) {
                server.settle();
            }
            return new Outcome(taken, refused, closing || open == 0);
        }
    }

    /** The same framing on a path whose body is gathered rather than skipped; {@code null} if it has none. */
    private static Case forIntake(Case one) {
        String text = new String(one.bytes, StandardCharsets.ISO_8859_1);
        var line = WITH_BODY.matcher(text);
        if (!line.find() || !line.group(2).startsWith("/")) {
            return null;
        }
        String moved = "POST /v1/events?k=demo" + line.group(3) + text.substring(line.end());
        return new Case(
                one.id,
                moved.getBytes(StandardCharsets.ISO_8859_1),
                one.expect,
                one.strength,
                one.responses,
                one.mustClose,
                one.messages,
                one.whole);
    }

    private static List<Case> cases() throws IOException {
        try (InputStream in = Http1CasesTest.class.getResourceAsStream("/http1/cases.json")) {
            List<Case> cases = new ArrayList<>();
            Map<?, ?> file = new DslJson<Object>().deserialize(Map.class, in);
            for (Object each : (List<?>) file.get("cases")) {
                Map<?, ?> one = (Map<?, ?>) each;
                cases.add(new Case(
                        (String) one.get("id"),
                        Base64.getDecoder().decode((String) one.get("bytes")),
                        (String) one.get("expect"),
                        (String) one.get("strength"),
                        ((Number) one.get("responses")).intValue(),
                        (Boolean) one.get("must_close"),
                        ((Number) one.get("messages")).intValue(),
                        ((Number) one.get("complete")).intValue() > 0));
            }
            return cases;
        }
    }
}
