package io.sluice.intake;

import io.sluice.beacon.Decoder;
import io.sluice.beacon.Decoders;
import io.sluice.common.Clock;
import io.sluice.common.LoopHandle;
import io.sluice.common.Uuid7;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Metrics;
import io.sluice.privacy.ScrubbedSink;
import io.sluice.protocol.Protocol;
import io.sluice.record.BlockEncoders;
import io.sluice.record.StreamGroup;
import io.sluice.ring.Producer;
import io.sluice.shop.ShopRegistry;
import io.sluice.shop.Shops;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;

/** A real intake for tests of other packages, whose decoders can be replaced. */
public final class TestIntakes {

    public static final IntakeConfig CONFIG = new IntakeConfig(
            64 * 1024,
            Duration.ofNanos(500_000),
            1_024_000,
            16 << 20,
            Duration.ofSeconds(1),
            10_000,
            262_144,
            Duration.ofMillis(200),
            Duration.ofSeconds(2));

    private TestIntakes() {}

    /** The intake of the shop {@code demo}; the last group is the one of rejected events. */
    public static Intake create(
            Clock clock,
            LoopHandle loop,
            Producer producer,
            UUID incarnation,
            List<StreamGroup> groups,
            Metrics metrics,
            Function<Decoders, Function<Protocol, Decoder>> decoders,
            Consumer<Throwable> fatal) {
        Cells cells = metrics.newCells();
        int rejected = groups.size() - 1;
        Staging staging = new Staging(groups.size(), rejected);
        OpenBlock[] blocks = new OpenBlock[groups.size()];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new OpenBlock(groups.get(i), BlockEncoders.create(groups.get(i)), CONFIG, 1);
        }
        return new LoopIntake(
                clock,
                loop,
                producer,
                ShopRegistry.of(Shops.demo()),
                staging,
                new Flusher(producer, incarnation, 0, staging, blocks, rejected, CONFIG, cells),
                new ScrubbedSink(metrics, cells, new Uuid7(), incarnation, 0, staging.rejected()),
                decoders.apply(new Decoders(CONFIG.maxEvents(), CONFIG.maxEventBytes())),
                CONFIG,
                cells,
                fatal);
    }
}
