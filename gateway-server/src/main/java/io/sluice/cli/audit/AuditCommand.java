package io.sluice.cli.audit;

import io.sluice.aws.ObjectReader;
import io.sluice.cli.ExitCodes;
import io.sluice.cli.ShopPolicies;
import io.sluice.cli.StoredOptions;
import io.sluice.cli.UnreadablePolicy;
import io.sluice.cli.objects.BlockLines;
import io.sluice.cli.objects.ObjectWalk;
import io.sluice.cli.objects.Ticker;
import io.sluice.config.InvalidConfig;
import io.sluice.config.SluiceConfig;
import io.sluice.privacy.Auditor;
import io.sluice.privacy.BadPolicyException;
import io.sluice.record.BlockStream;
import io.sluice.record.StreamGroup;
import io.sluice.shop.BadShopsException;
import java.io.IOException;
import java.io.PrintWriter;
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
            "Scrubs what is stored once more, each line by the policy that it was scrubbed by, and reports whatever that "
                    + "changes: by kind, shop and field, with asterisks for letters and digits. Numbers of digits alone "
                    + "that may be a person's are told of as possible. Nothing is changed. Objects are read as a stream."
        },
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nothing personal was found, or only what is possible",
            "1:something was",
            "2:the command line, the configuration or the policy is wrong",
            "4:nothing was found, but not everything could be read, or there was nothing to read"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  sluice audit                                     data/s3, where the default configuration delivers",
            "  sluice audit --s3 s3://bucket --config /etc/sluice.yaml --from 2026-11-22 --sample 1/100",
        })
public final class AuditCommand implements Callable<Integer> {

    private static final Pattern SAMPLE = Pattern.compile("1/([1-9]\\d{0,8})");

    @Mixin
    private StoredOptions stored;

    @Option(
            names = {"-p", "--policy"},
            paramLabel = "POLICY",
            description = "Judge all lines by this: strict, gdpr, ccpa, minimal, or the path of a policy file. What it"
                    + " keeps is no finding. Default: the policy that each line says it was scrubbed by, or else its"
                    + " shop's in the configuration.")
    private String policy;

    @Option(
            names = "--broad",
            description =
                    "Count as leaks the numbers too that are only possible: digits alone that may be a telephone's"
                            + " or a person's, whatever they are called, and may be an order's.")
    private boolean broad;

    @Option(names = "--certain", description = "Do not look for such numbers, which takes most of the time.")
    private boolean certain;

    @Option(
            names = "--sample",
            paramLabel = "1/N",
            converter = Sample.class,
            defaultValue = "1/1",
            description = "Read every N-th object only.")
    private Integer sample;

    @Option(names = "--json", description = "Print the result as JSON.")
    private boolean json;

    @Spec
    private CommandSpec spec;

    private Findings findings;

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
    public Integer call() throws InvalidConfig, IOException, BadShopsException {
        if (broad && certain) {
            throw new ParameterException(spec.commandLine(), "expected --broad or --certain, not both");
        }
        SluiceConfig config = stored.config(false);
        findings = new Findings(broad);
        LineAudit lines = new LineAudit(auditors(config), Auditor.ofNames(), findings);
        // Not the usual code of a failure, which says here that something leaked.
        try (ObjectReader reader = stored.reader()) {
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

    private Auditors auditors(SluiceConfig config) throws IOException, BadShopsException {
        if (policy == null) {
            return Auditors.of(ShopPolicies.load(config), !certain);
        }
        try {
            return Auditors.only(Auditor.of(policy, !certain));
        } catch (BadPolicyException e) {
            throw new ParameterException(spec.commandLine(), "--policy " + policy + ": " + e.getMessage());
        } catch (IOException e) {
            throw new UnreadablePolicy(spec.commandLine(), policy);
        }
    }

    private void read(ObjectReader reader, SluiceConfig config, LineAudit lines) throws IOException {
        StoredOptions.Place place = stored.existingPlace(config);
        String bucket = place.bucket();
        ObjectWalk walk = new ObjectWalk(reader, bucket);
        for (StreamGroup group : config.groups()) {
            walk.add(place.prefix() + group.prefix(), stored.fromMinute(), stored.toMinute());
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
