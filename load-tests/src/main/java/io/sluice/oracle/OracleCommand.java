package io.sluice.oracle;

import io.sluice.aws.ObjectReader;
import io.sluice.cli.S3Options;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line of the oracle. */
@Command(
        name = "oracle",
        header = "Compare what was acknowledged with what was delivered.",
        description = {
            "",
            "Reads the files of acks that scripts/load wrote and the delivered objects (gzip, zstd, NDJSON, told by"
                    + " their first bytes), and counts events that were lost, found twice, or never sent.",
            "Let delivery come to its end first, or what is still under way counts as lost."
        },
        sortOptions = false,
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything acknowledged was found, and nothing else",
            "1:events were lost, or found that were never sent, or objects are damaged; or something could not be read",
            "2:the command line is wrong"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  scripts/oracle --acks data/load/RUN.acks data",
            "  scripts/oracle --acks monday.acks --acks tuesday.acks /mnt/bucket/events",
            "  scripts/oracle --acks data/load/RUN.acks --s3 s3://bucket/events",
            "  scripts/oracle --acks data/load/RUN.acks --s3 s3://bucket --endpoint http://127.0.0.1:5000",
        })
public final class OracleCommand implements Callable<Integer> {

    static final int FAILED = 1;

    private static final Pattern SIZE = Pattern.compile("(\\d{1,9})(MiB|GiB)");

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--acks",
            paramLabel = "FILE",
            required = true,
            arity = "1",
            description = "A file of acks; may be repeated, once for each run.")
    private List<Path> acks;

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            defaultValue = "512MiB",
            converter = Size.class,
            description = "For bitmaps; what does not fit takes further readings of the objects. Above 900MiB, give the"
                    + " JVM more too: LOAD_JVM_OPTIONS=-Xmx4g. Default: ${DEFAULT-VALUE}")
    private long memoryBytes;

    @Parameters(
            paramLabel = "PATH",
            arity = "0..*",
            description = "Objects, directories that hold them, or data directories with 's3' in them.")
    private List<Path> paths = List.of();

    @Mixin
    private S3Options s3;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    static final class Size implements ITypeConverter<Long> {
        @Override
        public Long convert(String text) {
            Matcher matcher = SIZE.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + text + "' is no size, expected such as 512MiB or 4GiB");
            }
            return Long.parseLong(matcher.group(1)) << (matcher.group(2).equals("MiB") ? 20 : 30);
        }
    }

    @Override
    public Integer call() throws IOException {
        if (paths.isEmpty() && s3.places().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "nothing to compare with: expected PATH or --s3");
        }
        Verdict verdict;
        try (ObjectReader reader = s3.reader()) {
            List<ObjectSource> sources = new ArrayList<>();
            sources.add(new Directories(paths));
            s3.places().forEach(place -> sources.add(new Bucket(reader, place)));
            verdict = Oracle.judge(acks, sources, memoryBytes);
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        verdict.damaged.forEach(line -> err.println("oracle: " + line));
        verdict.losses.forEach(range -> err.println("oracle: lost " + range));
        verdict.phantoms.forEach(id -> err.println("oracle: phantom " + id));
        if (!verdict.allEnded) {
            err.println("oracle: a run did not end in order; of its last numbers it is not known which were sent");
        }
        err.flush();
        row(out, "sent", verdict.sent, "events");
        row(out, "acked", verdict.acked, "answered with 2xx");
        row(out, "found", verdict.found, "different events in the objects");
        row(out, "lost", verdict.lost, "acked and not found");
        row(out, "duplicates", verdict.duplicates, "records of an event beyond its first");
        row(out, "  redelivered", verdict.redelivered, "with the position of another: delivered twice");
        row(out, "  resent", verdict.resent, "with their own position: sent twice by the client");
        row(out, "phantom", verdict.phantom, "with a number that was never sent");
        row(out, "unacked", verdict.unacked, "found, though refused or unanswered: no fault");
        row(out, "foreign", verdict.foreign, "records of other origin");
        row(out, "objects", verdict.objects, "of which damaged: " + verdict.damaged.size());
        out.println(verdict.line());
        out.println(verdict.result());
        out.flush();
        return verdict.good() ? 0 : FAILED;
    }

    private static void row(PrintWriter out, String name, long number, String about) {
        out.printf(Locale.ROOT, "%-14s %15d  %s%n", name, number, about);
    }
}
