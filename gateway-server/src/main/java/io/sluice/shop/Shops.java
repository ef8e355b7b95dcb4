package io.sluice.shop;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All shops at one moment: write key → shop, and web origin → may it send at all. Immutable; any thread; a look-up
 * allocates nothing.
 *
 * <p>The origin index knows no shops, since a preflight carries no key and many
 * bodies hide it: it answers whether <em>some</em> shop lists the origin. Whether the shop of a request does is asked
 * of {@link #originAllowed(Shop, byte[], int, int)} once that shop is known.
 */
public final class Shops {

    /**
     * A shop with all that only the registry knows of it.
     *
     * @param shop the shop
     * @param keys its write keys, at least one, none of them another shop's
     */
    public record Entry(Shop shop, List<String> keys) {

        public Entry {
            keys = List.copyOf(keys);
        }

        @Override
        public String toString() {
            return "Entry[" + shop.id() + ", " + keys.size() + " keys]";
        }
    }

    private final ByteIndex<Shop> keys;
    private final ByteIndex<Boolean> origins;
    private final Map<String, Shop> names;
    private final boolean anyOrigin;
    private final Set<ShopPolicy> policies;
    private final int size;

    /**
     * A snapshot of these shops.
     *
     * @throws IllegalArgumentException if two shops have the same key
     */
    public Shops(List<Entry> entries) {
        Map<String, Shop> byKey = new HashMap<>();
        Map<String, Boolean> byOrigin = new HashMap<>();
        Map<String, Shop> byName = new HashMap<>();
        Set<ShopPolicy> used = new HashSet<>();
        boolean any = false;
        for (Entry entry : entries) {
            Shop shop = entry.shop();
            if (byName.put(shop.id(), shop) != null) {
                throw new IllegalArgumentException("shop " + shop.id() + " is there twice");
            }
            for (String key : entry.keys()) {
                Shop other = byKey.put(key, shop);
                if (other != null) {
                    throw new IllegalArgumentException("shops " + other.id() + " and " + shop.id() + " share a key");
                }
            }
            any |= shop.origins().isEmpty();
            if (shop.policy() != null) {
                used.add(shop.policy());
            }
            for (String origin : shop.origins()) {
                byOrigin.put(origin, Boolean.TRUE);
            }
        }
        keys = new ByteIndex<>(byKey);
        origins = new ByteIndex<>(byOrigin);
        anyOrigin = any;
        names = Map.copyOf(byName);
        policies = Set.copyOf(used);
        size = entries.size();
    }

    /** As {@link #demo(ShopPolicy)}, without a policy of its own. */
    public static Shops demo() {
        return demo(null);
    }

    /** One shop {@code demo} with the write key {@code demo} and any origin, in stream group 0. */
    public static Shops demo(ShopPolicy policy) {
        return new Shops(List.of(new Entry(new Shop("demo", 0, Set.of(), policy), List.of("demo"))));
    }

    /** The shop whose write key stands in {@code from} to {@code to}, or {@code null} if no shop has it. */
    public Shop find(byte[] key, int from, int to) {
        return keys.find(key, from, to);
    }

    /** The shop of this name, or {@code null}. For tools: it costs what a map does. */
    public Shop named(String id) {
        return names.get(id);
    }

    /** Whether some shop takes events from pages of this origin. */
    public boolean originAllowed(CharSequence origin) {
        return anyOrigin || origins.findIgnoringCase(origin) != null;
    }

    /** Whether this shop takes events from pages of this origin. */
    public static boolean originAllowed(Shop shop, byte[] origin, int from, int to) {
        if (shop.origins().isEmpty()) {
            return true;
        }
        for (String allowed : shop.origins()) {
            if (allowed.length() == to - from && equals(allowed, origin, from)) {
                return true;
            }
        }
        return false;
    }

    /** The policies that some shop has. */
    public Set<ShopPolicy> policies() {
        return policies;
    }

    /** How many shops there are. */
    public int size() {
        return size;
    }

    private static boolean equals(String allowed, byte[] origin, int from) {
        for (int i = 0; i < allowed.length(); i++) {
            int b = origin[from + i];
            if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != allowed.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
