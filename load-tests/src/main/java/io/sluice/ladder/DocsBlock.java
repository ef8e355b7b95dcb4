package io.sluice.ladder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The part of a document between two markers, which a program writes. Stateless. */
final class DocsBlock {

    static final String BEGIN = "<!-- begin of what scripts/bench ladder --write-docs writes -->";
    static final String END = "<!-- end of what scripts/bench ladder --write-docs writes -->";

    private DocsBlock() {}

    static void write(Path document, String block) throws IOException {
        Files.writeString(document, replaced(Files.readString(document), block));
    }

    /** @throws IOException if the markers are not there, once each and in order */
    static String replaced(String document, String block) throws IOException {
        int begin = document.indexOf(BEGIN);
        int end = document.indexOf(END);
        if (begin < 0
                || end < begin
                || document.indexOf(BEGIN, begin + 1) >= 0
                || document.indexOf(END, end + 1) >= 0) {
            throw new IOException("expected one line '" + BEGIN + "' and behind it one '" + END + "'");
        }
        return document.substring(0, begin + BEGIN.length()) + "\n\n" + block.stripTrailing() + "\n\n"
                + document.substring(end);
    }
}
