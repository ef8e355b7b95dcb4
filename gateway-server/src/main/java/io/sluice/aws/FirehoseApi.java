package io.sluice.aws;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/**
 * Amazon Data Firehose, as far as it is called. Any thread.
 *
 * <p>A call returns without waiting for the answer, throws nothing, and says once how it ended: on any thread, the
 * caller's included.
 */
public interface FirehoseApi extends AutoCloseable {

    /** Most records of a call (PutRecordBatch, API reference). */
    int MAX_RECORDS = 500;

    /** Most bytes of a record, before base64. */
    int MAX_RECORD_BYTES = 1_024_000;

    /**
     * Puts records to a stream, in one attempt.
     *
     * @param records at most {@value #MAX_RECORDS} of at most {@value #MAX_RECORD_BYTES} bytes, 4 MiB together, each
     *     from position to limit. They are read before this returns and not later, and their positions stay
     */
    void put(String stream, List<ByteBuffer> records, Consumer<PutResult> ended);

    void describe(String stream, Consumer<DescribeResult> ended);

    /** Gives up calls under way. */
    @Override
    void close();
}
