package io.sluice.aws;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;

/** A client of Firehose that can make one call. One thread calls; answers come on threads of the client's. */
public interface Raced extends AutoCloseable {

    /** Of the records under way, as much as a gateway has by default at most. */
    long WINDOW_BYTES = 32L << 20;

    /**
     * PutRecordBatch.
     *
     * @param records each a whole array, not changed before the answer
     * @param ended told {@code null} if all records were taken, else what was wrong; once
     */
    void put(String stream, List<ByteBuffer> records, Consumer<String> ended);

    @Override
    void close();
}
