package io.sluice.http;

import java.util.List;
import java.util.function.Consumer;

/**
 * The connections of one loop, by whether they may give their places to others. Confined to the loop; every operation
 * on one connection takes constant time and allocates nothing.
 */
final class Crowd {

    /** Nobody has to give way sooner: it may have come only just now, and its first request be on the way. */
    private static final long LEAST_IDLE_NANOS = 1_000_000_000;

    /**
     * Nor whoever has not said anything at all: first bytes, be they of a request or of a ClientHello, wait for nothing
     * that we send, and leave with the ACK by which a connection stands. This is for what parts them on their way; it
     * is the least time after which Linux sends again what was lost.
     */
    private static final long LEAST_MUTE_NANOS = 200_000_000;

    /** Connections that may give way and have not said anything yet. */
    private final ConnectionList mute = new ConnectionList();
    /** Others that may give way. */
    private final ConnectionList idle = new ConnectionList();
    /** Those that may not. */
    private final ConnectionList busy = new ConnectionList();

    private final List<ConnectionList> all = List.of(mute, idle, busy);

    void add(Connection connection) {
        move(connection, busy);
    }

    /** A connection has turned out to be of another protocol. */
    void replace(Connection before, Connection now) {
        remove(before);
        add(now);
    }

    void remove(Connection connection) {
        connection.list.remove(connection);
    }

    /** Something has happened on it just now. */
    void touch(Connection connection) {
        connection.list.touch(connection);
    }

    /** Sees to it that a connection stands among those that may give way if, and only if, it may. */
    void place(Connection connection) {
        ConnectionList list = !connection.mayGiveWay() ? busy : connection.mute() ? mute : idle;
        if (list != connection.list) {
            remove(connection);
            move(connection, list);
        }
    }

    private static void move(Connection connection, ConnectionList list) {
        connection.list = list;
        list.addNewest(connection);
    }

    /**
     * Has connections give way: those that have been mute for longest, then those that have been idle for longest.
     *
     * @param most as many at most
     * @param asOfNanos up to when silence counts
     * @return how many did
     */
    int makeRoom(int most, long asOfNanos) {
        int left = makeRoom(mute, most, asOfNanos - LEAST_MUTE_NANOS);
        return left + makeRoom(idle, most - left, asOfNanos - LEAST_IDLE_NANOS);
    }

    private int makeRoom(ConnectionList list, int most, long silentSinceNanos) {
        int left = 0;
        for (Connection next;
                left < most && (next = list.oldest()) != null && next.lastNanos() - silentSinceNanos <= 0; ) {
            place(next);
            if (next.list == list) {
                next.giveWay();
                left++;
                // It is none of them any more, even if its end takes a while.
                placeUnlessGone(next);
            }
        }
        return left;
    }

    private void placeUnlessGone(Connection connection) {
        if (!connection.gone) {
            place(connection);
        }
    }

    /** All on which nothing has happened since then. They may be touched or closed. */
    void eachSilent(long sinceNanos, Consumer<Connection> act) {
        for (ConnectionList connections : all) {
            for (Connection next = connections.oldest(), newer;
                    next != null && next.lastNanos() - sinceNanos <= 0;
                    next = newer) {
                newer = next.newer;
                act.accept(next);
            }
        }
    }

    /** All. They may be closed. */
    void each(Consumer<Connection> act) {
        for (ConnectionList connections : all) {
            for (Connection next = connections.oldest(), newer; next != null; next = newer) {
                newer = next.newer;
                act.accept(next);
            }
        }
    }
}
