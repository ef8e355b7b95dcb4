package io.sluice.scenario;

import io.sluice.ladder.DocsBlock;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The goals, and what the last runs of the benchmarks said. Measures nothing. */
@Command(name = "goals", header = "The ten goals, and beside each the figure that was measured last.")
final class GoalsCommand implements Callable<Integer> {

    static final DocsBlock BLOCK = DocsBlock.of("scripts/bench goals");

    @Option(names = "--root", hidden = true, required = true)
    private Path root;

    @Option(names = "--class-path", hidden = true)
    private String gatewayClassPath;

    @Option(names = "--write-docs", description = "Also write them into docs/PERFORMANCE.md and README.md.")
    private boolean writeDocs;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() throws IOException {
        Results results = Results.read(root.resolve(Results.DIRECTORY));
        String table = Headline.table(results);
        System.out.print(table);
        if (writeDocs) {
            BLOCK.write(root.resolve("docs/PERFORMANCE.md"), table);
            BLOCK.write(root.resolve("README.md"), Headline.front(results));
            System.out.println("written: docs/PERFORMANCE.md, README.md");
        }
        return 0;
    }
}
