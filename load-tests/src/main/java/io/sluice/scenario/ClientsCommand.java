package io.sluice.scenario;

import io.sluice.aws.Client;
import io.sluice.ladder.Child;
import io.sluice.ladder.CpuUse;
import io.sluice.ladder.Figures;
import io.sluice.ladder.MachineUse;
import io.sluice.ladder.ResultLine;
import io.sluice.process.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The race of Firehose clients: who calls with the least. */
@Command(
        name = "clients",
        header = "Firehose by the gateway's client, and by what could be in its place.",
        description = {
            "",
            "The SDK's module over Netty and over aws-crt, our body over aws-crt and over Netty alone. Each in a JVM of "
                    + "its own with production's options, in turn, to one lab that throws objects away: calls of "
                    + "one block of 1 MB, and of 2 kB. CPU of the caller, the client's loops and the collector. "
                    + "Without options three rounds of 5 seconds behind 5 to warm up, six minutes."
        },
        sortOptions = false)
final class ClientsCommand implements Callable<Integer> {

    private static final String STREAM = "sluice-events";
    private static final int ROUNDS = 3;
    private static final int SECONDS = 5;
    private static final int WARMUP = 5;
    private static final double START_SECONDS = 60;
    private static final double SLACK_SECONDS = 180;

    @Spec
    private CommandSpec spec;

    @Mixin
    private Options options;

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.begin(spec);
        int rounds = spec.commandLine().getParseResult().hasMatchedOption("--rounds") || options.quick()
                ? options.rounds()
                : ROUNDS;
        int seconds = options.seconds(SECONDS);
        int warmup = options.warmup(WARMUP);
        Path results = options.results("clients");
        Figures figures = new Figures();
        int port = Http.freePort();
        try (Child lab = lab(options.processes(results), results, port)) {
            for (int round = 1; round <= rounds; round++) {
                Path directory = Files.createDirectories(results.resolve("round-" + round));
                // Whoever is first has the machine as it was left.
                List<Client> order = new ArrayList<>(List.of(Client.values()));
                Collections.rotate(order, 1 - round);
                for (int bytes : Clients.SIZES) {
                    for (Client client : order) {
                        System.err.printf("round %d of %d: %s, %,d B a call%n", round, rounds, client.about(), bytes);
                        MachineUse machine = MachineUse.now();
                        long ours = ours(lab);
                        List<String> printed = drive(directory, client, bytes, port, warmup, seconds);
                        Clients.add(figures, client, bytes, printed);
                        Clients.addOthers(figures, MachineUse.now().since(machine), ours(lab) - ours, printed);
                    }
                }
            }
            lab.stop();
        }
        Files.writeString(results.resolve("figures.txt"), figures.toString());
        String command = "    scripts/bench clients"
                + (options.quick()
                        ? " --quick"
                        : " --rounds " + rounds + " --seconds " + seconds + " --warmup " + warmup);
        String report = command + "\n\n" + options.machine() + "\n\n" + Report.provisional(List.of(figures))
                + Clients.table(figures);
        options.end("clients", results, report, Clients.results(figures));
        return 0;
    }

    /** Processor time of the lab and of this process. */
    private static long ours(Child lab) throws IOException {
        return CpuUse.of(lab.pid()).process().total()
                + CpuUse.of(ProcessHandle.current().pid()).process().total();
    }

    private static Child lab(Processes processes, Path results, int port) throws IOException, InterruptedException {
        Child lab = processes.lab(List.of(
                "--port",
                Integer.toString(port),
                "--dir",
                results.resolve("lab-data").toString(),
                "--streams",
                STREAM + "=events/",
                "--quota",
                "none",
                "--discard"));
        lab.await(Pattern.compile("^  stop "), START_SECONDS);
        return lab;
    }

    private List<String> drive(Path directory, Client client, int bytes, int port, int warmup, int seconds)
            throws IOException, InterruptedException {
        List<String> jvm = List.of("@" + options.root().resolve("config/jvm.options"));
        Map<String, String> credentials = Map.of("AWS_ACCESS_KEY_ID", "lab", "AWS_SECRET_ACCESS_KEY", "lab");
        List<String> arguments = List.of(
                Processes.url(port),
                STREAM,
                "1",
                Integer.toString(bytes),
                Integer.toString(warmup),
                Integer.toString(seconds),
                client.label());
        String name = client.label() + '-' + bytes;
        try (Child drive =
                options.processes(directory).child(name, jvm, credentials, "io.sluice.ladder.SdkDrive", arguments)) {
            List<String> printed = drive.end(warmup + 2 * seconds + SLACK_SECONDS);
            // Fails with the name of the file if it said nothing.
            ResultLine.value(printed, "sdk-caller");
            return printed;
        }
    }
}
