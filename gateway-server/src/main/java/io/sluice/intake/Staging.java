package io.sluice.intake;

import io.sluice.record.LineBuffer;
import io.sluice.ring.Reply;
import io.sluice.shop.Shop;
import java.util.Arrays;

/**
 * What waits on one loop for the next flush: raw lines per stream group, and the requests that they came from.
 *
 * <p>Confined to its loop. A request is added whole or not at all. Grows to the largest flush, then allocates nothing.
 */
final class Staging {

    private static final int INITIAL_BYTES = 96 * 1024;

    private final LineBuffer[] lines;
    private final int rejectedGroup;
    private StagedRequest[] requests = new StagedRequest[64];
    private int count;

    Staging(int groups, int rejectedGroup) {
        lines = new LineBuffer[groups];
        for (int i = 0; i < groups; i++) {
            lines[i] = new LineBuffer(i == rejectedGroup ? 4096 : INITIAL_BYTES);
        }
        this.rejectedGroup = rejectedGroup;
        for (int i = 0; i < requests.length; i++) {
            requests[i] = new StagedRequest();
        }
    }

    LineBuffer lines(int group) {
        return lines[group];
    }

    LineBuffer rejected() {
        return lines[rejectedGroup];
    }

    /** Takes up the lines that stand in the two buffers from the given ones on, as those of one request. */
    void add(Reply reply, Shop shop, int firstLine, int firstRejected, long receivedMillis) {
        if (count == requests.length) {
            requests = Arrays.copyOf(requests, count * 2);
            for (int i = count; i < requests.length; i++) {
                requests[i] = new StagedRequest();
            }
        }
        StagedRequest request = requests[count++];
        request.reply = reply;
        request.shop = shop;
        request.group = shop.group();
        request.firstLine = firstLine;
        request.endLine = lines[shop.group()].lines();
        request.firstRejected = firstRejected;
        request.endRejected = rejected().lines();
        request.receivedMillis = receivedMillis;
    }

    int requests() {
        return count;
    }

    StagedRequest request(int i) {
        return requests[i];
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Bytes of all lines. */
    int bytes() {
        int bytes = 0;
        for (LineBuffer buffer : lines) {
            bytes += buffer.size();
        }
        return bytes;
    }

    /** Lines in all groups. */
    int records() {
        int records = 0;
        for (LineBuffer buffer : lines) {
            records += buffer.lines();
        }
        return records;
    }

    void clear() {
        for (LineBuffer buffer : lines) {
            buffer.clear();
        }
        for (int i = 0; i < count; i++) {
            requests[i].reply = null;
            requests[i].shop = null;
        }
        count = 0;
    }
}
