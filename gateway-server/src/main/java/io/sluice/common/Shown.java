package io.sluice.common;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What messages show of a file that is not as it should be. It may be any file, with anybody's data in it, so only what
 * could be a word of a schema is quoted; of anything else its type and length are told. Stateless.
 */
public final class Shown {

    private static final Pattern WORD = Pattern.compile("[A-Za-z][A-Za-z_-]{0,23}[0-9]{0,4}|-?[0-9]{1,6}|\\*");
    private static final Pattern KEY = Pattern.compile("(?!.*[0-9]{5})[A-Za-z0-9_.*?-]{1,40}");

    /** Parts of messages of YAML behind which there is text of the file. */
    private static final Pattern QUOTING =
            Pattern.compile("(duplicate key|alias|anchor|tag|handle|directive)\\b.*", Pattern.DOTALL);

    private Shown() {}

    /** A value, such as {@code 'word'}, {@code missing}, {@code a list} or {@code text of 27 characters}. */
    public static String value(Object value) {
        return switch (value) {
            case null -> "missing";
            case Map<?, ?> map -> map.isEmpty() ? "an empty mapping" : "a mapping";
            case List<?> list -> list.isEmpty() ? "an empty list" : "a list";
            default -> {
                String text = value.toString();
                yield WORD.matcher(text).matches() ? "'" + text + "'" : text(text);
            }
        };
    }

    /** A name in a path. */
    public static String key(Object key) {
        String text = String.valueOf(key);
        return KEY.matcher(text).matches() ? text : "(" + text(text) + ")";
    }

    /** What a reader of YAML found wrong, without what it quotes. */
    public static String yamlProblem(String problem) {
        return problem == null ? "malformed" : QUOTING.matcher(problem).replaceAll("$1");
    }

    private static String text(String text) {
        return "text of " + text.codePointCount(0, text.length()) + " characters";
    }
}
