package io.sluice.ladder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The part of a document between two markers, which a script writes. Immutable.
 *
 * @param begin the line before it
 * @param end the line behind it
 */
public record DocsBlock(String begin, String end) {

    /** @param script with its first argument, such as {@code scripts/bench ladder} */
    public static DocsBlock of(String script) {
        return new DocsBlock(
                "<!-- begin of what " + script + " --write-docs writes -->",
                "<!-- end of what " + script + " --write-docs writes -->");
    }

    public void write(Path document, String block) throws IOException {
        Files.writeString(document, replaced(Files.readString(document), block));
    }

    /** @throws IOException if the markers are not there, once each and in order */
    String replaced(String document, String block) throws IOException {
        int from = document.indexOf(begin);
        int to = document.indexOf(end);
        if (from < 0 || to < from || document.indexOf(begin, from + 1) >= 0 || document.indexOf(end, to + 1) >= 0) {
            throw new IOException("expected one line '" + begin + "' and behind it one '" + end + "'");
        }
        return document.substring(0, from + begin.length()) + "\n\n" + block.stripTrailing() + "\n\n"
                + document.substring(to);
    }
}
