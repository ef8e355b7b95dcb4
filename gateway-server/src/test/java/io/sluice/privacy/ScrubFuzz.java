package io.sluice.privacy;

import io.sluice.json.ReferenceJson;
import java.util.Arrays;

/** Any bytes under any preset: JSON stays JSON, what is none is refused, and scrubbing twice changes no more than once. */
public final class ScrubFuzz {

    private static final String[] POLICIES = {"strict", "gdpr", "ccpa", "minimal"};
    private static final LineScrubber[] SCRUBBERS = new LineScrubber[POLICIES.length];

    private ScrubFuzz() {}

    public static void fuzzerInitialize() throws Exception {
        for (int i = 0; i < POLICIES.length; i++) {
            SCRUBBERS[i] = LineScrubber.of(POLICIES[i], new byte[32]);
        }
    }

    public static void fuzzerTestOneInput(byte[] input) {
        if (input.length == 0) {
            return;
        }
        LineScrubber scrubber = SCRUBBERS[input[0] & 3];
        byte[] line = Arrays.copyOfRange(input, 1, input.length);
        byte[] once = scrubber.scrub(line, line.length);
        if (once == null ? ReferenceJson.parse(line) != null : ReferenceJson.parse(once) == null) {
            throw new AssertionError(once == null ? "refused, but JSON" : "taken, but no JSON came out");
        }
        if (once != null && !Arrays.equals(once, scrubber.scrub(once, once.length))) {
            throw new AssertionError("scrubbing what is scrubbed changed it");
        }
    }
}
