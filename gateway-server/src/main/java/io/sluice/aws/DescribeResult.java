package io.sluice.aws;

/** How the question for a stream's settings ended. */
public sealed interface DescribeResult {

    record Found(StreamDescription description) implements DescribeResult {}

    /** @param code the service's code, or the name of what went wrong here */
    record Failed(CallProblem problem, String code) implements DescribeResult {}
}
