package io.sluice.http;

/**
 * Connections of one loop in the order in which something last happened on them: a list through the connections
 * themselves, each of which is in one list at a time. Confined to its loop; allocates nothing; every operation takes
 * constant time.
 */
final class ConnectionList {

    private Connection oldest;
    private Connection newest;

    /** The connection on which nothing has happened for longest, or {@code null}. */
    Connection oldest() {
        return oldest;
    }

    void addNewest(Connection connection) {
        connection.older = newest;
        connection.newer = null;
        if (newest == null) {
            oldest = connection;
        } else {
            newest.newer = connection;
        }
        newest = connection;
    }

    void remove(Connection connection) {
        if (connection.older == null) {
            oldest = connection.newer;
        } else {
            connection.older.newer = connection.newer;
        }
        if (connection.newer == null) {
            newest = connection.older;
        } else {
            connection.newer.older = connection.older;
        }
        connection.older = null;
        connection.newer = null;
    }

    void touch(Connection connection) {
        if (connection != newest) {
            remove(connection);
            addNewest(connection);
        }
    }
}
