package io.sluice.common;

import java.util.Collection;

/** Guesses what was meant by a name that there is not. For messages. Stateless. */
public final class Nearest {

    private Nearest() {}

    /** The name that is the fewest letters away, or {@code null} if none is near enough to be meant. */
    public static String of(String name, Collection<String> known) {
        String best = null;
        int least = 1 + Math.max(1, (name.length() + 1) / 3);
        for (String candidate : known) {
            int distance = distance(name, candidate);
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    /** Levenshtein's: letters to insert, remove or replace. */
    public static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
