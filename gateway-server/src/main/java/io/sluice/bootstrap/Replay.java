package io.sluice.bootstrap;

import io.sluice.cli.ExitCodes;
import io.sluice.common.Clock;
import io.sluice.config.SluiceConfig;
import io.sluice.delivery.DeliveryService;
import io.sluice.delivery.Destination;
import io.sluice.journal.Adoption;
import io.sluice.journal.BlockSource;
import io.sluice.journal.KeptBlocks;
import io.sluice.journal.SealedBlock;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import io.sluice.storage.Storage;
import java.io.Closeable;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * Delivers from a journal that no process writes any more, or once more what one still keeps, with the delivery of the
 * server and to its destination. Main thread, beside delivery's and one that shows progress.
 */
final class Replay {

    private static final Duration FOR_EVER = Duration.ofDays(365);
    private static final long PROGRESS_MILLIS = TimeUnit.SECONDS.toMillis(2);

    private final SluiceConfig config;
    private final Storage storage;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Clock clock = Clock.system();
    private final Metrics metrics = new Metrics();

    /** Every problem that makes the exit code 1, each told when it was met. */
    private int problems;

    /** @param config whose journal is the one to replay */
    Replay(SluiceConfig config, Storage storage, PrintWriter out, PrintWriter err) {
        this.config = config;
        this.storage = storage;
        this.out = out;
        this.err = err;
    }

    /** Adopts what nobody holds, delivers what is not marked, and marks it. @return the exit code */
    int adopt() throws IOException, InterruptedException {
        try (Adoption adoption = Adoption.open(config.journal(), storage, clock, metrics, config.groups())) {
            tellLeftAlone(adoption.living());
            tellUnreadable(adoption.unreadable());
            deliver(adoption.blocks());
        }
        long damaged = metrics.total(Counter.DAMAGED_BLOCKS);
        if (damaged > 0) {
            problem(damaged + " blocks or segments are damaged; what verifies of them was delivered");
        }
        return end("replayed");
    }

    /** Delivers once more what was received in a stretch of time and is kept, and marks nothing. */
    int resend(long fromMillis, long toMillis) throws IOException, InterruptedException {
        try (KeptBlocks kept =
                KeptBlocks.received(config.journal(), storage, fromMillis, toMillis, metrics.newCells())) {
            deliver(kept);
            tell(kept.missed());
        }
        return end("resent");
    }

    /** Says what {@link #adopt} would deliver. Holds each lock for a moment, to learn who lives. */
    int wouldAdopt() throws IOException {
        List<Path> free = new ArrayList<>();
        List<Path> living = new ArrayList<>();
        for (Path incarnation :
                KeptBlocks.incarnations(storage, config.journal().root())) {
            Closeable lock = storage.tryLock(KeptBlocks.lock(incarnation));
            if (lock == null) {
                living.add(incarnation);
            } else {
                lock.close();
                free.add(incarnation);
            }
        }
        tellLeftAlone(living);
        try (KeptBlocks kept = KeptBlocks.unmarked(config.journal(), storage, free, metrics.newCells())) {
            Amount sealed = count(kept);
            KeptBlocks.Missed missed = kept.missed();
            wouldDeliver(
                    "replay",
                    sealed.blocks + missed.unsealedBlocks(),
                    sealed.records + missed.unsealedRecords(),
                    sealed.bytes);
            if (missed.unreadableSegments() > 0) {
                problem(missed.unreadableSegments() + " segments cannot be read");
            }
        }
        return code();
    }

    /** Says what {@link #resend} would deliver. */
    int wouldResend(long fromMillis, long toMillis) throws IOException {
        try (KeptBlocks kept =
                KeptBlocks.received(config.journal(), storage, fromMillis, toMillis, metrics.newCells())) {
            Amount amount = count(kept);
            wouldDeliver("resend", amount.blocks, amount.records, amount.bytes);
            tell(kept.missed());
        }
        return code();
    }

    private record Amount(long blocks, long records, long bytes) {}

    private static Amount count(KeptBlocks kept) {
        Amount sum = new Amount(0, 0, 0);
        while (kept.pendingBlocks() > sum.blocks) {
            SealedBlock block = kept.poll(0, group -> true);
            if (block != null) {
                sum = new Amount(
                        sum.blocks + 1,
                        sum.records + block.records(),
                        sum.bytes + block.bytes().remaining());
            }
        }
        return sum;
    }

    private void deliver(BlockSource blocks) throws IOException, InterruptedException {
        Destination destination = Destinations.open(config, storage, clock, metrics);
        // Nobody asks by position, so no incarnation is this one's; only manifests get positions of their own.
        DeliveryService delivery = new DeliveryService(
                blocks, destination, config.delivery().manifests(), UUID.randomUUID(), clock, metrics);
        Thread progress = Thread.ofPlatform().daemon().name("progress").start(() -> showProgress(blocks));
        try (delivery) {
            delivery.start();
            long left = delivery.drain(FOR_EVER);
            if (left > 0) {
                problem("delivery has ended before it was complete; repeat the command");
            }
        } finally {
            progress.interrupt();
        }
    }

    private void showProgress(BlockSource blocks) {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(PROGRESS_MILLIS);
                err.println("sluice: " + figures() + ", at least " + blocks.pendingBlocks() + " blocks left");
                err.flush();
            }
        } catch (InterruptedException e) {
            // The end.
        }
    }

    private void tellLeftAlone(List<Path> incarnations) {
        for (Path incarnation : incarnations) {
            say(incarnation + " is left alone: a running process holds it and delivers it");
        }
    }

    private void tellUnreadable(List<Path> incarnations) {
        for (Path incarnation : incarnations) {
            problem(incarnation + " could not be adopted");
        }
    }

    private void tell(KeptBlocks.Missed missed) {
        if (missed.unsealedBlocks() > 0) {
            say(missed.unsealedRecords() + " records in " + missed.unsealedBlocks()
                    + " blocks that are not sealed are left out: their process delivers them, or a replay without"
                    + " --from and --to");
        }
        if (missed.recycledSegments() > 0) {
            say(missed.recycledSegments() + " segments were recycled while they were read");
        }
        if (missed.incompleteBlocks() > 0) {
            say(missed.incompleteBlocks() + " blocks are not complete any more and are left out");
        }
        if (missed.unreadableSegments() > 0) {
            problem(missed.unreadableSegments() + " segments cannot be read");
        }
    }

    private void say(String text) {
        err.println("sluice: " + text);
        err.flush();
    }

    private void problem(String text) {
        problems++;
        say(text);
    }

    private String figures() {
        return "blocks=" + metrics.total(Counter.DELIVERED_BLOCKS)
                + " records=" + metrics.total(Counter.DELIVERED_RECORDS)
                + " bytes=" + metrics.total(Counter.DELIVERED_BYTES)
                + " parked=" + metrics.total(Counter.PARKED_BLOCKS);
    }

    private int end(String done) {
        out.println(done + " " + figures() + " to " + Banner.delivered(config));
        out.flush();
        return code();
    }

    private void wouldDeliver(String verb, long blocks, long records, long bytes) {
        out.println("would " + verb + " blocks=" + blocks + " records=" + records + " bytes=" + bytes + " to "
                + Banner.delivered(config));
        out.flush();
    }

    private int code() {
        return problems == 0 ? ExitCodes.OK : ExitCodes.FAILED;
    }
}
