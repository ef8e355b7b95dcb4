package io.sluice.shop;

import java.util.List;

/**
 * Shops that cannot be used, with everything that is wrong with their file and with those of their policies. Write keys
 * in it are masked.
 */
public final class BadShopsException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    BadShopsException(String file, List<String> problems) {
        super(file + ":\n  " + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Says at once what is wrong with several files. Each report names its file and all problems of that. */
    public BadShopsException(List<String> reports) {
        super(String.join("\n", reports));
        this.problems = List.copyOf(reports);
    }

    /** Each problem on its own: the key's path, its value, and what was expected. */
    public List<String> problems() {
        return problems;
    }
}
