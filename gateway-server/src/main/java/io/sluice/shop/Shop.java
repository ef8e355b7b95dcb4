package io.sluice.shop;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;

/**
 * One shop, as a snapshot of the registry knows it. Immutable.
 *
 * @param id the shop's name, 1 to 64 of {@code a-z A-Z 0-9 . _ -}, so that it needs no escaping anywhere
 * @param idBytes the name in ASCII, shared and never written to
 * @param hash {@code Arrays.hashCode(idBytes)}
 * @param group number of the stream group that its events go to
 * @param origins the web origins that may send for it, in lower case; empty if any may
 * @param policy what its events are scrubbed by; {@code null} for what counts where nothing is configured
 * @param regionBytes where its visitors are taken to be, in ASCII: {@code EU}, or the two letters of a country, or
 *     nothing
 */
public record Shop(
        String id, byte[] idBytes, int hash, int group, Set<String> origins, ShopPolicy policy, byte[] regionBytes) {

    /** A shop without a policy of its own. */
    public Shop(String id, int group, Set<String> origins) {
        this(id, group, origins, null);
    }

    public Shop(String id, int group, Set<String> origins, ShopPolicy policy) {
        this(id, group, origins, policy, "");
    }

    public Shop(String id, int group, Set<String> origins, ShopPolicy policy, String region) {
        this(
                id,
                id.getBytes(StandardCharsets.US_ASCII),
                Arrays.hashCode(id.getBytes(StandardCharsets.US_ASCII)),
                group,
                Set.copyOf(origins),
                policy,
                region.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Shop that
                && id.equals(that.id)
                && group == that.group
                && origins.equals(that.origins)
                && policy == that.policy
                && Arrays.equals(regionBytes, that.regionBytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return "Shop[" + id + "]";
    }
}
