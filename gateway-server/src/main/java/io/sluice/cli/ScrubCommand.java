package io.sluice.cli;

import io.sluice.beacon.FieldNames;
import io.sluice.common.SecretFiles;
import io.sluice.common.SecretStore;
import io.sluice.config.ConfigLoader;
import io.sluice.config.InvalidConfig;
import io.sluice.privacy.BadPolicyException;
import io.sluice.privacy.LineScrubber;
import io.sluice.privacy.period.FixedSecret;
import io.sluice.privacy.period.Period;
import io.sluice.record.Field;
import io.sluice.shop.BadShopsException;
import io.sluice.shop.ShopPolicy;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Scrubs events as the gateway would under a policy, but for consent: one line in, one line out.
 *
 * <p>A line that is no JSON is answered by one that says where it went wrong, and by none of its bytes.
 */
@Command(
        name = "scrub",
        header = "Scrub NDJSON, from files or standard input, as a policy says.",
        description = {
            "",
            "Reads one JSON text a line and prints each without what is personal in it, as the gateway would store the "
                    + "events that it keeps whole. Members of which the policy says something as of a field of "
                    + "records get that one's name. A line that is no JSON becomes "
                    + "{\"rejected\":\"malformed-json\",…}, an empty one stays.",
            "",
            "Consent is not applied: of visitors who refuse, and under gdpr of those who say nothing, a gateway stores "
                    + "less than is shown here, and no pseudonyms.",
        },
        parameterListHeading = "%nParameters:%n",
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:every line was JSON", "1:some were not", "2:the command line or the policy is wrong"},
        footerHeading = "%nExamples:%n",
        footer = {
            "  sluice scrub events.ndjson",
            "  sluice scrub --policy gdpr --explain < events.ndjson",
            "  sluice scrub --config /etc/sluice.yaml --shop shop-a events.ndjson",
            "  sluice scrub --policy policy.yaml --secret-file data/secrets/2026-11.secret events.ndjson",
        })
public final class ScrubCommand implements Callable<Integer> {

    private static final String STRICT = "strict";
    private static final Path STDIN = Path.of("-");

    /** More than that is no secret. */
    private static final int LONGEST_SECRET = 1024;

    /** What clients may call fields. */
    private static final Map<String, Field> NAMES = FieldNames.all();

    private static final String RED = "\u001b[31m";
    private static final String GREEN = "\u001b[32m";
    private static final String PLAIN = "\u001b[0m";

