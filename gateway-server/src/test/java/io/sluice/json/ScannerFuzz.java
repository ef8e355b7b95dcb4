package io.sluice.json;

import java.util.Arrays;

/** Any bytes: the scanner and a parser that shares nothing with it agree on whether they are one JSON text. */
public final class ScannerFuzz {

    private static final Scanner SCANNER = new Scanner();

    private ScannerFuzz() {}

    public static void fuzzerTestOneInput(byte[] input) {
        SCANNER.reset(Arrays.copyOf(input, input.length + Scanner.PADDING), input.length);
        boolean taken = SCANNER.document(0) != Scanner.FAILED;
        boolean valid = ReferenceJson.parse(input) != null;
        if (taken != valid) {
            throw new AssertionError((taken ? "taken" : "refused") + ", but it is " + (valid ? "" : "not ") + "JSON");
        }
        if (!taken && (SCANNER.faultOffset() < 0 || SCANNER.faultOffset() > input.length)) {
            throw new AssertionError("refused at " + SCANNER.faultOffset() + " of " + input.length);
        }
    }
}
