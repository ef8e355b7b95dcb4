package io.sluice.scenario;

import io.sluice.ladder.Figures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Any of the loads that are written down. */
@Command(
        name = "scenario",
        header = "One of the loads below load-tests/scenarios, beside its goal.",
        sortOptions = false)
final class ScenarioCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    @Parameters(
            paramLabel = "NAME",
            arity = "0..1",
            description = "The scenario; without one, their names are printed.")
    private String name;

    @Option(
            names = "--encoding",
            paramLabel = "NAME",
            defaultValue = "gzip",
            description = "gzip or zstd. Default: gzip")
    private String encoding;

    @Option(
            names = "--capacity",
            paramLabel = "RATE",
            description = "Events a second that loads are a part of. Default: what scripts/bench million measured here")
    private Double capacity;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (name == null) {
            for (String known : Scenario.names(options.scenarios())) {
                System.out.printf(
                        "%-18s %s%n",
                        known, Scenario.read(options.scenarios(), known).title());
            }
            return 0;
        }
        options.begin(spec);
        Scenario scenario = options.scenario(name);
        if (scenario.seconds() < scenario.leastSeconds()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--seconds is " + scenario.seconds() + ", expected at least " + scenario.leastSeconds()
                            + ": a goal of " + name + " compares quarters of the run");
        }
        Path results = options.results(name);
        double known = 0;
        if (scenario.needsCapacity()) {
            known = capacity != null ? capacity : Rounds.capacity(options, results);
        }
        Figures figures = Rounds.run(options, scenario, encoding, known, results);
        String report = options.command("scenario " + name, scenario) + "\n\n" + scenario.title() + ". "
                + options.machine()
                + (known > 0 ? " Capacity: " + Report.number(known) + " records/s." : "")
                + (scenario.loads().size() > 1 ? " Latencies are those of the first of these loads." : "") + "\n\n"
                + Report.provisional(List.of(figures))
                + Report.table(List.of(encoding), List.of(figures), scenario.goals());
        options.end("scenario " + name, results, report, Report.results(name, scenario.goals(), figures));
        return 0;
    }
}
