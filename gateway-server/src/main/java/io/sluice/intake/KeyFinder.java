package io.sluice.intake;

import io.sluice.protocol.FramedRequest;
import io.sluice.protocol.Query;

/**
 * Finds the write key of a request: the query's {@code k}, else what a header brought. One per loop; allocates nothing.
 */
final class KeyFinder {

    private static final String PARAMETER = "k";

    private final Query query = new Query();
    private byte[] decoded = new byte[256];
    private byte[] array = decoded;
    private int length;

    /** Whether there is a key; it then stands in {@link #array} from 0 to {@link #length}. */
    boolean find(FramedRequest request) {
        byte[] bytes = request.query().array();
        query.reset(bytes, request.query().length());
        if (query.find(PARAMETER) && query.valueTo() > query.valueFrom()) {
            int most = query.valueTo() - query.valueFrom();
            if (most > decoded.length) {
                decoded = new byte[most];
            }
            length = Query.decode(bytes, query.valueFrom(), query.valueTo(), decoded, 0);
            array = decoded;
            return true;
        }
        array = request.headerKey().array();
        length = request.headerKey().length();
        return length > 0;
    }

    byte[] array() {
        return array;
    }

    int length() {
        return length;
    }
}
