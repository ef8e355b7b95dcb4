package io.sluice.aws;

import java.io.IOException;
import java.util.Map;

/**
 * AWS Key Management Service, as far as it is called: wraps and unwraps secrets of up to 4 KiB with a key that never
 * leaves it. Any thread.
 *
 * <p>Blocks until it answers. What may pass is tried again for some seconds; then, and for what does not pass, there is
 * an {@link IOException} with the service's own code.
 */
public interface KeyService extends AutoCloseable {

    /**
     * Wraps a secret.
     *
     * @param key id, ARN or alias of the key
     * @param context what must be said again to unwrap it; stands in CloudTrail, so no secret
     */
    byte[] encrypt(String key, byte[] plain, Map<String, String> context) throws IOException;

    /**
     * Unwraps a secret.
     *
     * @param key that it was wrapped with, or {@code null} to take the one that the bytes name
     */
    byte[] decrypt(String key, byte[] wrapped, Map<String, String> context) throws IOException;

    @Override
    void close();
}
