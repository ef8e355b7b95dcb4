package io.sluice.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts objects and keeps none: to measure without filling a disk. */
final class DiscardStore implements ObjectStore {

    @Override
    public void put(String bucket, String key, Path file) throws IOException {
        Files.delete(file);
    }

    @Override
    public String description() {
        return "nowhere: objects are counted and deleted";
    }
}
