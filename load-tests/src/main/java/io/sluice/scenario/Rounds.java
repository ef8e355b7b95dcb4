package io.sluice.scenario;

import io.sluice.ladder.Figures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Runs a scenario as often as is wanted, and knows what the machine can do. Stateless. */
final class Rounds {

    /** The scenario whose rate is the capacity. */
    static final String MILLION = "million";

    private static final int CAPACITY_SECONDS = 10;
    private static final int CAPACITY_WARMUP = 8;

    private Rounds() {}

    static Figures run(Options options, Scenario scenario, String encoding, double capacity, Path results)
            throws IOException, InterruptedException {
        return run(options, new Whole.Plan(scenario, encoding, capacity), results);
    }

    static Figures run(Options options, Whole.Plan plan, Path results) throws IOException, InterruptedException {
        Scenario scenario = plan.scenario();
        String encoding = plan.variant() == Variant.NONE
                ? plan.encoding()
                : plan.variant().name();
        Figures figures = new Figures();
        for (int round = 1; round <= options.rounds(); round++) {
            System.err.printf(
                    Locale.ROOT,
                    "%s, %s, round %d of %d: %d + %d s, then the oracle%n",
                    scenario.name(),
                    encoding,
                    round,
                    options.rounds(),
                    scenario.warmup(),
                    scenario.seconds());
            Path directory = Files.createDirectories(results.resolve(encoding + "-" + round));
            new Whole(plan, options.processes(directory), figures).run();
            Files.writeString(results.resolve(encoding + "-figures.txt"), figures.toString());
        }
        return figures;
    }

    private static Path file(Options options) {
        return options.root().resolve("target/bench/capacity");
    }

    /** What the last {@code scripts/bench million} of this clone measured with gzip. */
    static void keepCapacity(Options options, double rate) throws IOException {
        Files.writeString(file(options), String.format(Locale.ROOT, "%.0f%n", rate));
    }

    /** Events a second: that, or else what a shorter run of the same shows now. */
    static double capacity(Options options, Path results) throws IOException, InterruptedException {
        Path file = file(options);
        if (Files.exists(file)) {
            return Double.parseDouble(Files.readString(file).strip());
        }
        System.err.println("scripts/bench million has not run here; a short look at what the machine can do");
        Scenario million = options.scenario(MILLION);
        Figures figures = new Figures();
        Scenario look = options.quick() ? million : million.lasting(CAPACITY_WARMUP, CAPACITY_SECONDS);
        Path directory = Files.createDirectories(results.resolve("capacity"));
        new Whole(new Whole.Plan(look, "gzip", 0), options.processes(directory), figures).run();
        return figures.of("rate");
    }
}
