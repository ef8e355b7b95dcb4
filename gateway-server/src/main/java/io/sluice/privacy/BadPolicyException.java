package io.sluice.privacy;

import java.util.List;

/** A policy file with mistakes in it. The message names the file and every one of them. */
public final class BadPolicyException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String name;

    BadPolicyException(String file, String name, List<String> problems) {
        super(file + ":\n  " + String.join("\n  ", problems));
        this.name = name;
    }

    /** What the policy would be called, or {@code null} if its name is one of the mistakes. */
    String name() {
        return name;
    }
}
