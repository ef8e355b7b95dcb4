package io.sluice.cli.erase;

import io.sluice.aws.ObjectVersions;
import io.sluice.aws.ObjectVersions.Version;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * All versions of one key.
 *
 * @param versions the newest first, delete markers included
 */
record StoredObject(String key, List<Version> versions) {

    /** Goes through the keys of a listing. One thread. */
    static final class Listing {
        private final ObjectVersions.Listing versions;
        private Version ahead;

        Listing(ObjectVersions.Listing versions) throws IOException {
            this.versions = versions;
            ahead = versions.next();
        }

        /** @return {@code null} behind the last */
        StoredObject next() throws IOException {
            if (ahead == null) {
                return null;
            }
            String key = ahead.key();
            List<Version> of = new ArrayList<>();
            while (ahead != null && ahead.key().equals(key)) {
                of.add(ahead);
                ahead = versions.next();
            }
            return new StoredObject(key, of);
        }
    }
}