    @Option(
            names = {"-p", "--policy"},
            paramLabel = "POLICY",
            description =
                    "strict, gdpr, ccpa, minimal, or the path of a policy file. Default: that of --shop in --config;"
                            + " strict without a configuration.")
    private String policy;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "Configuration of the gateway, for the policy that --shop has in it.")
    private Path config;

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description =
                    "What pseudonyms are made with: a file of privacy.secrets.directory, for those of that period."
                            + " Without it they differ from run to run.")
    private Path secretFile;

    @Option(
            names = "--shop",
            paramLabel = "SHOP",
            defaultValue = "demo",
            description = "Whose events: whose policy, with --config, and whose pseudonyms. Default: ${DEFAULT-VALUE}.")
    private String shop;

    @Option(
            names = "--explain",
            description = "Print each line that changes before and after, in colours on a terminal (see NO_COLOR).")
    private boolean explain;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            defaultValue = "auto",
            description = "Colours of --explain: auto, always or never. Default: ${DEFAULT-VALUE}.")
    private String color;

    @Parameters(
            paramLabel = "FILE",
            arity = "0..*",
            description = "Files of NDJSON. Default: standard input, as for -.")
    private List<Path> files = List.of();

    @Spec
    private CommandSpec spec;

    private final InputStream in;
    private final OutputStream out;
    private final boolean colours;
    private boolean coloured;

    public ScrubCommand() {
        this(
                System.in,
                new FileOutputStream(FileDescriptor.out),
                isTerminal(Path.of("/proc/self/fd/1")) && System.getenv("NO_COLOR") == null);
    }

    /** @param colours whether there are colours if the options leave it open */
    ScrubCommand(InputStream in, OutputStream out, boolean colours) {
        this.in = in;
        this.out = out;
        this.colours = colours;
    }

    /**
     * Whether the output is seen by somebody. Java's console is one only if input and output are, and input is a file
     * here as a rule.
     *
     * @param link to the output, as Linux has it; elsewhere there is none, and the console is asked
     */
    static boolean isTerminal(Path link) {
        try {
            String file = Files.readSymbolicLink(link).toString();
            return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty") || file.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException e) {
            return System.console() != null && System.console().isTerminal();
        }
    }

    private boolean isColoured() {
        return switch (color) {
            case "auto" -> colours;
            case "always" -> true;
            case "never" -> false;
            default -> throw new ParameterException(spec.commandLine(), "--color: expected auto, always or never");
        };
    }

    @Override
    public Integer call() throws IOException, InvalidConfig, BadShopsException {
        coloured = isColoured();
        byte[] secret = secret();
        LineScrubber scrubber;
        try {
            scrubber = policy == null && config != null
                    ? LineScrubber.of(policyOfShop(), secret, shop)
                    : LineScrubber.of(policy == null ? STRICT : policy, secret, shop);
        } catch (BadPolicyException e) {
            spec.commandLine().getErr().println(e.getMessage());
            return ExitCodes.INVALID;
        } catch (IOException e) {
            if (policy == null) {
                throw e;
            }
            throw new UnreadablePolicy(spec.commandLine(), policy);
        }
        boolean good = true;
        for (Path file : files) {
            if (!file.equals(STDIN) && (!Files.isReadable(file) || Files.isDirectory(file))) {
                throw new ParameterException(spec.commandLine(), file + " is no file that can be read");
            }
        }
        try (OutputStream buffered = new BufferedOutputStream(out, 1 << 16)) {
            for (Path file : files.isEmpty() ? List.of(STDIN) : files) {
                if (file.equals(STDIN)) {
                    good &= scrub(scrubber, in, "standard input", buffered);
                    continue;
                }
                try (InputStream lines = Files.newInputStream(file)) {
                    good &= scrub(scrubber, lines, file.toString(), buffered);
                }
            }
        }
        return good ? ExitCodes.OK : ExitCodes.FAILED;
    }

    /** @return whether every line was JSON, or blank */
    private boolean scrub(LineScrubber scrubber, InputStream from, String name, OutputStream to) throws IOException {
        InputStream lines = new BufferedInputStream(from, 1 << 16);
        byte[] line = new byte[1 << 12];
        long number = 0;
        long rejected = 0;
        long firstRejected = 0;
        for (int length = read(lines, line); length >= 0; length = read(lines, line)) {
            while (length == line.length) {
                // Longer than there was room for.
                line = Arrays.copyOf(line, 2 * length);
                length += Math.max(0, read(lines, line, length));
            }
            number++;
            if (isBlank(line, length)) {
                to.write('\n');
            } else if (!print(scrubber, line, length, number, to)) {
                rejected++;
                firstRejected = firstRejected == 0 ? number : firstRejected;
            }
        }
        if (rejected > 0) {
            to.flush();
            PrintWriter err = spec.commandLine().getErr();
            err.println("sluice scrub: " + name + ": " + rejected + " of " + number
                    + " lines are no JSON, the first of them line " + firstRejected);
            err.flush();
        }
        return rejected == 0;
    }

    private ShopPolicy policyOfShop() throws IOException, InvalidConfig, BadShopsException {
        ShopPolicy found = ShopPolicies.load(new ConfigLoader()
                        .file(config)
                        .environment(System.getenv())
                        .offline()
                        .withoutJournalKeys()
                        .load())
                .ofShop(shop);
        if (found == null) {
            throw new ParameterException(
                    spec.commandLine(), "--shop " + shop + ": no such shop is in the configuration " + config);
        }
        return found;
    }

    /** The secret of the file, as the gateway writes it; without a file, a random one. */
    private byte[] secret() {
        if (secretFile == null) {
            byte[] bytes = new byte[SecretStore.SECRET_BYTES];
            new SecureRandom().nextBytes(bytes);
            return bytes;
        }
        String text;
        try (InputStream file = Files.newInputStream(secretFile)) {
            text = new String(file.readNBytes(LONGEST_SECRET), StandardCharsets.ISO_8859_1);
            if (SecretFiles.isReadByAll(secretFile)) {
                spec.commandLine()
                        .getErr()
                        .println("sluice: warning: " + secretFile + " may be read by everybody: chmod o-r");
            }
        } catch (IOException e) {
            throw new ParameterException(
                    spec.commandLine(), "--secret-file: " + secretFile + " is no file that can be read");
        }
        try {
            return FixedSecret.parse(text, secretFile.toString())
                    .find(Period.at(Period.Length.NEVER, 0).name());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--secret-file: " + secretFile + ": " + e.getMessage());
        }
    }

    private static boolean isBlank(byte[] line, int length) {
        for (int i = 0; i < length; i++) {
            if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    private boolean print(LineScrubber scrubber, byte[] line, int length, long number, OutputStream to)
            throws IOException {
        byte[] scrubbed = scrubber.scrubEvent(line, length, NAMES);
        if (scrubbed == null) {
            String rejected = "{\"rejected\":\"malformed-json\",\"line\":" + number + ",\"offset\":"
                    + scrubber.faultOffset() + ",\"length\":" + length + "}\n";
            to.write(rejected.getBytes(StandardCharsets.US_ASCII));
            return false;
        }
        if (!explain) {
            to.write(scrubbed);
            to.write('\n');
        } else if (!Arrays.equals(scrubbed, 0, scrubbed.length, line, 0, length)) {
            explained(to, "- ", RED, line, length);
            explained(to, "+ ", GREEN, scrubbed, scrubbed.length);
        } else {
            explained(to, "  ", PLAIN, line, length);
        }
        return true;
    }

    private void explained(OutputStream to, String sign, String colour, byte[] line, int length) throws IOException {
        to.write((coloured ? colour + sign : sign).getBytes(StandardCharsets.US_ASCII));
        to.write(line, 0, length);
        to.write((coloured ? PLAIN + "\n" : "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static int read(InputStream in, byte[] line) throws IOException {
        return read(in, line, 0);
    }

    /** Bytes of the line that were read behind {@code from}; as many as there is room for if it goes on; or -1. */
    private static int read(InputStream in, byte[] line, int from) throws IOException {
        int at = from;
        while (at < line.length) {
            int b = in.read();
            if (b < 0) {
                return at == from && from == 0 ? -1 : at - from;
            }
            if (b == '\n') {
                return at - from;
            }
            line[at++] = (byte) b;
        }
        return at - from;
    }
}
