package io.sluice.common;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;

/**
 * Secrets that a fleet has in common: each has a name, is made once whoever asks first, and is gone for good when it is
 * destroyed.
 *
 * <p>Any thread, of any process. Everything blocks; never called on a loop. A failure's message holds no secret.
 */
public interface SecretStore extends AutoCloseable {

    /** Length of every secret. */
    int SECRET_BYTES = 32;

    /** Form of names: what is a file's name and a key's part without escaping. */
    String NAME = "[a-z0-9-]{1,32}";

    /** The secret of this name, or {@code null} if there is none. */
    byte[] find(String name) throws IOException;

    /**
     * Stores a secret unless there is one of that name already.
     *
     * @return what is stored now: the proposal, or what another has stored before. It is durable
     */
    byte[] make(String name, byte[] proposal) throws IOException;

    /**
     * When each secret that there is was stored or last written, by the store's clock, in milliseconds since the epoch,
     * by its name.
     */
    SortedMap<String, Long> made() throws IOException;

    /** The names of all secrets, sorted. */
    default List<String> names() throws IOException {
        return List.copyOf(made().keySet());
    }

    /**
     * The time by the store's own clock, in milliseconds since the epoch, to a second or so: what it answers or stamps
     * on files, not what this machine holds it to be, where those are two.
     */
    long nowMillis() throws IOException;

    /** Overwrites and removes the secret with everything that the store has kept of it. No error if it is missing. */
    void destroy(String name) throws IOException;

    /** Where it is, for people. */
    @Override
    String toString();

    @Override
    void close();
}
