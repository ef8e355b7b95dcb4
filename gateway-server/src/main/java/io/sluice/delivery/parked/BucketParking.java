package io.sluice.delivery.parked;

import io.sluice.aws.ObjectStore;
import io.sluice.journal.SealedBlock;
import java.util.Map;
import java.util.function.Consumer;

/** Keeps refused blocks in a bucket, with the reason in their names and metadata. Any thread. */
public final class BucketParking implements Parking {

    private final ObjectStore store;
    private final String bucket;
    private final String prefix;

    /** @param store closed with this */
    public BucketParking(ObjectStore store, String bucket, String prefix) {
        this.store = store;
        this.bucket = bucket;
        this.prefix = prefix;
    }

    @Override
    public void park(SealedBlock block, byte[] data, String reason, Consumer<String> ended) {
        Map<String, String> metadata =
                Map.of("sluice-reason", reason, "sluice-records", Integer.toString(block.records()));
        store.put(bucket, prefix + ParkedKeys.key(block, reason), data, metadata, ended);
    }

    @Override
    public void close() {
        store.close();
    }
}
