package io.sluice.journal;

import java.io.IOException;

/** A segment whose key is not here: nothing of it is lost, and nothing is read. */
public final class UnreadableSegmentException extends IOException {

    private static final long serialVersionUID = 1;

    UnreadableSegmentException(String message) {
        super(message);
    }
}
