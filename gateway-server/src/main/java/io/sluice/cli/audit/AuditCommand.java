package io.sluice.cli.audit;

import io.sluice.aws.BucketPrefix;
import io.sluice.aws.ObjectReader;
import io.sluice.cli.ExitCodes;
import io.sluice.cli.S3Options;
import io.sluice.cli.UnreadablePolicy;
import io.sluice.cli.objects.BlockLines;
import io.sluice.cli.objects.DirectoryReader;
import io.sluice.cli.objects.Hour;
import io.sluice.cli.objects.ObjectWalk;
import io.sluice.cli.objects.Ticker;
import io.sluice.config.ConfigLoader;
import io.sluice.config.InvalidConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.privacy.Auditor;
import io.sluice.privacy.BadPolicyException;
import io.sluice.record.BlockStream;
import io.sluice.record.StreamGroup;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Looks for personal data in what was delivered. */
@Command(
        name = "audit",
        header = "Look for personal data in delivered objects.",
        description = {
            "",
            "Scrubs what is stored once more, and reports whatever a policy would have changed: by kind, shop and field, "
                    + "with asterisks for letters and digits. Nothing is changed. Objects are read as a stream."
        },
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing personal was found",
            "1:something was",
            "2:the command line, the configuration or the policy is wrong",
            "4:nothing was found, but not everything could be read, or there was nothing to read"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sluice audit                                     data/s3, where the default configuration delivers",
            "  sluice audit --s3 s3://bucket --config /etc/sluice.yaml --from 2026-11-22T00 --sample 1/100",
        })
public final class AuditCommand implements Callable<Integer> {

    private static final Pattern SAMPLE = Pattern.compile("1/([1-9]\\d{0,8})");

    @Option(
            names = "--from-dir",
            paramLabel = "DIR",
            description = "Directory of delivered objects, in the layout of a bucket."
                    + " Default: delivery.local.directory, unless there is --s3.")
    private Path directory;

    @Mixin
    private S3Options s3;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration of the gateway: prefixes of its groups.")
    private Path configFile;

    @Option(
            names = {"-p", "--policy"},
            paramLabel = "POLICY",
            defaultValue = "strict",
            description = "strict, gdpr, ccpa, minimal, or the path of a policy file: what it keeps is no finding."
                    + " Default: ${DEFAULT-VALUE}.")
    private String policy;

    @Option(
            names = "--broad",
            description = "Hold a number of digits alone for a telephone's or a person's, if it can be one, whatever it"
                    + " is called. Finds more, and mistakes orders and articles.")
    private boolean broad;

    @Option(
            names = "--sample",
            paramLabel = "1/N",
            converter = Sample.class,
            defaultValue = "1/1",
            description = "Read every N-th object only.")
    private Integer sample;

    @Option(
            names = "--from",
            paramLabel = "HOUR",
            converter = Hour.class,
            description = "Only objects whose key names this hour or a later one, in UTC, such as 2026-11-22T10.")
    private Integer fromMinute;

    @Option(
            names = "--to",
            paramLabel = "HOUR",
            converter = Hour.class,
            description = "Only objects whose key names an hour before this one.")
    private Integer toMinute;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private final Findings findings = new Findings();

    static final class Sample implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String text) {
            Matcher matcher = SAMPLE.matcher(text);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + text + "' is no sample, expected such as 1/100");
            }
            return Integer.valueOf(matcher.group(1));
        }
    }

    @Override
    public Integer call() throws InvalidConfig {
        if (s3.places().size() > 1 || directory != null && !s3.places().isEmpty()) {
            throw new ParameterException(spec.commandLine(), "expected one place: --from-dir or --s3, once");
        }
        if (fromMinute != null && toMinute != null && toMinute <= fromMinute) {
            throw new ParameterException(spec.commandLine(), "expected --to behind --from");
        }
        ConfigLoader loader = new ConfigLoader();
        if (configFile != null) {
            loader.file(configFile);
        }
        SluiceConfig config = loader.environment(System.getenv()).load();
        LineAudit lines;
        try {
            lines = new LineAudit(Auditor.of(policy, broad), findings);
        } catch (BadPolicyException e) {
            throw new ParameterException(spec.commandLine(), "--policy " + policy + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UnreadablePolicy(spec.commandLine(), policy);
        }
        // Not the usual code of a failure, which says here that something leaked.
        try (ObjectReader reader = s3.places().isEmpty() ? new DirectoryReader() : s3.reader()) {
            read(reader, config, lines);
        } catch (IOException e) {
            findings.problem(e.getMessage());
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            findings.printJson(out);
        } else {
            findings.print(out);
        }
        out.flush();
        if (!findings.isClean()) {
            return ExitCodes.FAILED;
        }
        return findings.isComplete() ? ExitCodes.OK : ExitCodes.AGAIN;
    }

    private void read(ObjectReader reader, SluiceConfig config, LineAudit lines) throws IOException {
        String bucket;
        String prefix = "";
        if (s3.places().isEmpty()) {
            Path root = directory == null ? config.delivery().local().directory() : directory;
            if (!Files.isDirectory(root)) {
                throw new NotDirectoryException(root + ": there is no such directory");
            }
            bucket = root.toString();
        } else {
            BucketPrefix place = s3.places().getFirst();
            bucket = place.bucket();
            prefix = place.prefix();
        }
        ObjectWalk walk = new ObjectWalk(reader, bucket);
        for (StreamGroup group : config.groups()) {
            walk.add(
                    prefix + group.prefix(),
                    fromMinute == null ? Integer.MIN_VALUE : fromMinute,
                    toMinute == null ? Integer.MAX_VALUE : toMinute);
        }
        Ticker ticker = new Ticker(
                spec.commandLine().getErr(),
                () -> "sluice audit: " + findings.objects + " objects, " + (findings.bytes >> 20) + " MB, "
                        + findings.lines + " lines");
        BlockLines blockLines = new BlockLines();
        long number = 0;
        for (ObjectWalk.Found object = walk.next(); object != null; object = walk.next()) {
            if (number++ % sample != 0) {
                findings.skipped++;
                continue;
            }
            findings.objects++;
            findings.bytes += object.bytes();
            try (BlockStream blocks = BlockStream.open(reader.open(bucket, object.key()))) {
                read(blocks, object.key(), lines, blockLines, ticker);
            } catch (IOException e) {
                findings.problem(object.key() + ": " + e.getMessage());
            }
        }
        if (findings.objects == 0) {
            findings.problem("there are no objects: is it the right place, with the right prefixes?");
        }
    }

    private void read(BlockStream blocks, String key, LineAudit lines, BlockLines blockLines, Ticker ticker)
            throws IOException {
        long[] broken = new long[1];
        while (blocks.nextBlock()) {
            blockLines.read(blocks, (bytes, from, to) -> {
                ticker.tick();
                broken[0] += lines.look(bytes, from, to) ? 0 : 1;
            });
        }
        if (broken[0] > 0) {
            findings.problem(key + ": " + broken[0] + " lines are no JSON");
        }
    }
}
