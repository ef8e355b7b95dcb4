package io.sluice.cli;

import io.sluice.admin.TransportReport;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says what runs here: the first thing to put into a bug report. */
@Command(
        name = "version",
        header = "Print the version, and what of the machine matters to it.",
        description = {"", "Version, Java, operating system, and which of Netty's transports work here."},
        optionListHeading = "%nOptions:%n")
public final class VersionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.println("sluice      " + version());
        out.println("java        " + Runtime.version() + ", " + System.getProperty("java.vm.name") + ", "
                + System.getProperty("java.vendor"));
        out.println("system      " + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", "
                + System.getProperty("os.arch") + ", "
                + Runtime.getRuntime().availableProcessors() + " processors");
        out.println("netty       " + TransportReport.netty());
        out.println("transports  " + TransportReport.transports());
        out.flush();
        return ExitCodes.OK;
    }

    /** From the jar's manifest; a build tree has none. */
    public static String version() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
