package io.sluice.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.config.ConfigLoader;
import io.sluice.config.SluiceConfig;
import io.sluice.shop.ShopRegistry;
import io.sluice.shop.Shops;
import io.sluice.testing.CleanLog;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopsSourceTest {

    @TempDir
    private Path data;

    @Test
    void aPolicyThatChangesUnderItsVersionIsRefusedUntilItHasAnother(CleanLog.Expected log) throws Exception {
        Path policy = Files.writeString(data.resolve("mild.yaml"), "{name: mild, version: 1, fields: {city: mask}}");
        SluiceConfig config = new ConfigLoader()
                .option("test", "data", data)
                .option("test", "privacy.policy", "mild")
                .option("test", "privacy.policies", policy)
                .load();
        ShopRegistry registry = new ShopRegistry(new ShopsSource(config, () -> {}));
        Shops first = registry.current();

        log.line("Shops not reloaded, the former 1 stay in use: " + policy
                + ":\n  version: 1, expected another one, since the policy is not what it was");
        Files.writeString(policy, "{name: mild, version: 1, fields: {city: keep}}");
        assertThat(registry.reload()).isFalse();
        assertThat(registry.current()).isSameAs(first);

        Files.writeString(policy, "{name: mild, version: 2, fields: {city: keep}}");
        assertThat(registry.reload()).isTrue();
        assertThat(registry.current().policies())
                .singleElement()
                .satisfies(each -> assertThat(each.label()).isEqualTo("mild version 2"));
    }
}
