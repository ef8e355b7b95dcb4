package io.sluice.http;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The field that tells browsers to come by TLS only from now on (RFC 6797), encoded for both versions of HTTP; nothing
 * on connections without TLS, where section 7.2 forbids it.
 */
record StrictTransport(byte[] http1, byte[] http2) {

    static final StrictTransport NONE = new StrictTransport(new byte[0], new byte[0]);

    static StrictTransport of(Duration maxAge) {
        if (maxAge.isZero()) {
            return NONE;
        }
        String value = "max-age=" + maxAge.toSeconds();
        return new StrictTransport(
                ("Strict-Transport-Security: " + value + "\r\n").getBytes(StandardCharsets.US_ASCII),
                Http2Answers.strictTransport(value));
    }
}
