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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Delivers from a journal that no process writes any more, or once more what one still keeps, with the delivery of the
 * server and to its destination. Main thread, beside delivery's.
 */
final class Replay {

    private static final Duration PROGRESS = Duration.ofSeconds(2);

    private final SluiceConfig config;
    private final Storage storage;
    private final Duration patience;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Clock clock = Clock.system();
    private final Metrics metrics = new Metrics();

    /** Every problem that makes the exit code 1, each told when it was met. */
    private int problems;

    /**
     * @param config whose journal is the one to replay
     * @param patience how long it waits for something that does not move
     */
    Replay(SluiceConfig config, Storage storage, Duration patience, PrintWriter out, PrintWriter err) {
        this.config = config;
        this.storage = storage;
        this.patience = patience;
        this.out = out;
        this.err = err;
    }

    /** Adopts what nobody holds, delivers what is not marked, and marks it. @return the exit code */
    int adopt() throws IOException, InterruptedException {
        try (Adoption adoption = Adoption.open(config.journal(), storage, clock, metrics, config.groups())) {
            // Those that had nothing left are done already, and held by nobody.
            tellLeftAlone(held(adoption.living()));
            tellUnreadable(adoption.unreadable());
            deliver(adoption.blocks(), () -> 0, adoption::problem);
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
            deliver(kept, kept::segmentsRead, () -> null);
            tell(kept.missed());
        }
        return end("resent");
    }

    /** Says what {@link #adopt} would deliver. Holds each lock for a moment, to learn who lives. */
    int wouldAdopt() throws IOException {
        List<Path> free = new ArrayList<>(
                KeptBlocks.incarnations(storage, config.journal().root()));
        List<Path> living = held(free);
        free.removeAll(living);
        tellLeftAlone(living);
        try (KeptBlocks kept = KeptBlocks.unmarked(config.journal(), storage, free, metrics.newCells())) {
            Amount sealed = count(kept);
            KeptBlocks.Missed missed = kept.missed();
            wouldDeliver(
                    "replay",
                    sealed.blocks + missed.unsealedBlocks(),
                    sealed.records + missed.unsealedRecords(),
                    sealed.bytes);
            tellUnread(missed);
        }
        return code();
    }

    /** Those of which a running process has the lock. */
    private List<Path> held(List<Path> incarnations) throws IOException {
        List<Path> held = new ArrayList<>();
        for (Path incarnation : incarnations) {
            Closeable lock;
            try {
                lock = storage.tryLock(KeptBlocks.lock(incarnation));
            } catch (NoSuchFileException e) {
                // Delivered and removed meanwhile.
                continue;
            }
            if (lock == null) {
                held.add(incarnation);
            } else {
                lock.close();
            }
        }
        return held;
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

    /**
     * Delivers until all is delivered or nothing moves any more.
     *
     * @param read grows while something is read
     * @param unreadable why something cannot be, or {@code null}
     */
    private void deliver(BlockSource blocks, LongSupplier read, Supplier<String> unreadable)
            throws IOException, InterruptedException {
        Destination destination = Destinations.open(config, storage, clock, metrics);
        // Nobody asks by position, so no incarnation is this one's; only manifests get positions of their own.
        DeliveryService delivery = new DeliveryService(
                blocks, destination, config.delivery().manifests(), UUID.randomUUID(), clock, metrics);
        try (delivery) {
            delivery.start();
            String moved = "";
            long movedNanos = clock.nanoTime();
            Duration turn = patience.compareTo(PROGRESS) < 0 ? patience : PROGRESS;
            while (!delivery.drained(turn)) {
                String left = left(blocks);
                String now = figures() + left + metrics.total(Counter.DELIVERED_MANIFESTS) + " " + read.getAsLong();
                if (!now.equals(moved)) {
                    moved = now;
                    movedNanos = clock.nanoTime();
                } else if (clock.nanoTime() - movedNanos >= patience.toNanos()) {
                    problem("nothing has moved for " + patience.toSeconds() + " s, " + left
                            + why("; a log cannot be read: ", unreadable.get())
                            + why("; the destination: ", delivery.problem())
                            + "; what was delivered is marked: repeat the command when that is mended");
                    return;
                }
                say(figures() + ", " + left);
            }
            if (blocks.pendingBlocks() + blocks.pendingManifests() > 0) {
                problem("delivery has ended before it was complete, " + left(blocks) + "; repeat the command");
            }
        }
    }

    private static String left(BlockSource blocks) {
        return "at least " + blocks.pendingBlocks() + " blocks and " + blocks.pendingManifests() + " manifests left";
    }

    private static String why(String what, String reason) {
        return reason == null ? "" : what + reason;
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

    private void tell(KeptBlocks.Missed missed) throws IOException {
        if (missed.unsealedBlocks() > 0) {
            List<Path> held =
                    held(KeptBlocks.incarnations(storage, config.journal().root()));
            say(missed.unsealedRecords() + " records in " + missed.unsealedBlocks()
                    + " blocks that are not sealed are left out: "
                    + (held.isEmpty() ? "" : "a running process delivers its own, ")
                    + "a replay without --from and --to those that no process holds");
        }
        if (missed.recycledSegments() > 0) {
            say(missed.recycledSegments() + " segments were recycled while they were read");
        }
        if (missed.incompleteBlocks() > 0) {
            say(missed.incompleteBlocks() + " blocks are not complete any more and are left out");
        }
        tellUnread(missed);
    }

    private void tellUnread(KeptBlocks.Missed missed) {
        if (missed.missingSegments() > 0) {
            problem(missed.missingSegments() + " segments are missing in the middle of their logs: "
                    + String.join("; ", missed.gaps()));
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
