package io.sluice.cli.erase;

import io.sluice.cli.objects.LineWalker;
import io.sluice.json.Scanner;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Tells the lines of a person from others. One thread.
 *
 * <p>A line is the person's if any of the values that were given stands where it was said to; and, if shops were
 * given, it is of one of them. Most lines hold the bytes of no value and are not read any closer.
 */
final class Person {

    /** What becomes of a line. */
    enum Answer {
        NO,
        YES,
        /** It is no JSON, and may hold one of the values. */
        UNCLEAR
    }

    /** A value, and where it counts. */
    sealed interface Clue {

        String value();

        /**
         * As the value of a field, as a whole.
         *
         * @param path names from the top; {@code *} is any name, arrays count for nothing
         */
        record Field(List<String> path, String value) implements Clue {

            public Field {
                path = List.copyOf(path);
            }

            boolean isAt(List<String> other) {
                if (other.size() != path.size()) {
                    return false;
                }
                for (int i = 0; i < path.size(); i++) {
                    if (!path.get(i).equals("*") && !path.get(i).equals(other.get(i))) {
                        return false;
                    }
                }
                return true;
            }
        }

        /** Anywhere, in names, too, as a word: no letter or digit stands beside it. */
        record Word(String value) implements Clue {}
    }

    private final List<Clue> clues;
    private final Set<String> shops;
    private final byte[][] needles;
    private final boolean words;
    private final LineWalker walker = new LineWalker();

    // Of the line at hand.
    private boolean isFound;
    private boolean isOfShop;

    /** @param shops of any of which the line must be; none: of whichever */
    Person(List<Clue> clues, Set<String> shops) {
        this.clues = List.copyOf(clues);
        this.shops = Set.copyOf(shops);
        needles = clues.stream()
                .map(clue -> clue.value().getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        words = clues.stream().anyMatch(clue -> clue instanceof Clue.Word);
    }

    /** @param bytes with {@value Scanner#PADDING} more behind the line, which ends at {@code to} */
    Answer isOf(byte[] bytes, int from, int to) {
        if (!mayBe(bytes, from, to)) {
            return Answer.NO;
        }
        isFound = false;
        isOfShop = shops.isEmpty();
        boolean json = walker.walk(bytes, from, to, new LineWalker.Visitor() {
            @Override
            public void value(List<String> path, String text, int begin, int end) {
                look(path, text);
            }

            @Override
            public void name(List<String> path, int begin, int end) {
                lookForWords(path.getLast());
            }
        });
        if (!json) {
            return holdsNeedle(bytes, from, to) ? Answer.UNCLEAR : Answer.NO;
        }
        return isFound && isOfShop ? Answer.YES : Answer.NO;
    }

    private void look(List<String> path, String text) {
        if (path.size() == 1 && path.getFirst().equals("shop")) {
            isOfShop |= shops.contains(text);
        }
        for (Clue clue : clues) {
            isFound |= clue instanceof Clue.Field field && field.value.equals(text) && field.isAt(path);
        }
        lookForWords(text);
    }

    private void lookForWords(String text) {
        if (!words || isFound) {
            return;
        }
        String decoded = text.indexOf('%') < 0 ? null : percentDecoded(text);
        for (Clue clue : clues) {
            isFound |= clue instanceof Clue.Word word
                    && (holdsWord(text, word.value) || decoded != null && holdsWord(decoded, word.value));
        }
    }

    /** @return {@code null} if the text is not encoded that way */
    private static String percentDecoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean holdsWord(String text, String word) {
        for (int at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
            if (!goesOn(text, at) && !goesOn(text, at + word.length())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a letter or digit stands on both sides of this place: a bracket ends a word, whatever is behind it. */
    private static boolean goesOn(String text, int at) {
        return at > 0
                && at < text.length()
                && Character.isLetterOrDigit(text.charAt(at - 1))
                && Character.isLetterOrDigit(text.charAt(at));
    }

    /** Whether the line holds the bytes of a value, or escapes in which one may be hidden. */
    private boolean mayBe(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\\' || words && bytes[i] == '%') {
                return true;
            }
        }
        return holdsNeedle(bytes, from, to);
    }

    private boolean holdsNeedle(byte[] bytes, int from, int to) {
        for (byte[] needle : needles) {
            if (indexOf(needle, bytes, from, to) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static int indexOf(byte[] needle, byte[] bytes, int from, int to) {
        for (int i = from; i <= to - needle.length; i++) {
            if (bytes[i] == needle[0] && Arrays.equals(bytes, i, i + needle.length, needle, 0, needle.length)) {
                return i;
            }
        }
        return -1;
    }

    /** How many values there are; what they are is nobody's business. */
    @Override
    public String toString() {
        return "a person by " + clues.size() + " values";
    }

    /**
     * The names in a path such as {@code props.customer.id}; a backslash before a dot makes it part of a name.
     *
     * @throws IllegalArgumentException if a name is empty
     */
    static List<String> path(String text) {
        List<String> names = new ArrayList<>();
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length()) {
                name.append(text.charAt(++i));
            } else if (c == '.') {
                names.add(name.toString());
                name.setLength(0);
            } else {
                name.append(c);
            }
        }
        names.add(name.toString());
        if (names.contains("")) {
            throw new IllegalArgumentException("a path has names with dots between, such as props.customer.id");
        }
        return names;
    }
}
