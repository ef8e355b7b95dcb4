package io.sluice.privacy;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which values a policy means by what they are called.
 *
 * <pre>
 *   email             members and parameters of this name, wherever they stand, and the schema's field
 *   customer.email    members of this name directly within one of that
 *   items.*.email     with any one name between
 *   traits.*          every member of one of this name
 *   ?token            parameters of this name
 *   url?token         parameters of this name in the text that is called url
 * </pre>
 *
 * <p>Of names only letters and digits count, and not their case. An asterisk at the beginning or the end of a name
 * stands for any letters: {@code utm_*}, {@code *_email}.
 *
 * @param path names from the outermost to that of the value; {@code *} is any
 * @param members whether not the value at the path is meant, but each of its members
 * @param parameter whether the last name is a parameter's, and one before it is the text's
 */
record FieldPattern(List<String> path, boolean members, boolean parameter) {

    private static final int LONGEST = 8;
    private static final String ANY = "*";

    FieldPattern {
        path = List.copyOf(path);
    }

    /** Members and parameters of a name. */
    static FieldPattern ofName(String name) {
        return new FieldPattern(List.of(name), false, false);
    }

    /** What the text means, or {@code null} if it cannot be understood. */
    static FieldPattern parse(String text) {
        int question = text.indexOf('?');
        if (question >= 0) {
            String parameter = name(text.substring(question + 1));
            String within = question == 0 ? "" : name(text.substring(0, question));
            if (parameter == null || within == null || parameter.equals(ANY) || within.contains(ANY)) {
                return null;
            }
            return new FieldPattern(question == 0 ? List.of(parameter) : List.of(within, parameter), false, true);
        }
        List<String> path = new ArrayList<>();
        boolean members = false;
        String[] names = text.split("\\.", -1);
        for (int i = 0; i < names.length; i++) {
            boolean last = i == names.length - 1;
            if (names[i].equals("**") && (i == 0 || last) && names.length > 1) {
                // Whatever is above, and whatever is within: so it is without them.
                continue;
            }
            String name = name(names[i]);
            if (name == null) {
                return null;
            }
            if (name.equals(ANY) && last) {
                members = true;
            } else if (!name.equals(ANY) || !path.isEmpty()) {
                path.add(name);
            }
        }
        boolean named = !path.isEmpty() && !path.getLast().equals(ANY);
        return named && path.size() <= LONGEST ? new FieldPattern(path, members, false) : null;
    }

    /** The name that decides whether a value is looked at: its own, or that of what it is a member of. */
    String last() {
        return path.getLast();
    }

    private static String name(String text) {
        if (text.equals(ANY)) {
            return ANY;
        }
        if (!text.matches("\\*?[A-Za-z0-9_-]{1,32}\\*?")) {
            return null;
        }
        String name = text.toLowerCase(Locale.ROOT).replaceAll("[_-]", "");
        return name.replace(ANY, "").isEmpty() || name.startsWith(ANY) && name.endsWith(ANY) ? null : name;
    }
}
