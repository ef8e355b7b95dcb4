package io.sluice.prove;

import io.sluice.process.Child;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Losses of power, which no program can cause: the journal's own property tests, on a disk that forgets what was not
 * synced, in a JVM of their own. As many histories as the time allows. One thread.
 */
final class PowerRow {

    private static final String MAIN = "io.sluice.journal.PowerLoss";
    private static final int FIRST = 150;
    private static final int MOST = 50_000;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Pattern LINE = Pattern.compile("(?m)^histories=.*$");
    private static final Pattern MEMBER = Pattern.compile("(\\w+)=(\\d+)");

    private PowerRow() {}

    static void play(Stage stage) throws IOException, InterruptedException {
        if (stage.plan().powerTests() == null) {
            throw new IOException("the tests of the journal are not there; scripts/prove builds them");
        }
        Map<String, Long> figures = new TreeMap<>();
        long began = System.nanoTime();
        run(stage, stage.plan().seed(), FIRST, figures);
        double took = (System.nanoTime() - began) / 1e9;
        // The first ones are slow, and leave out of account that a JVM has to start.
        int more = (int) Math.min(MOST, FIRST * (stage.plan().seconds() + 4 - took) / took);
        if (more > 0) {
            run(stage, stage.plan().seed() + FIRST, more, figures);
        }
        figures.forEach((name, figure) -> stage.note(words(name) + " " + String.format(Locale.ROOT, "%,d", figure)));
        if (figures.getOrDefault("crashPoints", 0L) == 0) {
            stage.problem("no loss of power was tried");
        }
    }

    private static void run(Stage stage, long seed, int histories, Map<String, Long> figures)
            throws IOException, InterruptedException {
        Path log = stage.file("power-" + seed + ".log");
        try (Child child = stage.other(Child.startWith(
                stage.plan().powerTests(),
                "the journal's property test",
                log,
                Map.of(),
                List.of(
                        "-ea",
                        "-Xmx768m",
                        "-XX:TieredStopAtLevel=4",
                        "-Dsluice.histories=" + histories,
                        "-Dsluice.seed=" + seed,
                        MAIN)))) {
            child.await(PATIENCE);
        }
        Matcher line = LINE.matcher(Files.readString(log));
        while (line.find()) {
            Matcher member = MEMBER.matcher(line.group());
            while (member.find()) {
                figures.merge(member.group(1), Long.parseLong(member.group(2)), Long::sum);
            }
        }
    }

    /** {@code crashPoints} is {@code crash points}. */
    private static String words(String name) {
        return name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
    }
}
