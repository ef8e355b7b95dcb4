package io.sluice.oracle;

import io.sluice.aws.BucketPrefix;
import io.sluice.aws.ObjectReader;
import java.io.IOException;
import java.io.InputStream;

/** Objects in S3: those below one prefix of a bucket. */
final class Bucket implements ObjectSource {

    private final ObjectReader reader;
    private final BucketPrefix place;
    private final String begin;

    Bucket(ObjectReader reader, BucketPrefix place) {
        this.reader = reader;
        this.place = place;
        begin = new BucketPrefix(place.bucket(), "").toString();
    }

    @Override
    public void list(Visitor visitor) throws IOException {
        ObjectReader.Listing listing = reader.list(place.bucket(), place.prefix());
        for (ObjectReader.Entry entry = listing.next(); entry != null; entry = listing.next()) {
            visitor.object(begin + entry.key());
        }
    }

    @Override
    public InputStream open(String name) throws IOException {
        return reader.open(place.bucket(), name.substring(begin.length()));
    }
}
