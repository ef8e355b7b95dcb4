package io.sluice.lab;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A refusal of a whole call, in the shape of AWS's JSON 1.1 protocol: {@code {"__type": "…", "message": "…"}}.
 *
 * @param code InvalidKMSResourceException's second member; null elsewhere
 */
record AwsError(int status, String type, String message, String code) {

    static final String UNAVAILABLE = "ServiceUnavailableException";
    static final String INTERNAL = "InternalFailure";
    static final String SLOW_DOWN = "Slow down.";

    static AwsError badRequest(String type, String message) {
        return new AwsError(400, type, message, null);
    }

    /** What a body gets that cannot be read; AWS says no more than the type. */
    static AwsError serialization() {
        return badRequest("SerializationException", null);
    }

    static AwsError unknownOperation() {
        return badRequest("UnknownOperationException", null);
    }

    static AwsError missingToken() {
        return badRequest(
                "MissingAuthenticationTokenException",
                "Request must contain either a valid (registered) AWS access key ID or X.509 certificate.");
    }

    static AwsError invalid(String message) {
        return badRequest("InvalidArgumentException", message);
    }

    /** A value outside of the service model's constraints, in the words of the framework that checks it. */
    static AwsError constraint(String where, String constraint) {
        return badRequest(
                "ValidationException",
                "1 validation error detected: Value at '" + where + "' failed to satisfy constraint: " + constraint);
    }

    static AwsError notFound(String stream, String account) {
        return badRequest(
                "ResourceNotFoundException", "Firehose " + stream + " under account " + account + " not found.");
    }

    static AwsError inUse(String message) {
        return badRequest("ResourceInUseException", message);
    }

    static AwsError slowDown() {
        return new AwsError(503, UNAVAILABLE, SLOW_DOWN, null);
    }

    static AwsError internal(int status) {
        return new AwsError(status, INTERNAL, null, null);
    }

    String json() {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("__type", type);
        if (code != null) {
            members.put("code", code);
        }
        if (message != null) {
            members.put("message", message);
        }
        return Json.write(members);
    }
}
