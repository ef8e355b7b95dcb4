package io.sluice.aws;

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
     * @param records at most {@value #MAX_RECORDS} of at most {@value #MAX_RECORD_BYTES} bytes, 4 MiB together. The
     *     arrays are not copied: they may be read for as long as anything holds them, even after a call that timed out
     *     has ended, and so are never changed again
     */
    void put(String stream, List<byte[]> records, Consumer<PutResult> ended);

    void describe(String stream, Consumer<DescribeResult> ended);

    /** Gives up calls under way. */
    @Override
    void close();
}
