package io.sluice.shop;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.common.Clock;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import io.sluice.testing.CleanLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShopsWatchTest {

    private static final class HandClock implements Clock {
        long nanos;

        @Override
        public long nanoTime() {
            return nanos;
        }

        @Override
        public long epochMillis() {
            return nanos / 1_000_000;
        }
    }

    @TempDir
    private Path directory;

    private final HandClock clock = new HandClock();
    private final Metrics metrics = new Metrics();
    private Path file;
    private int loads;
    private ShopRegistry registry;
    private ShopsWatch watch;

    @BeforeEach
    void open() throws Exception {
        file = directory.resolve("shops.yaml");
        write("one");
        registry = new ShopRegistry(new ShopRegistry.Source() {
            @Override
            public Shops load() throws IOException, BadShopsException {
                loads++;
                return ShopsFile.load(file, new ShopsFile.Choices(Map.of("events", 0), Map.of(), null));
            }

            @Override
            public List<Path> files() {
                return List.of(file);
            }
        });
        watch = new ShopsWatch(registry, clock, metrics);
        watch.check();
        loads = 0;
    }

    @Test
    void aFileThatChangesIsReadOnceForEachChange() throws Exception {
        watch.check();
        assertThat(loads).isZero();
        write("another");
        watch.check();
        watch.check();
        assertThat(loads).isEqualTo(1);
        assertThat(knows("another")).isTrue();
        assertThat(knows("one")).isFalse();
    }

    @Test
    void aBadFileLeavesTheFormerShopsWhoseAgeIsShownUntilItIsMended(CleanLog.Expected log) throws Exception {
        log.line("Shops not reloaded, the former 1 stay in use");
        Files.writeString(file, "shops: {}\n");
        watch.check();
        clock.nanos += 5_000_000_000L;
        watch.check();
        assertThat(loads).isEqualTo(1);
        assertThat(knows("one")).isTrue();
        assertThat(metrics.value(Gauge.SHOPS_STALE_SECONDS)).isEqualTo(5);

        write("mended");
        watch.check();
        assertThat(knows("mended")).isTrue();
        assertThat(metrics.value(Gauge.SHOPS_STALE_SECONDS)).isZero();
    }

    @Test
    void aFileThatIsGoneForAWhileIsTakenWhenItIsBack(CleanLog.Expected log) throws Exception {
        log.line("Shops not reloaded");
        Files.delete(file);
        watch.check();
        assertThat(knows("one")).isTrue();
        write("returned");
        watch.check();
        assertThat(knows("returned")).isTrue();
    }

    private void write(String key) throws Exception {
        Files.writeString(file, "shops: {demo: {keys: [" + key + "]}}\n");
    }

    private boolean knows(String key) {
        byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
        return registry.find(bytes, 0, bytes.length) != null;
    }
}
