package io.sluice.privacy;

import io.sluice.json.JsonWriter;
import io.sluice.json.Scanner;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** JSON as the gateway would write it: scanned, marked and scrubbed; and what was found on the way. For one thread. */
final class ScrubbedText {

    private final Scrubber scrubber = new Scrubber(new Rules(Policy.strict()), null);
    private final MarkedCopy copy = new MarkedCopy(scrubber);
    private final Scanner scanner = new Scanner();
    private byte[] src = new byte[1024];
    private byte[] dst = new byte[4096];

    ScrubbedText() {
        copy.prepare(scanner);
    }

    /** What becomes of the JSON, which must be valid. */
    String of(String json) {
        int length = scan(json);
        int end = copy.copy(scanner, 0, length, 0, scanner.marks(), dst, 0);
        return new String(dst, 0, end, StandardCharsets.UTF_8);
    }

    /** Whether anything in the JSON, which must be valid, is taken for personal. */
    boolean isTouched(String json) {
        int length = scan(json);
        if (scanner.marks() == 0) {
            return false;
        }
        copy.copy(scanner, 0, length, 0, scanner.marks(), dst, 0);
        for (Kind kind : Kind.values()) {
            if (scrubber.found().count(kind) > 0) {
                return true;
            }
        }
        return false;
    }

    /** How many pieces of the kind the last JSON held. */
    int found(Kind kind) {
        return scrubber.found().count(kind);
    }

    private int scan(String json) {
        byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
        if (src.length < utf8.length + Scanner.PADDING) {
            src = new byte[2 * utf8.length + Scanner.PADDING];
        }
        System.arraycopy(utf8, 0, src, 0, utf8.length);
        Arrays.fill(src, utf8.length, utf8.length + Scanner.PADDING, (byte) 0);
        int bound = scrubber.bound(utf8.length) + JsonWriter.SLACK;
        if (dst.length < bound) {
            dst = new byte[2 * bound];
        }
        scrubber.found().clear();
        scanner.reset(src, utf8.length);
        if (scanner.document(0) != utf8.length) {
            throw new AssertionError(scanner.fault() + " at " + scanner.faultOffset() + " of " + json);
        }
        return utf8.length;
    }
}
