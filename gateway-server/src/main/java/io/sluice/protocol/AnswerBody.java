package io.sluice.protocol;

/** What a client family needs to find in the body of a 2xx to be content. */
public enum AnswerBody {
    /** A transparent 1×1 GIF of at most 43 bytes: an image element reports an error for anything else. */
    GIF,
    /** {@code {"accepted":n,"rejected":m,"errors":[…],"pos":"…"}}. */
    COUNTS
}
