package io.sluice.cli;

import io.sluice.config.InvalidConfig;
import io.sluice.config.MemoryPlan;
import io.sluice.config.SluiceConfig;
import java.io.IOException;
import java.io.PrintWriter;
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
                    + "error, all at once."
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

    /** How certificates are looked at, so that what the server would not take is found. */
    @FunctionalInterface
    public interface CertificatesCheck {
        void check(SluiceConfig config) throws InvalidConfig;
    }

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
    public Integer call() throws InvalidConfig, IOException {
        PrintWriter out = spec.commandLine().getOut();
        SluiceConfig config = options.load();
        certificatesCheck.check(config);
        try {
            shopsCheck.check(config);
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            spec.commandLine().getErr().println(e.getMessage());
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
        out.println("# memory, at most: " + MemoryPlan.of(config));
        out.flush();
        return ExitCodes.OK;
    }
}
