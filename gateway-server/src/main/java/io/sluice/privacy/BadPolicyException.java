package io.sluice.privacy;

import java.util.List;

/** A policy file with mistakes in it. The message names the file and every one of them. */
public final class BadPolicyException extends Exception {

    private static final long serialVersionUID = 1L;

    BadPolicyException(String file, List<String> problems) {
        super(file + ":\n  " + String.join("\n  ", problems));
    }
}
