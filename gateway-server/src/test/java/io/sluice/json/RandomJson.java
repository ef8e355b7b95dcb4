package io.sluice.json;

import java.util.Random;

/** Makes JSON texts that use all of the grammar, with white space where it may stand. */
public final class RandomJson {

    private static final String[] PIECES = {
        "a",
        "shoe",
        " ",
        "é",
        "日本",
        "😀",
        "\\n",
        "\\\"",
        "\\\\",
        "\\/",
        "\\u00e9",
        "\\ud83d\\ude00",
        "\\u0041",
        "%20",
        "@",
        "%",
        "01a23b45",
        "\u007f",
        "{",
        "]",
        ",",
        ":",
        "long text that spans more than a word of eight bytes"
    };
    private static final String[] WORDS = {
        "true", "false", "null", "0", "-0", "1", "-12", "3.25", "1e9", "1E-2", "-0.5e+10", "12345678", "1763769600123"
    };
    private static final String[] SPACES = {" ", "\n", "\t", "\r\n", "  ", "         "};

    private final Random random;
    private final int spaceOneIn;
    private final StringBuilder text = new StringBuilder();

    /** One in {@code spaceOneIn} places where white space may stand has some; 0 for none. */
    public RandomJson(Random random, int spaceOneIn) {
        this.random = random;
        this.spaceOneIn = spaceOneIn;
    }

    public String value(int depth) {
        text.setLength(0);
        addValue(depth);
        return text.toString();
    }

    private void addValue(int depth) {
        space();
        switch (random.nextInt(depth > 0 ? 5 : 3)) {
            case 0 -> text.append(WORDS[random.nextInt(WORDS.length)]);
            case 1, 2 -> string();
            case 3 -> {
                text.append('[');
                space();
                for (int i = random.nextInt(5); i > 0; i--) {
                    addValue(depth - 1);
                    text.append(i > 1 ? "," : "");
                }
                text.append(']');
            }
            default -> {
                text.append('{');
                space();
                for (int i = random.nextInt(5); i > 0; i--) {
                    space();
                    string();
                    space();
                    text.append(':');
                    addValue(depth - 1);
                    text.append(i > 1 ? "," : "");
                }
                text.append('}');
            }
        }
        space();
    }

    private void string() {
        text.append('"');
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        text.append('"');
    }

    private void space() {
        if (spaceOneIn > 0 && random.nextInt(spaceOneIn) == 0) {
            text.append(SPACES[random.nextInt(SPACES.length)]);
        }
    }
}
