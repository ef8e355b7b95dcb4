package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.CatCommand;
import io.sluice.config.ConfigLoader;
import io.sluice.record.Encoding;
import io.sluice.testing.BeaconClient;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

/** What {@code cat} prints of the files of a real server: open blocks, sealed ones, and delivered ones. */
@Timeout(120)
class CatEndToEndTest {

    private static final Pattern EVENT = Pattern.compile("\"event\":\"([^\"]+)\"");

    @TempDir
    private Path data;

    @ParameterizedTest
    @EnumSource
    void everyRecordIsPrintedOnceWhereverItLies(Encoding encoding) throws Exception {
        List<String> sent = new ArrayList<>();
        try (Server server = start(encoding, "none");
                BeaconClient client = new BeaconClient(server.httpPort())) {
            for (int i = 0; i < 20; i++) {
                assertThat(client.post("/v1/events?k=demo", "{\"event\":\"e" + i + "\"}")
                                .status())
                        .isEqualTo(200);
                sent.add("e" + i);
            }
            assertThat(events()).as("in open blocks").containsExactlyElementsOf(sent);
            assertThat(events("-g", "events")).as("of their group").containsExactlyElementsOf(sent);
            assertThat(events("-g", "rejected")).as("of the other group").isEmpty();
            server.stop();
        }
        assertThat(events()).as("in sealed blocks").containsExactlyElementsOf(sent);

        try (Server server = start(encoding, "local");
                BeaconClient client = new BeaconClient(server.httpPort())) {
            assertThat(client.post("/v1/events?k=demo", "{\"event\":\"last\"}").status())
                    .isEqualTo(200);
            sent.add("last");
            assertThat(events()).as("wherever they are").containsExactlyInAnyOrderElementsOf(sent);
            server.stop();
        }
        assertThat(events()).as("in objects").containsExactlyInAnyOrderElementsOf(sent);
    }

    private List<String> events(String... options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        String[] arguments = Arrays.copyOf(options, options.length + 1);
        arguments[options.length] = data.toString();
        int exit = new CommandLine(new CatCommand(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        assertThat(err.toString()).isEmpty();
        assertThat(exit).isZero();
        List<String> events = new ArrayList<>();
        Matcher matcher = EVENT.matcher(out.toString(StandardCharsets.UTF_8));
        while (matcher.find()) {
            events.add(matcher.group(1));
        }
        return events;
    }

    private Server start(Encoding encoding, String destination) throws Exception {
        return Server.start(new ConfigLoader()
                .option("test", "data", data)
                .option("test", "http.port", 0)
                .option("test", "admin.port", 0)
                .option("test", "block.linger-max", "60s")
                .option("test", "delivery.destination", destination)
                .option("test", "groups[0].encoding", encoding.name().toLowerCase(Locale.ROOT))
                .load());
    }
}
