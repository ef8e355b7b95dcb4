package io.sluice.prove;

import io.sluice.prove.Outcome.Figures;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** Plays rows, one after the other, each in its own directory and with a deadline, and has them judged. */
final class Runner {

    /** What a row may take beyond its fault. */
    private static final Duration MARGIN = Duration.ofSeconds(300);

    /**
     * Blocks that an end may have delivered again: a stream's four calls of four blocks, and what was delivered in the
     * second before, of which the marks may not be on the disk.
     */
    static final int BLOCKS_AN_END = 20;

    /** What is told while a row runs. */
    interface Progress {
        void running(Row row, long seconds, long acked);
    }

    private final Plan plan;
    private final Progress progress;

    Runner(Plan plan, Progress progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /** Plays a row to its end, or to its deadline. */
    Outcome run(Row row) throws IOException, InterruptedException {
        Path directory = plan.directory().resolve(row.name());
        delete(directory);
        Files.createDirectories(directory);
        Outcome outcome;
        try (Stage stage = new Stage(plan, row.name(), directory)) {
            play(row, stage);
            outcome = judge(row, stage);
        }
        if (outcome.good()) {
            delete(directory);
        } else {
            Files.write(directory.resolve("problems"), outcome.problems());
        }
        return outcome;
    }

    private void play(Row row, Stage stage) throws InterruptedException {
        AtomicReference<Throwable> failure = new AtomicReference<>();
        CountDownLatch done = new CountDownLatch(1);
        Thread thread = Thread.ofPlatform().name("row").daemon().start(() -> {
            try {
                row.script().play(stage);
            } catch (Throwable e) {
                failure.set(e);
            } finally {
                done.countDown();
            }
        });
        long began = System.nanoTime();
        long limit = MARGIN.toSeconds() + (long) (3 * plan.seconds());
        boolean ended = false;
        for (long second = 0; !ended && second < limit + stage.moreSeconds(); second++) {
            ended = done.await(1, TimeUnit.SECONDS);
            progress.running(row, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began), stage.acked());
        }
        if (!ended) {
            // Its children end first, so that what waits for them goes on.
            stage.close();
            thread.interrupt();
            thread.join();
            stage.problem("did not come to an end in " + (limit + stage.moreSeconds()) + " s");
        } else if (failure.get() != null) {
            stage.problem(
                    failure.get() instanceof IOException e
                            ? e.getMessage()
                            : failure.get().toString());
        }
    }

    /** What came of a row that has been played; asking again changes nothing. */
    static Outcome judge(Row row, Stage stage) throws IOException {
        List<String> problems = new ArrayList<>(stage.problems());
        List<String> notes = new ArrayList<>(stage.notes());
        if (!stage.finished() || stage.acks() == null) {
            // What is still in the journal of a row that broke off is no loss: there is nothing to judge.
            if (problems.isEmpty() && stage.acked() > 0) {
                problems.add("did not come to its end");
            }
            return new Outcome(row, null, stage.recovery(), stage.stall(), notes, problems, null);
        }
        Judge.Verdict verdict = Judge.ask(List.of(stage.acks()), stage.objects());
        DeliveredObjects objects = DeliveredObjects.read(stage.objects());
        long duplicates = verdict.get("duplicates");
        long allowed = allowed(row, stage, verdict, objects, notes);
        // Of every row: when the last gateway has stopped, each manifest is delivered, or waits in the journal.
        Reconciled reconciled = Reconciled.ask(stage.bucket(), stage.journal());
        Figures figures = new Figures(
                verdict.get("sent"),
                verdict.get("acked"),
                verdict.get("found"),
                verdict.get("lost"),
                duplicates,
                allowed,
                verdict.get("phantom"),
                reconciled);
        check(verdict.exit() == 0, problems, "the oracle does not agree:\n" + verdict.text());
        check(reconciled.good(), problems, "manifests, objects and journal do not agree:\n" + reconciled.text());
        check(figures.acked() > 0, problems, "nothing was acknowledged");
        check(
                figures.allowed() == duplicates,
                problems,
                "records were delivered twice that should not be: " + (duplicates - allowed) + ", in "
                        + objects.duplicateBlocks() + " blocks; of unknown outcome were " + stage.unknownBlocks());
        check(stage.recovery() != null, problems, "did not recover");
        return new Outcome(row, figures, stage.recovery(), stage.stall(), notes, problems, stage.timeline(objects));
    }

    private static long allowed(
            Row row, Stage stage, Judge.Verdict verdict, DeliveredObjects objects, List<String> notes) {
        long resent = verdict.get("resent");
        long redelivered = verdict.get("redelivered");
        if (resent > 0) {
            notes.add("sent again by clients " + resent);
        }
        long blocks = objects.duplicateBlocks();
        if (blocks > 0) {
            notes.add("blocks delivered again " + blocks);
        }
        return switch (row.duplicates()) {
            case COUNTED -> {
                if (blocks > 0) {
                    notes.add("of unknown outcome " + stage.unknownBlocks());
                }
                yield resent + (blocks <= stage.unknownBlocks() ? redelivered : 0);
            }
            case UNDER_WAY ->
                resent + (blocks <= stage.unknownBlocks() + (long) BLOCKS_AN_END * stage.ends() ? redelivered : 0);
            case REPLAYED -> resent + (blocks <= stage.unknownBlocks() + stage.replayedBlocks() ? redelivered : 0);
        };
    }

    private static void check(boolean good, List<String> problems, String problem) {
        if (!good) {
            problems.add(problem);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e) throws IOException {
                Files.delete(visited);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
