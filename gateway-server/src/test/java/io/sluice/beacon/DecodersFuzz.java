package io.sluice.beacon;

import io.sluice.json.ReferenceJson;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Any bytes as a body or a query, and as a User-Agent: each line that comes out is one JSON object in UTF-8, there are
 * as many as were accepted, and they take no more room than was asked for before.
 *
 * <p>The first byte says which protocol, and how many bytes behind it are the User-Agent.
 */
public final class DecodersFuzz {

    private static final Fixture GATEWAY = new Fixture();

    private DecodersFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        int agent = 1 + Math.min(input.length - 1, (input[0] & 0xff) >> 1);
        byte[] content = Arrays.copyOfRange(input, agent, input.length);
        GATEWAY.userAgent = new String(input, 1, agent - 1, StandardCharsets.ISO_8859_1);
        GATEWAY.events.clear();
        GATEWAY.rejected.clear();
        if ((input[0] & 1) == 0) {
            GATEWAY.post(content);
        } else {
            GATEWAY.pixel(content);
        }
        List<String> events = GATEWAY.events();
        check(events);
        check(GATEWAY.rejected());
        int accepted = GATEWAY.outcome.refusal() == null ? GATEWAY.outcome.accepted() : 0;
        if (events.size() != accepted) {
            throw new AssertionError(events.size() + " lines, but " + accepted + " accepted");
        }
        int staged = GATEWAY.events.size() + GATEWAY.rejected.size();
        if (staged > Decoders.stagedBound(content.length)) {
            throw new AssertionError(staged + " bytes of lines of " + content.length);
        }
    }

    private static void check(List<String> lines) {
        for (String line : lines) {
            if (line.indexOf('\n') != line.length() - 1 || ReferenceJson.object(line) == null) {
                throw new AssertionError("not one line of JSON");
            }
        }
    }
}
