package io.sluice.aws;

import java.util.List;

/** How a put ended. */
public sealed interface PutResult {

    /** @param records one for each record, in the order of the call */
    record Answered(List<RecordResult> records) implements PutResult {}

    /** @param code the service's code, or the name of what went wrong here; holds no data */
    record Failed(CallProblem problem, String code) implements PutResult {}
}
