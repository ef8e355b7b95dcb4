package io.sluice.lab;

import io.sluice.common.Clock;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts the lab and waits for a signal. */
@Command(
        name = "lab",
        subcommands = DriveCommand.class,
        header = "A Firehose on this machine that keeps AWS's limits and fails on command.",
        synopsisSubcommandLabel = "[drive]",
        description = {
            "",
            "Speaks the protocol of Amazon Data Firehose, so that the AWS SDKs, the AWS CLI and boto3 cannot tell: "
                    + "PutRecord, PutRecordBatch, Create-, Describe-, List- and DeleteDeliveryStream. It enforces the "
                    + "limits of calls and the quota of each stream, buffers by size and time, writes objects with "
                    + "Firehose's keys into a directory, and counts what AWS would bill.",
            "",
            "Faults are set while it runs, by a file or over HTTP; /lab shows what it did. docs/LAB.md tells all of it."
        },
        optionListHeading = "%nOptions:%n",
        commandListHeading = "%nCommands:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:stopped as asked (SIGTERM, SIGINT); what was buffered is delivered",
            "1:could not start, or the disk could not be written; the message says which",
            "2:the command line is wrong"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  scripts/lab",
            "  scripts/lab --streams sluice-events=events/,sluice-rejected=rejected/ --buffer-interval 10s",
            "  scripts/lab --quota 1MiB --burst 0        a small region, no bursts",
            "  scripts/lab --quota none --discard        no limits: then scripts/lab drive in another shell",
            "  curl -X PUT http://127.0.0.1:4573/lab/faults --data '{\"rules\": [{\"fault\": \"partial\", \"rate\": 0.2}]}'",
        })
final class LabCommand implements Callable<Integer> {

    static final int HELP_WIDTH = 100;

    private static final Pattern RANGE = Pattern.compile("([a-zA-Z0-9_.-]*)\\{(\\d{1,6})\\.\\.(\\d{1,6})}(.*)");

