package io.sluice.aws;

import java.io.IOException;
import java.io.InputStream;

/**
 * Amazon S3, as far as it is read: for tools, which may wait. Any thread, but each listing and stream has one.
 *
 * <p>Everything blocks until S3 answers. What may pass, a throttle, a broken connection, an error of the service, is
 * tried again for some seconds; then, and for what does not pass, there is an {@link IOException} with S3's own code.
 */
public interface ObjectReader extends AutoCloseable {

    /** @param bytes length of the object */
    record Entry(String key, long bytes) {}

    /** The objects of a bucket, one after the other. Holds one page of them. */
    interface Listing {

        /** @return {@code null} behind the last */
        Entry next() throws IOException;
    }

    /** The objects whose keys begin with the prefix, in the order of their keys' bytes. Asks nothing yet. */
    default Listing list(String bucket, String prefix) {
        return list(bucket, prefix, "");
    }

    /** The same, but only of keys behind {@code after}, which need not be one. */
    Listing list(String bucket, String prefix, String after);

    /**
     * The bytes of an object, of which some 8 MiB pieces are held, however large it is.
     *
     * @throws IOException here or on reading, if there is no such object, or it was replaced while it was read
     */
    InputStream open(String bucket, String key) throws IOException;

    @Override
    void close();
}
