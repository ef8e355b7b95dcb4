package io.sluice.prove;

import io.sluice.cli.reconcile.ReconcileCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/**
 * What {@code sluice reconcile --full} says of the objects of a row, with its journal: that manifests, objects and
 * journal agree, or not.
 *
 * @param blocks that manifests tell of and that were found as told
 * @param text all that it printed
 */
record Reconciled(boolean good, long blocks, String text) {

    private static final Pattern FOUND = Pattern.compile("(?m)^found +(\\d+)");

    /** @param journal of the gateways, none of which runs any more */
    static Reconciled ask(Path objects, Path journal) {
        StringWriter printed = new StringWriter();
        CommandLine line = new CommandLine(new ReconcileCommand());
        line.setOut(new PrintWriter(printed));
        line.setErr(new PrintWriter(printed));
        int exit = line.execute("--full", "--from-dir", objects.toString(), "--journal", journal.toString());
        String text = printed.toString();
        Matcher found = FOUND.matcher(text);
        return new Reconciled(exit == 0, found.find() ? Long.parseLong(found.group(1)) : 0, text);
    }
}
