package io.sluice.privacy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The words of {@code agent-families.txt}. Immutable; a look-up allocates nothing. */
final class AgentTable {

    /** What a word may tell. */
    enum Kind {
        BOT,
        BROWSER,
        OS,
        DEVICE
    }

    /** A word, with the number of the line that says what it tells of each kind, or {@link #NOTHING}. */
    static final class Word {
        private final byte[] text;
        private final int[] lines = new int[Kind.values().length];

        Word(String text) {
            this.text = text.getBytes(StandardCharsets.US_ASCII);
            Arrays.fill(lines, NOTHING);
        }

        int line(Kind kind) {
            return lines[kind.ordinal()];
        }
    }

    static final int NOTHING = Integer.MAX_VALUE;

    private static final String FILE = "agent-families.txt";
    /** At most half of them are taken. */
    private static final int SLOTS = 512;

    private final Word[] words = new Word[SLOTS];
    private final List<Word> endings = new ArrayList<>();
    /** Of each line. */
    private final List<byte[]> names = new ArrayList<>();
    /** Of each line, the word whose version counts, or {@code null} for its own. */
    private final List<Word> versions = new ArrayList<>();

    AgentTable() {
        try (InputStream in = AgentTable.class.getResourceAsStream(FILE)) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.US_ASCII).split("\n")) {
                if (!line.isEmpty() && !line.startsWith("#")) {
                    add(line.split(" "));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void add(String[] columns) {
        Kind kind = Kind.valueOf(columns[0].toUpperCase(Locale.ROOT));
        Word word = word(columns[1].toLowerCase(Locale.ROOT));
        if (word.line(kind) == NOTHING) {
            word.lines[kind.ordinal()] = names.size();
        }
        names.add(columns[2].getBytes(StandardCharsets.US_ASCII));
        versions.add(columns.length > 3 ? word(columns[4].toLowerCase(Locale.ROOT)) : null);
    }

    private Word word(String text) {
        if (text.startsWith("*")) {
            Word ending = new Word(text.substring(1));
            endings.add(ending);
            return ending;
        }
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        int slot = slot(bytes, 0, bytes.length);
        while (words[slot] != null) {
            if (Arrays.equals(words[slot].text, bytes)) {
                return words[slot];
            }
            slot = slot + 1 & SLOTS - 1;
        }
        words[slot] = new Word(text);
        return words[slot];
    }

    /** The word in {@code [from, to)}, else one that it ends in, else {@code null}. */
    Word find(byte[] bytes, int from, int to) {
        for (int slot = slot(bytes, from, to); words[slot] != null; slot = slot + 1 & SLOTS - 1) {
            if (words[slot].text.length == to - from && endsIn(words[slot], bytes, from, to)) {
                return words[slot];
            }
        }
        for (int i = 0; i < endings.size(); i++) {
            if (endsIn(endings.get(i), bytes, from, to)) {
                return endings.get(i);
            }
        }
        return null;
    }

    byte[] name(int line) {
        return names.get(line);
    }

    Word versionOf(int line) {
        return versions.get(line);
    }

    private static boolean endsIn(Word word, byte[] bytes, int from, int to) {
        int begin = to - word.text.length;
        if (begin < from) {
            return false;
        }
        for (int i = 0; i < word.text.length; i++) {
            if (Ascii.lower(bytes[begin + i]) != word.text[i]) {
                return false;
            }
        }
        return true;
    }

    private static int slot(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + Ascii.lower(bytes[i]);
        }
        return (hash ^ hash >>> 9) & SLOTS - 1;
    }
}
