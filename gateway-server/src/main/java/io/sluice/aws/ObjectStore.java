package io.sluice.aws;

import java.util.Map;
import java.util.function.Consumer;

/** Amazon S3, as far as it is called. Any thread; calls behave as those of {@link FirehoseApi}. */
public interface ObjectStore extends AutoCloseable {

    /**
     * Puts an object, replacing one of this key.
     *
     * @param bytes not copied, and never changed again
     * @param metadata kept with the object; names in lower case
     * @param ended takes {@code null} when the object is stored, else what went wrong
     */
    void put(String bucket, String key, byte[] bytes, Map<String, String> metadata, Consumer<String> ended);

    /** Gives up calls under way. */
    @Override
    void close();
}
