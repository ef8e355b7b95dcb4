package io.sluice.lab;

import java.util.List;

/** What can go wrong on demand. The name in files and over HTTP is {@link #label}. */
enum Fault {
    THROTTLE("throttle", "every record of the call refused: HTTP 200 and \"Slow down.\" each"),
    PARTIAL("partial", "each record refused by itself, at the rate", "code"),
    STORED_FAILED("stored-failed", "each record stored and yet answered InternalFailure, at the rate"),
    UNAVAILABLE("unavailable", "the call refused with ServiceUnavailableException, HTTP 503"),
    ERROR("error", "InternalFailure with an HTTP status of 400 to 599, before or after storing", "status", "when"),
    RESET("reset", "connection reset, before or after storing", "when"),
    BLACK_HOLE("black-hole", "never answered, before or after storing", "when"),
    LATENCY("latency", "answered late, by delay or, at tailRate, by tail", "delay", "tail", "tailRate"),
    SLOW_READS("slow-reads", "bodies read slowly; of all streams, as none is known yet", "bytesPerSecond"),
    KMS("kms", "InvalidKMSResourceException", "code"),
    ACCESS_DENIED("access-denied", "AccessDeniedException"),
    EXPIRED_CREDENTIALS("expired-credentials", "ExpiredTokenException"),
    DELETED("deleted", "ResourceNotFoundException, as if the stream were gone"),
    CREATING("creating", "described as CREATING, puts refused with ResourceNotFoundException"),
    S3_REFUSED("s3-refused", "nothing delivered: kept until the retention ends, then lost");

    private final String label;
    private final String meaning;
    private final List<String> parameters;

    Fault(String label, String meaning, String... parameters) {
        this.label = label;
        this.meaning = meaning;
        this.parameters = List.of(parameters);
    }

    String label() {
        return label;
    }

    String meaning() {
        return meaning;
    }

    /** The members that a rule of this fault may have beside those that every rule may have. */
    List<String> parameters() {
        return parameters;
    }

    static Fault of(String label) {
        for (Fault fault : values()) {
            if (fault.label.equals(label)) {
                return fault;
            }
        }
        return null;
    }
}
