package io.sluice.lab;

import java.util.List;
import java.util.SplittableRandom;

/** Rolls the dice for one call or record, and says what a fault looks like to the client. Stateless. */
final class Strikes {

    private Strikes() {}

    /** The first rule that strikes the call as a whole, or null. */
    static FaultRule call(List<FaultRule> rules, SplittableRandom random) {
        for (FaultRule rule : rules) {
            if (isOfCalls(rule.fault()) && hits(rule, random)) {
                return rule;
            }
        }
        return null;
    }

    /** The first rule that strikes a single record, or null. */
    static FaultRule record(List<FaultRule> rules, SplittableRandom random) {
        for (FaultRule rule : rules) {
            if ((rule.fault() == Fault.PARTIAL || rule.fault() == Fault.STORED_FAILED) && hits(rule, random)) {
                return rule;
            }
        }
        return null;
    }

    /** By how much the answer is late: the sum over all rules of latency that strike. */
    static long delayNanos(List<FaultRule> rules, SplittableRandom random, Counters counters) {
        long delay = 0;
        for (FaultRule rule : rules) {
            if (rule.fault() == Fault.LATENCY && hits(rule, random)) {
                delay += random.nextDouble() < rule.tailRate() ? rule.tailNanos() : rule.delayNanos();
                counters.fault(Fault.LATENCY, 1);
            }
        }
        return delay;
    }

    private static boolean hits(FaultRule rule, SplittableRandom random) {
        return rule.rate() >= 1 || random.nextDouble() < rule.rate();
    }

    private static boolean isOfCalls(Fault fault) {
        return switch (fault) {
            case THROTTLE,
                    UNAVAILABLE,
                    ERROR,
                    RESET,
                    BLACK_HOLE,
                    KMS,
                    ACCESS_DENIED,
                    EXPIRED_CREDENTIALS,
                    DELETED,
                    CREATING -> true;
            case PARTIAL, STORED_FAILED, LATENCY, SLOW_READS, S3_REFUSED -> false;
        };
    }

    /** The error that the client gets, or null where it gets none or errors of single records. */
    static AwsError error(FaultRule rule, String stream, String arn, String account, String operation) {
        return switch (rule.fault()) {
            case UNAVAILABLE -> AwsError.slowDown();
            case ERROR -> AwsError.internal(rule.status());
            case KMS ->
                new AwsError(
                        400,
                        "InvalidKMSResourceException",
                        "The KMS key of the delivery stream cannot be used: " + rule.code(),
                        rule.code());
            case ACCESS_DENIED ->
                AwsError.badRequest(
                        "AccessDeniedException",
                        "User: arn:aws:sts::" + account
                                + ":assumed-role/lab/lab is not authorized to perform: firehose:"
                                + operation + " on resource: " + arn
                                + " because no identity-based policy allows the firehose:" + operation + " action");
            case EXPIRED_CREDENTIALS ->
                AwsError.badRequest("ExpiredTokenException", "The security token included in the request is expired");
            case DELETED, CREATING -> AwsError.notFound(stream, account);
            case THROTTLE, RESET, BLACK_HOLE, PARTIAL, STORED_FAILED, LATENCY, SLOW_READS, S3_REFUSED -> null;
        };
    }
}
