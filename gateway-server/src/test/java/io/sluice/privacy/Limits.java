package io.sluice.privacy;

/** Which combinations docs/PRIVACY.md says are not found, each by a rule; and what is left of a value in a line. */
public final class Limits {

    /** A shorter run of letters and digits may stand somewhere by chance. */
    private static final int TELLING = 8;

    private static final int SHORTEST_BASE_64 = 16;

    private Limits() {}

    /** Why the value need not be found so, or {@code null} if it must. */
    public static String leftOut(Planted planted, Disguise disguise, Surrounding around, Place place) {
        String text = planted.text();
        boolean alone = around == Surrounding.NOTHING || around == Surrounding.ARRAY;
        boolean digits = Undone.of(text).chars().allMatch(Character::isDigit);
        if (digits && alone && place == Place.TIME && planted.entity().endsWith("NUMBER")) {
            return "telephone numbers of digits alone in a member that is named as a time";
        }
        if (disguise == Disguise.BASE64 && disguise.of(text).length() < SHORTEST_BASE_64) {
            return "base64 of fewer than 16 characters";
        }
        boolean card = planted.entity().equals("CREDIT_CARD");
        if (digits && alone && place == Place.ID && !(card && (text.length() == 15 || text.length() == 16))) {
            return "digits alone in a member that is named as an id, but for cards of 15 and 16";
        }
        return null;
    }

    /** What of the value is left in the line, or {@code null}. */
    public static String left(Planted planted, String line) {
        String undone = Undone.of(line);
        String packed = null;
        for (String value : planted.values()) {
            String plain = Undone.of(value);
            if (line.contains(value) || undone.contains(plain)) {
                return value;
            }
            String letters = Undone.lettersAndDigits(plain);
            if (letters.length() >= TELLING) {
                packed = packed == null ? Undone.lettersAndDigits(undone) : packed;
                if (packed.contains(letters)) {
                    return letters;
                }
            }
        }
        return null;
    }
}
