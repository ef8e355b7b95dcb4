package io.sluice.lab;

import java.io.IOException;
import java.nio.file.Path;

/** Where objects end: a directory, later an S3 API. Called by the delivering thread only. */
interface ObjectStore {

    /**
     * Stores the bytes of the file as an object, whole or not at all, and takes the file away.
     *
     * @param key with slashes
     */
    void put(String bucket, String key, Path file) throws IOException;

    /** Where a person finds the objects. */
    String description();
}
