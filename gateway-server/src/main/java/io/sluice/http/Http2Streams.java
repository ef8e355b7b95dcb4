package io.sluice.http;

import io.netty.util.collection.IntObjectHashMap;
import java.util.ArrayDeque;

/**
 * The streams of one connection of HTTP/2: those that have not ended, those that are kept for later, and what is
 * remembered of those that were.
 *
 * <p>Confined to its loop. Allocates nothing once as many streams as the client uses are there.
 */
final class Http2Streams {

    /** Streams that are kept for later when none is in use, so that a connection does not stay as large as its peak. */
    private static final int KEPT = 32;

    private final Http2Connection connection;
    private final BodyBudget bodies;

    /** Those that have not ended for one of the sides. */
    private final IntObjectHashMap<Http2Stream> open = new IntObjectHashMap<>(8);

    private final ArrayDeque<Http2Stream> unused = new ArrayDeque<>();
    private final Resets resets;

    private int used;
    private int receiving;
    private int waiting;
    private int lastId;
    private int opened;

    /** @param mostResets streams that may end by reset at once */
    Http2Streams(Http2Connection connection, BodyBudget bodies, int mostResets) {
        this.connection = connection;
        this.bodies = bodies;
        resets = new Resets(mostResets);
    }

    // Which there were.

    /** The client has opened this one, whether it is served or refused. Returns how many it has opened. */
    int opened(int id) {
        lastId = id;
        return ++opened;
    }

    /** The last that the client has opened; 0 for none. */
    int lastId() {
        return lastId;
    }

    /** Whether the client has opened neither this one nor one after it (RFC 9113, section 5.1: "idle"). */
    boolean isIdle(int id) {
        return id > lastId;
    }

    /** Whether the client has passed over ids: those are closed by the use of a higher one (section 5.1.1). */
    boolean hasGaps() {
        return lastId != 2 * opened - 1;
    }

    /** We have reset it, and the client may not know yet. */
    void rememberReset(int id) {
        resets.add(id);
    }

    boolean wasReset(int id) {
        return resets.contain(id);
    }

    // Which there are.

    Http2Stream get(int id) {
        return open.get(id);
    }

    Iterable<Http2Stream> all() {
        return open.values();
    }

    int size() {
        return open.size();
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    Http2Stream begin(int id, int sendWindow, long now) {
        Http2Stream stream = unused.isEmpty() ? new Http2Stream(connection, bodies) : unused.pop();
        used++;
        receiving++;
        stream.begin(id, sendWindow, now);
        open.put(id, stream);
        return stream;
    }

    /** It has ended for both sides, and may still be in use. */
    void remove(Http2Stream stream) {
        open.remove(stream.id);
    }

    void removeAll() {
        open.clear();
    }

    /** Nobody holds it any more. */
    void free(Http2Stream stream) {
        used--;
        unused.push(stream);
    }

    void trim() {
        while (used == 0 && unused.size() > KEPT) {
            unused.pop();
        }
    }

    /** Those in use, which include those that are reset and whose reply has not returned. */
    int used() {
        return used;
    }

    /** Those of which the client has not sent everything. */
    int receiving() {
        return receiving;
    }

    /** One of these has come whole, or what is still to come of it matters no more. */
    void receivesNoMore() {
        receiving--;
    }

    /** Whether the request of any waits for credit, in the loop's queue. */
    boolean waiting() {
        return waiting > 0;
    }

    /** That of one more does. */
    void waits() {
        waiting++;
    }

    void waitsNoMore() {
        waiting--;
    }
}
