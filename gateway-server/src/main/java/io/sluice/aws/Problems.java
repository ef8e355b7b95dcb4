package io.sluice.aws;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;

/** Tells the SDK's exceptions apart. In doubt, what was sent counts as possibly taken. */
final class Problems {

    private static final Set<String> THROTTLES = Set.of(
            "ServiceUnavailableException",
            "ThrottlingException",
            "Throttling",
            "LimitExceededException",
            "ProvisionedThroughputExceededException",
            "RequestLimitExceeded",
            "TooManyRequestsException",
            "SlowDown");

    private static final Set<String> INVALID =
            Set.of("InvalidArgumentException", "ValidationException", "SerializationException");

    private static final int TOO_LARGE = 413;
    private static final int TOO_MANY = 429;
    private static final int SERVER_ERRORS = 500;

    private static final String TIMEOUT = "timeout";

    private Problems() {}

    static CallProblem problem(Throwable error) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e instanceof AwsServiceException answer) {
                return ofAnswer(code(answer), answer.statusCode());
            }
            if (e instanceof SdkClient.NotConnected
                    || e instanceof ConnectException
                    || e instanceof ConnectTimeoutException
                    || e instanceof UnknownHostException
                    || e instanceof UnresolvedAddressException) {
                return CallProblem.UNSENT;
            }
        }
        return CallProblem.UNKNOWN;
    }

    /** Whether the service has answered; perhaps before it had the whole request, which then is still on its way. */
    static boolean isAnswer(Throwable error) {
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e instanceof AwsServiceException) {
                return true;
            }
        }
        return false;
    }

    private static CallProblem ofAnswer(String code, int status) {
        if (THROTTLES.contains(code) || status == TOO_MANY) {
            return CallProblem.THROTTLED;
        }
        if (INVALID.contains(code) || status == TOO_LARGE) {
            return CallProblem.INVALID;
        }
        if (code.equals("ResourceNotFoundException")) {
            return CallProblem.GONE;
        }
        return status >= SERVER_ERRORS ? CallProblem.UNKNOWN : CallProblem.DENIED;
    }

    /** The service's code, or what went wrong here, in a few words. */
    static String text(Throwable error) {
        Throwable last = error;
        for (Throwable e = error; e != null; e = e.getCause()) {
            if (e instanceof AwsServiceException answer) {
                return code(answer);
            }
            if (e instanceof ApiCallTimeoutException
                    || e instanceof ApiCallAttemptTimeoutException
                    || e instanceof TimeoutException) {
                return TIMEOUT;
            }
            if (e instanceof SdkClient.NotConnected) {
                return String.valueOf(e.getMessage());
            }
            last = e;
        }
        return last.toString();
    }

    private static String code(AwsServiceException e) {
        String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
        return code == null || code.isBlank() ? "status " + e.statusCode() : code;
    }
}
