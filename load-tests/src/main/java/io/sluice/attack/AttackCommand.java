package io.sluice.attack;

import com.sun.management.UnixOperatingSystemMXBean;
import io.sluice.process.Machine;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the attacks. */
@Command(
        name = "attack",
        header = "Attack a gateway on this machine in every way that is known, while good clients go on.",
        sortOptions = false,
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:every attack was survived",
            "1:good clients starved, memory passed its bound, or the gateway ended; its log is kept",
            "2:the command line is wrong"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  scripts/attack                              all, 8 s each, about 12 minutes",
            "  scripts/attack --seconds 3                  a short run",
            "  scripts/attack --only rapid-reset,slowloris these only",
            "  scripts/attack --report docs                writes docs/ATTACKS.md"
        })
final class AttackCommand implements Callable<Integer> {

    static final int FAILED = 1;

    /** Each takes some 15 s beside: start, warming, peace before and behind. All shall take less than 12 minutes. */
    private static final int SECONDS = 8;

    private static final int IDLE = 20_000;
    /** Files that this process and the gateway need beside connections. */
    private static final int OTHER_FILES = 1_000;

    private static final int GOOD_CLIENTS = 24;

    /** An attack that only the host may have made fail. */
    static final int MOST_AGAIN = 2;

    /** Without load, so that the host gives back what it took. */
    private static final int REST_SECONDS = 30;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "" + SECONDS,
            description = "How long each attack goes on. Default: ${DEFAULT-VALUE}")
    private double seconds;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "500",
            description = "Good requests a second. Default: ${DEFAULT-VALUE}")
    private double rate;

    @Option(names = "--only", paramLabel = "NAME", split = ",", description = "These only; --list names them.")
    private List<String> only = List.of();

    @Option(names = "--list", description = "Print the attacks and do nothing.")
    private boolean list;

    @Option(
            names = "--report",
            paramLabel = "DIR",
            defaultValue = "target/attack",
            description = "Where ATTACKS.md goes. Default: ${DEFAULT-VALUE}")
    private Path report;

    @Option(
            names = "--work",
            paramLabel = "DIR",
            defaultValue = "target/attack",
            description = "Where gateways work; the logs stay there. Default: ${DEFAULT-VALUE}")
    private Path work;

    @Option(names = "--root", hidden = true, defaultValue = ".")
    private Path root;

    @Option(names = "--class-path", hidden = true, description = "Of the gateways. Default: that of this process")
    private String classPath;

    @Option(names = "--aot", hidden = true, description = "The AOT cache of the gateways; without one, they have none.")
    private Path aot;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        List<Attack> attacks = attacks();
        if (list) {
            attacks.forEach(attack -> out.printf("%-19s %s%n", attack.name(), attack.about()));
            out.flush();
            return 0;
        }
        if (seconds <= 0 || rate <= 0) {
            throw new ParameterException(spec.commandLine(), "--seconds and --rate are more than 0");
        }
        Files.createDirectories(work);
        Files.createDirectories(report);
        Machine machine = Machine.here(work);
        Instant began = Instant.now();
        out.println(attacks.size() + " attacks of " + seconds + " s on " + machine.text());
        out.println(Report.header());
        out.flush();
        Installed installed =
                classPath == null ? Installed.here() : Installed.at(root.toAbsolutePath(), classPath, aot);
        List<Outcome> outcomes = new ArrayList<>();
        for (Attack attack : attacks) {
            Battle battle = new Battle(installed, attack, rate, GOOD_CLIENTS, Battle.Rhythm.of(seconds));
            Outcome outcome = fight(battle, attack, out);
            for (int again = 0; again < MOST_AGAIN && outcome.isDoubtful(); again++) {
                out.println("again in " + REST_SECONDS + " s, since that may be the host's doing");
                out.flush();
                TimeUnit.SECONDS.sleep(REST_SECONDS);
                outcome = fight(battle, attack, out).behind(outcome);
            }
            outcomes.add(outcome);
        }
        String command = "scripts/attack" + (seconds == SECONDS ? "" : " --seconds " + seconds);
        Path written = report.resolve("ATTACKS.md");
        Files.writeString(written, Report.markdown(outcomes, command, aot != null, rate, began, machine));
        long failed = outcomes.stream().filter(outcome -> !outcome.held()).count();
        out.printf(
                "%d of %d attacks did no harm, in %d s; %s%n",
                outcomes.size() - failed,
                outcomes.size(),
                TimeUnit.MILLISECONDS.toSeconds(Instant.now().toEpochMilli() - began.toEpochMilli()),
                written);
        out.flush();
        return failed == 0 ? 0 : FAILED;
    }

    private Outcome fight(Battle battle, Attack attack, PrintWriter out) throws Exception {
        out.print(Report.name(attack));
        out.flush();
        Outcome outcome = battle.fight(work.resolve(attack.name()));
        out.println(Report.line(outcome));
        out.flush();
        return outcome;
    }

    private List<Attack> attacks() throws IOException {
        List<Attack> all = new ArrayList<>(ConnectionAttacks.all(Math.min(IDLE, files() - OTHER_FILES)));
        all.addAll(Http2Attacks.all());
        all.addAll(BodyAttacks.all());
        List<String> names = all.stream().map(Attack::name).toList();
        for (String name : only) {
            if (!names.contains(name)) {
                throw new ParameterException(
                        spec.commandLine(), name + " is no attack; there are " + String.join(", ", names));
            }
        }
        return only.isEmpty()
                ? all
                : all.stream().filter(attack -> only.contains(attack.name())).toList();
    }

    /** How many files a process may have open here. */
    private static int files() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? (int) Math.min(system.getMaxFileDescriptorCount(), Integer.MAX_VALUE)
                : OTHER_FILES + 1_000;
    }
}