    @Spec
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = {
                "Where to listen. Default: ${DEFAULT-VALUE}",
                "Nobody's signature is checked: think before you open it."
            })
    private String host;

    @Option(
            names = "--port",
            paramLabel = "N",
            defaultValue = "4573",
            description = "0: any that is free. Default: ${DEFAULT-VALUE}")
    private int port;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            defaultValue = "data/lab",
            description = "Objects go to DIR/s3/<bucket>/<key>. Default: ${DEFAULT-VALUE}")
    private Path directory;

    @Option(
            names = "--streams",
            paramLabel = "NAME[=PREFIX]",
            split = ",",
            defaultValue = "sluice-events=events/,sluice-rejected=rejected/,sluice-manifests=manifests/",
            description = {
                "Streams that are there from the start, one or a range such as a-{1..20}, with the prefix of their "
                        + "keys, which may hold !{timestamp:…} and !{firehose:random-string}. "
                        + "Default: ${DEFAULT-VALUE}"
            })
    private List<String> streams;

    @Option(
            names = "--bucket",
            paramLabel = "NAME",
            defaultValue = "lab",
            description = "The bucket of those. Default: ${DEFAULT-VALUE}")
    private String bucket;

    @Option(
            names = "--file-extension",
            paramLabel = "EXT",
            defaultValue = ".jsonl.gz",
            description = "How the names of their objects end. Default: ${DEFAULT-VALUE}")
    private String extension;

    @Option(
            names = "--buffer-size",
            paramLabel = "MiB",
            defaultValue = "5",
            description = "1 to 128, in MiB. Default: ${DEFAULT-VALUE}")
    private int bufferMib;

    @Option(
            names = "--buffer-interval",
            paramLabel = "TIME",
            defaultValue = "60s",
            description = "0s to 900s, in whole seconds. Default: ${DEFAULT-VALUE}")
    private String bufferInterval;

    @Option(
            names = "--quota",
            paramLabel = "SIZE",
            defaultValue = "5MiB",
            description = {
                "Bytes a second of each stream; requests and records go with it as AWS has them. 'none' for no limit. "
                        + "Default: ${DEFAULT-VALUE}"
            })
    private String quota;

    @Option(
            names = "--burst",
            paramLabel = "SECONDS",
            defaultValue = "1",
            description = {
                "How many seconds of quota may come at once after a pause; 0: none, all comes evenly. "
                        + "Default: ${DEFAULT-VALUE}"
            })
    private double burst;

    @Option(
            names = "--retention",
            paramLabel = "TIME",
            defaultValue = "24h",
            description = "How long what S3 refuses is kept before it is lost. Default: ${DEFAULT-VALUE}")
    private String retention;

    @Option(
            names = "--faults",
            paramLabel = "FILE",
            description = "Rules of faults as JSON; watched, so that a change takes effect at once.")
    private Path faults;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of the dice that faults at a rate are rolled with. Default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(
            names = "--region",
            paramLabel = "NAME",
            defaultValue = "us-east-1",
            description = "In the ARNs. Default: ${DEFAULT-VALUE}")
    private String region;

    @Option(
            names = "--account",
            paramLabel = "ID",
            defaultValue = "123456789012",
            description = "In the ARNs. Default: ${DEFAULT-VALUE}")
    private String account;

    @Option(
            names = "--threads",
            paramLabel = "N",
            defaultValue = "1",
            description = "Event loops. Default: ${DEFAULT-VALUE}")
    private int threads;

    @Option(names = "--discard", description = "Count objects and delete them.")
    private boolean discard;

    @Override
    public Integer call() throws Exception {
        LabConfig config = config();
        Lab lab = Lab.start(config, Clock.system(), System.err, LabCommand::fail);
        banner(config, lab, System.err);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(lab), "lab-stop"));
        new CountDownLatch(1).await();
        return 0;
    }

    private static void fail(IOException e) {
        System.err.println("sluice-lab: the buffer cannot be written, and nothing counted can be trusted: " + e);
        Runtime.getRuntime().halt(1);
    }

    /** A hook that returned would have the JVM exit with the signal's number. */
    private static void end(Lab lab) {
        try {
            lab.close();
        } catch (IOException | RuntimeException e) {
            System.err.println("sluice-lab: the stop did not complete: " + e);
            Runtime.getRuntime().halt(1);
        }
        Counters total = lab.firehose().total();
        System.err.println("The lab has stopped. " + total.get(Count.STORED) + " records stored, "
                + total.get(Count.DELIVERED) + " delivered in " + total.get(Count.OBJECTS) + " objects, "
                + total.get(Count.LOST) + " lost, " + total.get(Count.REFUSED) + " refused.");
        Runtime.getRuntime().halt(0);
    }

    LabConfig config() {
        List<StreamSettings> settings = new ArrayList<>();
        for (String stream : streams) {
            if (!stream.isBlank()) {
                for (String one : range(stream.strip())) {
                    settings.add(settings(one));
                }
            }
        }
        if (burst < 0) {
            throw wrong("--burst is " + burst + ", expected 0 or more");
        }
        if (threads < 1) {
            throw wrong("--threads is " + threads + ", expected 1 or more");
        }
        return new LabConfig(
                host,
                port,
                threads,
                directory,
                settings,
                quota.equals("none") ? Quota.unlimited() : Quota.ofBytes(bytes(quota), burst),
                time("--retention", retention),
                region,
                account,
                seed,
                faults,
                discard);
    }

    /** {@code a-{1..3}=p/} is {@code a-1=p/}, {@code a-2=p/} and {@code a-3=p/}. */
    private List<String> range(String stream) {
        Matcher matcher = RANGE.matcher(stream);
        if (!matcher.matches()) {
            return List.of(stream);
        }
        int first = Integer.parseInt(matcher.group(2));
        int last = Integer.parseInt(matcher.group(3));
        if (first > last || last - first >= Firehose.MOST_STREAMS) {
            throw wrong("the streams " + stream + " go from " + first + " to " + last
                    + ", expected upwards and at most " + Firehose.MOST_STREAMS);
        }
        List<String> all = new ArrayList<>();
        for (int i = first; i <= last; i++) {
            all.add(matcher.group(1) + i + matcher.group(4));
        }
        return all;
    }

    private StreamSettings settings(String stream) {
        int equals = stream.indexOf('=');
        String name = equals < 0 ? stream : stream.substring(0, equals);
        String prefix = equals < 0 ? "" : stream.substring(equals + 1);
        Map<String, Object> configuration = new LinkedHashMap<>();
        configuration.put("RoleARN", StreamSettings.ROLE.formatted(account));
        configuration.put("BucketARN", "arn:aws:s3:::" + bucket);
        configuration.put("Prefix", prefix);
        if (KeyTemplate.isExpression(prefix)) {
            configuration.put("ErrorOutputPrefix", "errors/!{firehose:error-output-type}/");
        }
        configuration.put("FileExtension", extension);
        Map<String, Object> hints = new LinkedHashMap<>();
        hints.put("SizeInMBs", (long) bufferMib);
        hints.put("IntervalInSeconds", time("--buffer-interval", bufferInterval).toSeconds());
        configuration.put("BufferingHints", hints);
        try {
            return StreamSettings.of(name, configuration);
        } catch (StreamSettings.Refused e) {
            throw wrong("the stream " + stream + ": " + e.getMessage());
        }
    }

    private double bytes(String text) {
        Matcher matcher =
                Pattern.compile("([0-9]{1,6}(?:\\.[0-9]{1,6})?)(B|KiB|MiB|GiB)").matcher(text);
        if (!matcher.matches() || Double.parseDouble(matcher.group(1)) <= 0) {
            throw wrong("--quota is " + text + ", expected a size above 0 such as 5MiB, or none");
        }
        double amount = Double.parseDouble(matcher.group(1));
        return switch (matcher.group(2)) {
            case "KiB" -> amount * (1 << 10);
            case "MiB" -> amount * (1 << 20);
            case "GiB" -> amount * (1 << 30);
            default -> amount;
        };
    }

    private Duration time(String option, String text) {
        try {
            return Duration.ofNanos(FaultRule.nanos(text));
        } catch (FaultRule.Invalid e) {
            throw wrong(option + " is " + text + ", expected a time such as 60s or 24h");
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    static void banner(LabConfig config, Lab lab, PrintStream out) {
        String url = "http://" + (config.host().contains(":") ? "[" + config.host() + "]" : config.host()) + ":"
                + lab.port();
        out.println("The Sluice lab plays Firehose on " + url);
        out.println("  page        " + url + "/lab");
        out.println("  counters    " + url + "/lab/counters");
        out.println("  faults      " + url + "/lab/faults"
                + (config.faultsFile() == null ? "" : ", and " + config.faultsFile()));
        out.println("  objects     " + lab.store().description());
        out.println(
                "  streams     " + String.join(", ", lab.firehose().names()) + "   each with " + shown(config.quota()));
        out.println("  try         export AWS_ACCESS_KEY_ID=lab AWS_SECRET_ACCESS_KEY=lab AWS_DEFAULT_REGION="
                + config.region() + " AWS_ENDPOINT_URL_FIREHOSE=" + url);
        out.println("              aws firehose list-delivery-streams --endpoint-url " + url);
        out.println("              curl -X PUT " + url
                + "/lab/faults --data '{\"rules\": [{\"fault\": \"partial\", \"rate\": 0.2}]}'");
        out.println(
                "  gateway     scripts/run --destination firehose --endpoint " + url + " --region " + config.region());
        out.println("  stop        Ctrl-C or SIGTERM: delivers what is buffered, exits 0");
    }

    private static String shown(List<String> names) {
        return names.size() <= 4
                ? String.join(", ", names)
                : names.getFirst() + " … " + names.getLast() + " (" + names.size() + ")";
    }

    private static String shown(Quota quota) {
        return quota.isUnlimited()
                ? "no quota"
                : (long) quota.bytesPerSecond() + " bytes, " + (long) quota.requestsPerSecond() + " requests and "
                        + (long) quota.recordsPerSecond() + " records a second";
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new LabCommand());
        line.setUsageHelpWidth(HELP_WIDTH);
        line.setExecutionExceptionHandler((exception, commandLine, parsed) -> {
            if (exception instanceof IOException) {
                commandLine.getErr().println("sluice-lab: " + exception.getMessage());
            } else if (exception instanceof ParameterException wrong) {
                throw wrong;
            } else {
                exception.printStackTrace(commandLine.getErr());
            }
            commandLine.getErr().flush();
            return 1;
        });
        return line;
    }
}
