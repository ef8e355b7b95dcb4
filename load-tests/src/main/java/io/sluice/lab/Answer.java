package io.sluice.lab;

import java.nio.charset.StandardCharsets;

/**
 * What becomes of a call: bytes to send, now or late, or nothing. Immutable; {@link Firehose#settled} wants to hear how
 * it went.
 *
 * @param error the type of a refusal of the whole call, null for 200
 * @param counters of the stream, or of what belongs to none; null for calls that are not puts
 * @param storedOk records stored that the body says are
 * @param storedFailed records stored that the body says are not
 */
record Answer(
        Kind kind,
        int status,
        byte[] body,
        long delayNanos,
        String error,
        Counters counters,
        long storedOk,
        long storedFailed) {

    enum Kind {
        SEND,
        RESET,
        SILENCE
    }

    static Answer control(String body) {
        return new Answer(Kind.SEND, 200, body.getBytes(StandardCharsets.UTF_8), 0, null, null, 0, 0);
    }

    static Answer control(AwsError error) {
        return new Answer(
                Kind.SEND, error.status(), error.json().getBytes(StandardCharsets.UTF_8), 0, error.type(), null, 0, 0);
    }

    long stored() {
        return storedOk + storedFailed;
    }
}
