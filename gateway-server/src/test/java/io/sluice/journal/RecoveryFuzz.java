package io.sluice.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A journal whose bytes were changed: a start reads what is left of it without failing, and hands out no line that was
 * never written.
 *
 * <p>The first byte says which of the fixtures; each five behind it change one byte: two of the segment and place, one
 * to put there, taken from the whole of its files.
 */
public final class RecoveryFuzz {

    private static final String[] FIXTURES = {"v2-ndjson", "v2-gzip", "v2-zstd", "v1-gzip"};
    private static final JournalFixtures.Image[] IMAGES = new JournalFixtures.Image[FIXTURES.length];
    private static final Set<String> WRITTEN = new HashSet<>();

    private RecoveryFuzz() {}

    public static void fuzzerInitialize() throws IOException {
        Path directory = Path.of(System.getProperty("sluice.fuzz.journal", "src/test/resources/journal"));
        for (int i = 0; i < FIXTURES.length; i++) {
            IMAGES[i] = JournalFixtures.Image.of(directory.resolve(FIXTURES[i]));
            WRITTEN.addAll(IMAGES[i].recover());
        }
    }

    public static void fuzzerTestOneInput(byte[] input) throws IOException {
        if (input.length < 2) {
            return;
        }
        JournalFixtures.Image image = IMAGES[(input[0] & 0xff) % IMAGES.length].copy();
        for (int i = 1; i + 4 < input.length; i += 5) {
            int place = (input[i] & 0xff) << 16 | (input[i + 1] & 0xff) << 8 | input[i + 2] & 0xff;
            image.change(input[i + 3] & 0xff, place, input[i + 4]);
        }
        List<String> lines = image.recover();
        for (String line : lines) {
            if (!WRITTEN.contains(line)) {
                throw new AssertionError("a line that nobody has written");
            }
        }
    }
}
