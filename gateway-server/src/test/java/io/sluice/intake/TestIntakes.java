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
import io.sluice.record.LineBuffer;
import io.sluice.record.StreamGroup;
import io.sluice.ring.Producer;
import io.sluice.shop.Shop;
import io.sluice.shop.ShopRegistry;
import io.sluice.shop.Shops;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

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
            Duration.ofSeconds(2),
            new BulkConfig(Duration.ofMillis(2), 50));

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
        // Bodies of such tests are small: nothing is ever given to it.
        BulkWorker bulk = bulk(clock, incarnation, metrics, decoders, fatal, work -> new Thread());
        return create(clock, loop, producer, incarnation, groups, metrics, decoders, CONFIG, bulk, fatal);
    }

    /** The same with a bulk worker that the test has. */
    static LoopIntake create(
            Clock clock,
            LoopHandle loop,
            Producer producer,
            UUID incarnation,
            List<StreamGroup> groups,
            Metrics metrics,
            Function<Decoders, Function<Protocol, Decoder>> decoders,
            IntakeConfig config,
            BulkWorker bulk,
            Consumer<Throwable> fatal) {
        Cells cells = metrics.newCells();
        int rejected = groups.size() - 1;
        Staging staging = new Staging(groups.size(), rejected);
        OpenBlock[] blocks = new OpenBlock[groups.size()];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = new OpenBlock(groups.get(i), BlockEncoders.create(groups.get(i)), config, 1);
        }
        return new LoopIntake(
                clock,
                loop,
                producer,
                ShopRegistry.of(shops()),
                staging,
                new Flusher(producer, incarnation, 0, staging, blocks, rejected, config, cells),
                decoding(clock, incarnation, metrics, cells, staging.rejected(), decoders),
                bulk,
                config,
                cells,
                fatal);
    }

    /** Each with its name as its key. */
    private static Shops shops() {
        return new Shops(Stream.of("demo", "second", "third")
                .map(name -> new Shops.Entry(new Shop(name, 0, Set.of(), null), List.of(name)))
                .toList());
    }

    /** A bulk worker, by default config. */
    static BulkWorker bulk(
            Clock clock,
            UUID incarnation,
            Metrics metrics,
            Function<Decoders, Function<Protocol, Decoder>> decoders,
            Consumer<Throwable> fatal,
            ThreadFactory threads) {
        Cells cells = metrics.newCells();
        LineBuffer rejected = new LineBuffer(64);
        Decoding decoding = decoding(clock, incarnation, metrics, cells, rejected, decoders);
        return new BulkWorker(clock, decoding, new LineBuffer(64), rejected, cells, 50, fatal, threads);
    }

    private static Decoding decoding(
            Clock clock,
            UUID incarnation,
            Metrics metrics,
            Cells cells,
            LineBuffer rejected,
            Function<Decoders, Function<Protocol, Decoder>> decoders) {
        return new Decoding(
                decoders.apply(new Decoders(CONFIG.maxEvents(), CONFIG.maxEventBytes())),
                new ScrubbedSink(metrics, cells, new Uuid7(), incarnation, 0, rejected),
                clock);
    }
}
