package io.sluice.shop;

import java.util.List;

/** A shops file that cannot be used, with everything that is wrong with it. Write keys in it are masked. */
public final class BadShopsException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    BadShopsException(String file, List<String> problems) {
        super(file + ":\n  " + String.join("\n  ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Each problem on its own: the key's path, its value, and what was expected. */
    public List<String> problems() {
        return problems;
    }
}
