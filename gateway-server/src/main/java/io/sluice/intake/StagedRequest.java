package io.sluice.intake;

import io.sluice.ring.Reply;
import io.sluice.shop.Shop;

/** One request in staging: which lines are its own, whose it is, and who waits for it. Pooled by its loop. */
final class StagedRequest {

    Reply reply;
    Shop shop;
    /** Group of its accepted events. */
    int group;
    /** Its accepted lines in the group's buffer: from, inclusive, to, exclusive. */
    int firstLine;

    int endLine;
    /** Its lines in the rejected group's buffer. */
    int firstRejected;

    int endRejected;
    long receivedMillis;

    int firstLine(int ofGroup) {
        return ofGroup == group ? firstLine : firstRejected;
    }

    int endLine(int ofGroup) {
        return ofGroup == group ? endLine : endRejected;
    }
}
