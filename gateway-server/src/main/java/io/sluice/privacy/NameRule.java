package io.sluice.privacy;

import java.util.ArrayList;
import java.util.List;

/**
 * What is done with the values of one name. Immutable, once it is compiled.
 *
 * <p>The longest path that matches decides, else the name alone does.
 */
final class NameRule {

    /** Under the name, digits in a number of JSON may be a telephone's, as they may in a string. */
    static final int TELEPHONE = 1;
    /** Under the name, a list of numbers is a place on the earth. */
    static final int POINT = 2;
    /** Under the name, a number is half of such a place; a text is something else. */
    static final int HALF = 4;

    /** What is done with values at a path. */
    static final class Path {
        /** The names above, the innermost first. */
        final NamePattern[] above;

        final Action action;
        final boolean members;

        Path(FieldPattern pattern, Action action) {
            this.action = action;
            members = pattern.members();
            List<String> names = pattern.path();
            above = new NamePattern[names.size() - 1];
            for (int i = 0; i < above.length; i++) {
                above[i] = new NamePattern(names.get(names.size() - 2 - i));
            }
        }
    }

    /** Without regard to a path, or {@code null}. */
    private Action action;

    private final List<Path> paths = new ArrayList<>();
    /** Of the parameters in texts of this name, if some are meant in these alone; else {@code null}. */
    private PersonalNames parameters;
    /** Bits of the constants above, for values that the rule leaves. */
    private int looks;
    /** Whether an object of this name is something else than what the rule means. */
    private boolean sparesObjects;

    /** A rule that knows no path. */
    static NameRule of(Action action) {
        NameRule rule = new NameRule();
        rule.action = action;
        return rule;
    }

    void add(FieldPattern pattern, Action action) {
        if (pattern.path().size() == 1 && !pattern.members()) {
            this.action = action;
            return;
        }
        paths.add(new Path(pattern, action));
        // Of two of one length, that of the value itself.
        paths.sort((a, b) -> a.above.length != b.above.length
                ? b.above.length - a.above.length
                : Boolean.compare(a.members, b.members));
    }

    void parameters(PersonalNames parameters) {
        this.parameters = parameters;
    }

    void look(int bits) {
        looks |= bits;
    }

    void spareObjects() {
        sparesObjects = true;
    }

    /** Takes over what is said of names that begin or end so, if nothing is said of this one. */
    void inherit(NameRule wider) {
        action = action == null ? wider.action : action;
        looks |= wider.looks;
    }

    Action action() {
        return action;
    }

    /** How values are looked at that stay as far as the name decides: bits of the constants above. */
    int looks() {
        return looks;
    }

    /** Whether the rule means a value that begins with this byte. */
    boolean means(int first) {
        return first != '{' || !sparesObjects;
    }

    /** Whether it says of any value what becomes of it. */
    boolean decides() {
        return action != null || !paths.isEmpty() || parameters != null;
    }

    PersonalNames parameters() {
        return parameters;
    }

    boolean hasPaths() {
        return !paths.isEmpty();
    }

    /** The path that decides at this place, or {@code null} if none does. */
    Path path(MemberPath place) {
        for (int i = 0; i < paths.size(); i++) {
            if (place.endsIn(paths.get(i).above)) {
                return paths.get(i);
            }
        }
        return null;
    }
}
