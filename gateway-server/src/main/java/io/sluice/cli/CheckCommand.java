package io.sluice.cli;

import io.sluice.config.ConfigLoader;
import io.sluice.config.InvalidConfig;
import io.sluice.config.MemoryPlan;
import io.sluice.config.Problem;
import io.sluice.config.SluiceConfig;
import io.sluice.privacy.Policies;
import io.sluice.shop.BadShopsException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what the server would run with, or everything that keeps it from running. */
@Command(
        name = "check",
        header = "Validate the configuration and print the effective one.",
        description = {
            "",
            "Reads the same file, environment and options as serve, and starts nothing. The effective configuration "
                    + "goes to standard output as YAML that serve takes, write keys masked; problems go to standard "
                    + "error, all at once, and so do warnings of what serve would take and warn of, such as a "
                    + "certificate that expires soon."
        },
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:serve would start with this", "1:a file could not be read", "2:there are problems"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  sluice check --config /etc/sluice.yaml",
            "  SLUICE_HTTP_PORT=80 sluice check",
        })
public final class CheckCommand implements Callable<Integer> {

    private final ShopsCheck shopsCheck;
    private final CertificatesCheck certificatesCheck;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ConfigOptions options;

    public CheckCommand(ShopsCheck shopsCheck, CertificatesCheck certificatesCheck) {
        this.shopsCheck = shopsCheck;
        this.certificatesCheck = certificatesCheck;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        ConfigLoader loader = options.loader();
        List<Problem> problems = new ArrayList<>();
        SluiceConfig config = loader.read(problems);
        for (String warning : certificatesCheck.check(loader, config, problems)) {
            spec.commandLine().getErr().println("warning: " + warning);
        }
        List<String> told = new ArrayList<>();
        for (Policies.Misnamed wrong : Policies.misnamed(config.privacy())) {
            told.add(wrong.report());
            String source = loader.source(wrong.key());
            problems.add(
                    new Problem(wrong.key(), wrong.value(), wrong.expected(), source == null ? "default" : source));
        }
        String report = shopsReport(config, told, problems.isEmpty());
        if (!problems.isEmpty()) {
            PrintWriter err = spec.commandLine().getErr();
            err.print(new InvalidConfig(Problem.inOrder(problems)).getMessage());
            err.print(report.isEmpty() ? "" : System.lineSeparator());
        }
        if (!report.isEmpty()) {
            spec.commandLine().getErr().println(report);
        }
        spec.commandLine().getErr().flush();
        if (!problems.isEmpty() || !report.isEmpty()) {
            return ExitCodes.INVALID;
        }
        String shops = config.shopsFile() == null ? "" : MaskedShops.read(config.shopsFile());
        out.print(config.toYaml());
        if (!shops.isEmpty()) {
            out.println();
            out.println("# " + config.shopsFile() + ":");
            shops.lines().forEach(line -> out.println("#   " + line));
        }
        out.println();
        out.println("# a 2xx means: the events are " + config.journal().ack().meaning());
        MemoryPlan memory = MemoryPlan.of(config);
        out.println("# memory, at most: " + memory);
        out.println("# of that heap, at most: " + memory.ofHeap());
        out.println("# beside that sum, at most: " + memory.beside());
        out.flush();
        return ExitCodes.OK;
    }

    /**
     * What is wrong with the files of shops and policies.
     *
     * @param told reports that need not be told once more
     * @param alone whether nothing else was found: a file that cannot be read is told of then
     */
    private String shopsReport(SluiceConfig config, List<String> told, boolean alone) throws IOException {
        try {
            shopsCheck.check(config);
            return "";
        } catch (IOException e) {
            if (alone) {
                throw e;
            }
            return "";
        } catch (BadShopsException e) {
            List<String> reports = new ArrayList<>(e.problems());
            // Else they are the problems of one file, which the message names.
            return reports.removeAll(told) ? String.join(System.lineSeparator(), reports) : e.getMessage();
        } catch (Exception e) {
            return e.getMessage();
        }
    }
}
