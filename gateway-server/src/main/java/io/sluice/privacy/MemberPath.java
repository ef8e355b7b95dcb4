package io.sluice.privacy;

import io.sluice.json.Scanner;

/**
 * The names within which a place of an event stands. Goes through JSON that is known to be valid, forward only, so that
 * all the places of a value together cost one pass over it, and nothing is done where no rule has a path.
 *
 * <p>Confined to its sink. Elements of arrays have no names: what is within them is within what the array is called.
 */
final class MemberPath {

    private final int[] nameFrom = new int[Scanner.MAX_DEPTH + 2];
    private final int[] nameTo = new int[Scanner.MAX_DEPTH + 2];

    private byte[] src;
    private int at;
    private int depth;
    private byte[] root;

    /**
     * Begins at {@code from} in {@code src}.
     *
     * @param root what the value or the members there are called in a record; empty if they are the record
     */
    void begin(byte[] src, int from, byte[] root) {
        this.src = src;
        this.root = root;
        at = from;
        depth = 0;
        nameTo[0] = 0;
    }

    /** Goes on to the quote at {@code to}, which begins a name. */
    void moveTo(int to) {
        byte[] b = src;
        int i = at;
        while (i < to) {
            switch (b[i]) {
                case '{', '[' -> {
                    nameTo[++depth] = 0;
                    i++;
                }
                case '}', ']' -> {
                    depth--;
                    i++;
                }
                case '"' -> {
                    int end = MemberValue.string(b, i);
                    // Only the last string before a bracket is a name of what is within it; others are replaced by it.
                    nameFrom[depth] = i + 1;
                    nameTo[depth] = end - 1;
                    i = end;
                }
                case ',' -> {
                    nameTo[depth] = 0;
                    i++;
                }
                default -> i++;
            }
        }
        at = i;
    }

    /** Whether the names above are these, the innermost first. */
    boolean endsIn(NamePattern[] above) {
        int level = depth - 1;
        for (NamePattern pattern : above) {
            while (level >= 0 && nameTo[level] == 0) {
                level--;
            }
            boolean matches = level >= 0
                    ? pattern.matches(src, nameFrom[level], nameTo[level])
                    : level == -1 && root.length > 0 && pattern.matches(root, 0, root.length);
            if (!matches) {
                return false;
            }
            level--;
        }
        return true;
    }
}
