package io.sluice.lab;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes the answers to puts. Guarded by the lock of {@link Firehose}: reuses its array. */
final class PutReply {

    private static final byte[] ID = ascii("{\"RecordId\":\"");
    private static final byte[] END = ascii("\"}");
    private static final byte[] SLOW_DOWN =
            ascii("{\"ErrorCode\":\"ServiceUnavailableException\",\"ErrorMessage\":\"Slow down.\"}");

    private final RecordIds ids = new RecordIds();
    private byte[] bytes = new byte[64 * 1024];
    private int at;

    /** @param codes for each record the error's code, or null where it was stored */
    byte[] batch(String[] codes, int failed) {
        at = 0;
        append(ascii("{\"Encrypted\":false,\"FailedPutCount\":" + failed + ",\"RequestResponses\":["));
        for (int i = 0; i < codes.length; i++) {
            if (i > 0) {
                append((byte) ',');
            }
            if (codes[i] == null) {
                append(ID);
                append(ids.next());
                append(END);
            } else if (codes[i].equals(AwsError.UNAVAILABLE)) {
                append(SLOW_DOWN);
            } else {
                append(ascii("{\"ErrorCode\":\"" + codes[i]
                        + "\",\"ErrorMessage\":\"An internal failure occurred. Try again later.\"}"));
            }
        }
        append(ascii("]}"));
        return Arrays.copyOf(bytes, at);
    }

    byte[] single() {
        at = 0;
        append(ascii("{\"Encrypted\":false,\"RecordId\":\""));
        append(ids.next());
        append(END);
        return Arrays.copyOf(bytes, at);
    }

    private void append(byte[] piece) {
        if (bytes.length - at < piece.length) {
            bytes = Arrays.copyOf(bytes, 2 * bytes.length + piece.length);
        }
        System.arraycopy(piece, 0, bytes, at, piece.length);
        at += piece.length;
    }

    private void append(byte one) {
        append(new byte[] {one});
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
