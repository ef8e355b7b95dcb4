package io.sluice.delivery.firehose;

import io.sluice.aws.DescribeResult;
import io.sluice.aws.PutResult;
import java.util.List;

/** What ended on a thread of others and is handed to the delivery thread. */
sealed interface Ended {

    /** @param sentNanos when the call was made */
    record Put(Lane lane, Stream stream, List<Outgoing> batch, long sentNanos, PutResult result) implements Ended {}

    record Described(Lane lane, Stream stream, DescribeResult result) implements Ended {}

    /** @param problem {@code null} if the block is durable */
    record Parked(Outgoing block, String reason, String problem) implements Ended {}
}
