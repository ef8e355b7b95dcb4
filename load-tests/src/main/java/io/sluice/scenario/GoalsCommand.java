package io.sluice.scenario;

import io.sluice.ladder.DocsBlock;
import io.sluice.ladder.Machine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The goals, and what the last runs of the benchmarks said: those of this clone, and in the documents those of other
 * machines as well. Measures nothing.
 */
@Command(name = "goals", header = "The ten goals, and beside each the figure that was measured last.")
final class GoalsCommand implements Callable<Integer> {

    static final DocsBlock BLOCK = DocsBlock.of("scripts/bench goals");

    @Option(names = "--root", hidden = true, required = true)
    private Path root;

    @Option(names = "--class-path", hidden = true)
    private String gatewayClassPath;

    @Option(
            names = "--write-docs",
            description = "Also keep them in docs/results, and write them into docs/PERFORMANCE.md and README.md.")
    private boolean writeDocs;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() throws IOException {
        Results results = Results.read(root.resolve(Results.DIRECTORY));
        String machine = Machine.name();
        System.out.print(Headline.section(machine, Headline.table(results)));
        if (writeDocs) {
            Kept kept = new Kept(root.resolve(Kept.DIRECTORY));
            String name = kept.keep(machine, results);
            if (!name.equals(machine)) {
                System.out.println("kept under the name that its file in " + Kept.DIRECTORY + " has: " + name);
            }
            Map<String, Results> machines = kept.read();
            BLOCK.write(root.resolve("docs/PERFORMANCE.md"), Headline.tables(machines));
            BLOCK.write(root.resolve("README.md"), Headline.front(machines));
            System.out.println("written: docs/PERFORMANCE.md, README.md, " + Kept.DIRECTORY);
        }
        return 0;
    }
}
