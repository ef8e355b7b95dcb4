package io.sluice.aws;

import java.io.IOException;
import java.io.InputStream;

/**
 * Objects of Amazon S3 with all of their versions, which may be replaced and deleted: for tools, which may wait. Any
 * thread, but each listing and stream has one.
 *
 * <p>Calls behave as those of {@link ObjectReader}. A bucket without versioning has one version of each object, whose
 * id is {@link #NO_ID}.
 */
public interface ObjectVersions extends AutoCloseable {

    /** The id of a version that was put while the bucket kept none ("Working with objects in a versioning-suspended
     * bucket", user guide). */
    String NO_ID = "null";

    /**
     * A version of an object, or a delete marker.
     *
     * @param newest whether it is what a reader is given who asks for the key
     * @param marker whether it is a delete marker, which has no bytes
     * @param etag changes with the bytes
     */
    record Version(String key, String id, boolean newest, boolean marker, long bytes, String etag) {}

    /** The versions of a bucket's objects, one after the other. Holds one page of them. */
    interface Listing {

        /** @return {@code null} behind the last */
        Version next() throws IOException;
    }

    /** What should be replaced is no longer the newest: somebody else has put or deleted the object. Look again. */
    final class ReplacedException extends IOException {

        private static final long serialVersionUID = 1L;

        public ReplacedException(String message) {
            super(message);
        }
    }

    /**
     * The versions of objects whose keys begin with the prefix, in the order of the keys' bytes, and of each key the
     * newest first. Asks nothing yet.
     */
    Listing list(String bucket, String prefix);

    /** The bytes of a version. */
    InputStream open(String bucket, Version version) throws IOException;

    /**
     * Puts an object in the place of its newest version, with that one's metadata, tags, encryption and class of
     * storage.
     *
     * @return the id of the new version
     * @throws ReplacedException if {@code newest} is not the newest any more; nothing was put then
     */
    String replace(String bucket, Version newest, byte[] bytes) throws IOException;

    /** Puts a new object. */
    void put(String bucket, String key, byte[] bytes) throws IOException;

    /** Deletes a version, or a delete marker, for good. */
    void delete(String bucket, Version version) throws IOException;

    @Override
    void close();
}
