package io.sluice.lab;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * What the lab is started with.
 *
 * @param port 0 for any that is free
 * @param directory objects go to {@code s3} below it, what is buffered to {@code buffer}
 * @param streams made at the start, beside those that come over the API
 * @param quota of each stream
 * @param retention how long what S3 refuses is kept
 * @param faultsFile watched; null for none
 * @param discard whether objects are counted and deleted
 */
record LabConfig(
        String host,
        int port,
        int threads,
        Path directory,
        List<StreamSettings> streams,
        Quota quota,
        Duration retention,
        String region,
        String account,
        long seed,
        Path faultsFile,
        boolean discard) {

    LabConfig {
        streams = List.copyOf(streams);
    }
}
