package io.sluice.protocol;

/** Finds the protocol that is served at a path. Stateless; any thread; allocates nothing. */
public final class Routes {

    private static final Protocol[] PROTOCOLS = Protocol.values();

    private Routes() {}

    /** The protocol whose path stands in {@code from} to {@code to} of the request target, or {@code null}. */
    public static Protocol find(String target, int from, int to) {
        // A handful of paths that mostly differ in length: comparing beats hashing.
        for (Protocol protocol : PROTOCOLS) {
            String path = protocol.path();
            if (path.length() == to - from && target.startsWith(path, from)) {
                return protocol;
            }
        }
        return null;
    }
}
