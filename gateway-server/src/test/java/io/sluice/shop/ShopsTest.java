package io.sluice.shop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShopsTest {

    @Test
    void everyKeyOfManyShopsIsFoundWhereverItStandsAndNoOtherIs() {
        List<Shops.Entry> entries = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            entries.add(new Shops.Entry(new Shop("shop-" + i, 0, Set.of()), List.of("key" + i, "alias." + i)));
        }
        Shops shops = new Shops(entries);
        for (int i = 0; i < 5000; i++) {
            assertThat(find(shops, "key" + i).id()).isEqualTo("shop-" + i);
            assertThat(find(shops, "alias." + i).id()).isEqualTo("shop-" + i);
            assertThat(find(shops, "key-" + i)).isNull();
        }
        assertThat(find(shops, "")).isNull();
        assertThat(find(shops, "key\u00e9")).isNull();
    }

    @Test
    void originsAreAllowedIfAnyShopListsThemWhateverTheirCase() {
        Shop listing = new Shop("listing", 0, Set.of("https://a.example"));
        Shop other = new Shop("other", 0, Set.of("https://b.example:8443"));
        Shops shops = new Shops(List.of(new Shops.Entry(listing, List.of("l")), new Shops.Entry(other, List.of("o"))));
        assertThat(shops.originAllowed("https://a.example")).isTrue();
        assertThat(shops.originAllowed("HTTPS://B.Example:8443")).isTrue();
        assertThat(shops.originAllowed("https://b.example")).isFalse();
        assertThat(shops.originAllowed("null")).isFalse();
        assertThat(shops.originAllowed("")).isFalse();
        assertThat(allowed(listing, "https://A.example")).isTrue();
        assertThat(allowed(listing, "https://b.example:8443")).isFalse();
    }

    @Test
    void aShopWithoutOriginsAllowsAny() {
        assertThat(Shops.demo().originAllowed("https://anything.example")).isTrue();
        assertThat(allowed(find(Shops.demo(), "demo"), "null")).isTrue();
    }

    @Test
    void twoShopsCannotShareAKeyOrAName() {
        Shops.Entry one = new Shops.Entry(new Shop("one", 0, Set.of()), List.of("k"));
        Shops.Entry two = new Shops.Entry(new Shop("two", 0, Set.of()), List.of("k"));
        assertThatThrownBy(() -> new Shops(List.of(one, two))).hasMessage("shops one and two share a key");
        assertThatThrownBy(() -> new Shops(List.of(one, one))).hasMessage("shop one is there twice");
    }

    private static boolean allowed(Shop shop, String origin) {
        byte[] bytes = ("xx" + origin + "x").getBytes(StandardCharsets.US_ASCII);
        return Shops.originAllowed(shop, bytes, 2, bytes.length - 1);
    }

    private static Shop find(Shops shops, String key) {
        byte[] bytes = ("=" + key + "&").getBytes(StandardCharsets.UTF_8);
        return shops.find(bytes, 1, bytes.length - 1);
    }
}
