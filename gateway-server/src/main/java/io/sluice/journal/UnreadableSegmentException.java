package io.sluice.journal;

import java.io.IOException;

/** A segment whose key is not here: nothing of it is lost, and nothing is read. */
public final class UnreadableSegmentException extends IOException {

    private static final long serialVersionUID = 1;

    private final String what;

    /**
     * @param what which key of which segment is missing
     * @param advice what to do about it, for a gateway
     */
    UnreadableSegmentException(String what, String advice) {
        super(what + ": " + advice);
        this.what = what;
    }

    /** Which key is missing, without advice, for those who are no gateway. */
    public String what() {
        return what;
    }
}
