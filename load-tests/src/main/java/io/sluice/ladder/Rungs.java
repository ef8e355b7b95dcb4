package io.sluice.ladder;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Climbs: each rung starts its processes, measures, and ends them. One thread.
 *
 * <p>What is printed by the processes stays in the directory of the round; events and objects are deleted when the
 * oracle has found all of them.
 */
final class Rungs {

    /** As many as the headline has. */
    private static final int SHOPS = 3_000;

    /** Of each stream, as Firehose has it. */
    private static final String QUOTA = "5MiB";

    /** With 85 % of 5 MiB/s each, 107 MB/s: more than two processors pack, so that pacing holds nobody. */
    private static final String STREAMS = "sluice-events-{1..24}";

    private static final String STREAM = "sluice-events-1";
    private static final int BATCH_BLOCKS = 2;
    private static final int BLOCK_BYTES = 1_000_000;
    private static final int CONNECTIONS = 64;
    private static final int COMMIT_RATE = 1_000_000;
    private static final double START_SECONDS = 60;
    private static final int MOST_WARMUP_SECONDS = 60;

    /** What the load generator ends with at a SIGTERM; the report is there. */
    private static final int INTERRUPTED = 143;

    private static final double SLACK_SECONDS = 120;

    private static final Pattern STORED = Pattern.compile("\"total\": *\\{[^}]*\"bytesStored\": *(\\d+)");

    private final Plan plan;
    private final Path directory;
    private final int round;
    private final Figures figures;

    /**
     * What to measure.
     *
     * @param root of the project
     * @param gatewayClassPath what a gateway has in production, and nothing of the load tests
     * @param seconds measured
     * @param warmup seconds before that
     * @param zstd whether blocks are packed with zstd, else gzip
     * @param quick fewer iterations of the intake
     */
    record Plan(Path root, String gatewayClassPath, int seconds, int warmup, boolean zstd, boolean quick) {
        String encoding() {
            return zstd ? "zstd" : "gzip";
        }
    }

    /** @param directory of the round, which is there */
    Rungs(Plan plan, Path directory, int round, Figures figures) {
        this.plan = plan;
        this.directory = directory;
        this.round = round;
        this.figures = figures;
    }

    void climb() throws IOException, InterruptedException {
        say("bare: generator, and a server that only frames");
        bare();
        say("intake");
        intake();
        say("committer");
        committer();
        say("lab");
        int port = freePort();
        try (Child lab = startLab("lab", port, "none", List.of("--discard"))) {
            lab(port);
            say("SDK");
            sdk(port);
            lab.stop();
        }
        say("the whole way");
        whole();
    }

    private void bare() throws IOException, InterruptedException {
        try (Child server =
                child("bare-server", List.of("-XX:+UseSerialGC"), Map.of(), "io.sluice.ladder.BareServer", List.of())) {
            int port = Integer.parseInt(server.await(Pattern.compile("listening on (\\d+)"), START_SECONDS)
                    .group(1));
            try (Child load = startLoad("bare", port)) {
                double from = awaitWarm(load, server, "bare");
                CpuUse serverBefore = CpuUse.of(server.pid());
                CpuUse loadBefore = CpuUse.of(load.pid());
                double to = Warmth.awaitSecond(load, from + plan.seconds);
                CpuUse serverUsed = CpuUse.of(server.pid()).since(serverBefore);
                CpuUse loadUsed = CpuUse.of(load.pid()).since(loadBefore);
                LoadWindow.Acked acked = acked(load, "bare", from, to);
                figures.add("bare.rate", acked.rate());
                add("bare.generator", loadUsed.process(), acked);
                add("bare.server", serverUsed.process(), acked);
            }
        }
        delete(directory.resolve(runName("bare") + ".acks"));
    }

    private void intake() throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("-f", "1", "-p", "events=50"));
        arguments.addAll(List.of("-p", "encoding=" + plan.encoding().toUpperCase(Locale.ROOT)));
        if (plan.quick) {
            arguments.addAll(List.of("-wi", "2", "-i", "2", "-w", "1", "-r", "1"));
        }
        arguments.addAll(List.of("StageBench.copy", "EncodeBench", "IntakeBench.whole"));
        try (Child bench = child("intake", List.of(), Map.of(), "io.sluice.intake.IntakeBenchMain", arguments)) {
            List<String> printed = bench.end(10 * SLACK_SECONDS);
            for (String stage : List.of("copy", "encode", "library", "whole")) {
                figures.add("intake." + stage, ResultLine.value(printed, "intake-stage-" + stage));
            }
        }
    }

    private void committer() throws IOException, InterruptedException {
        Path data = directory.resolve("commit-data");
        List<String> options = List.of("-Xmx1g", "-Dorg.apache.logging.log4j.level=ERROR");
        List<String> arguments = List.of(
                data.toString(),
                Integer.toString(plan.seconds),
                "1",
                "^one-log,direct,synced,flush$",
                Integer.toString(COMMIT_RATE));
        try (Child bench = child("commit", options, Map.of(), "io.sluice.journal.CommitBench", arguments)) {
            List<String> printed = bench.end(plan.seconds * 2 + SLACK_SECONDS);
            figures.add("committer.rate", ResultLine.value(printed, "commit"));
            figures.add("committer", ResultLine.value(printed, "commit-committer"));
            figures.add(
                    "committer.kernel", Double.parseDouble(ResultLine.field(printed, "commit-committer", "kernel")));
        } finally {
            delete(data);
        }
    }

    /** @param quota of each stream; those that drive one alone need none */
    private Child startLab(String name, int port, String quota, List<String> further)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of(
                "--port",
                Integer.toString(port),
                "--dir",
                directory.resolve("lab-data").toString(),
                "--quota",
                quota,
                "--streams",
                // With zstd there are no manifests, which are always gzip, while a lab has one extension for all.
                STREAMS + "=events/,sluice-rejected=rejected/" + (plan.zstd ? "" : ",sluice-manifests=manifests/"),
                "--file-extension",
                plan.zstd ? ".jsonl.zst" : ".jsonl.gz"));
        arguments.addAll(further);
        // In place of AWS: with a collector that does not work beside it, on the processors of the rest.
        List<String> small = List.of("-XX:+UseSerialGC", "-Xms192m", "-Xmn96m", "-Xmx768m");
        Child lab = child(name, small, Map.of(), "io.sluice.lab.LabMain", arguments);
        lab.await(Pattern.compile("^  stop "), START_SECONDS);
        return lab;
    }

    private void lab(int port) throws IOException, InterruptedException {
        List<String> arguments = List.of(
                "drive",
                "--url",
                url(port),
                "--stream",
                STREAM,
                "--records",
                Integer.toString(BATCH_BLOCKS),
                "--bytes",
                Integer.toString(BLOCK_BYTES),
                "--seconds",
                Integer.toString(plan.seconds));
        try (Child drive = child("lab-drive", List.of(), Map.of(), "io.sluice.lab.LabMain", arguments)) {
            double megabytes = ResultLine.value(drive.end(plan.seconds + SLACK_SECONDS), "lab");
            figures.add("lab", 1e3 / megabytes);
        }
    }

    private void sdk(int port) throws IOException, InterruptedException {
        List<String> arguments = List.of(
                url(port),
                STREAM,
                Integer.toString(BATCH_BLOCKS),
                Integer.toString(BLOCK_BYTES),
                Integer.toString(plan.warmup),
                Integer.toString(plan.seconds));
        Map<String, String> settings = Map.of("AWS_ACCESS_KEY_ID", "lab", "AWS_SECRET_ACCESS_KEY", "lab");
        try (Child drive = child("sdk", tuned(), settings, "io.sluice.ladder.SdkDrive", arguments)) {
            List<String> printed = drive.end(plan.warmup + 2 * plan.seconds + SLACK_SECONDS);
            for (String figure : List.of("caller", "loops", "gc", "allocated", "rate", "sha256", "base64")) {
                figures.add("sdk." + figure, ResultLine.value(printed, "sdk-" + figure));
            }
        }
    }

    /** What is read at the begin of the window and at its end. */
    private record Look(CpuUse gateway, CpuUse lab, CpuUse load, CpuTime kernel, MachineUse machine, double stored) {}

    private void whole() throws IOException, InterruptedException {
        int labPort = freePort();
        Path data = directory.resolve("gateway-data");
        writeShops();
        try (Child lab = startLab("whole-lab", labPort, QUOTA, List.of());
                Child gateway = startGateway(data, labPort)) {
            int port = Integer.parseInt(gateway.await(Pattern.compile("takes beacons on .*:(\\d+)$"), START_SECONDS)
                    .group(1));
            try (Child load = startLoad("whole", port)) {
                double from = awaitWarm(load, gateway, "whole");
                Look before = look(gateway, lab, load, labPort);
                double to = Warmth.awaitSecond(load, from + plan.seconds);
                Look after = look(gateway, lab, load, labPort);
                LoadWindow.Acked acked = acked(load, "whole", from, to);
                gateway.stop();
                double packed = stored(labPort) / Double.parseDouble(ResultLine.field(load.printed(), "load", "acked"));
                lab.stop();
                figures.add("whole.packed", packed);
                figures.add("whole.delivered", (after.stored - before.stored) / (packed * acked.events()));
                figures.add("whole.rate", acked.rate());
                addWhole(before, after, acked);
            }
        }
        judge();
        delete(directory.resolve(runName("whole") + ".acks"));
        delete(directory.resolve("lab-data"));
        delete(data);
    }

    private Child startGateway(Path data, int labPort) throws IOException {
        // Read by name in production too; any pair will do for the lab.
        Map<String, String> settings = new HashMap<>();
        settings.put("SLUICE_SHOPS_FILE", shopsFile());
        settings.put("SLUICE_GROUPS_0_ENCODING", plan.encoding());
        settings.put("SLUICE_GROUPS_1_ENCODING", plan.encoding());
        settings.put("SLUICE_GROUPS_0_STREAMS", STREAMS);
        settings.put("SLUICE_GROUPS_0_QUOTA", QUOTA);
        settings.put("SLUICE_DELIVERY_MANIFESTS_SEND", plan.zstd ? "off" : "on");
        settings.put("AWS_ACCESS_KEY_ID", "lab");
        settings.put("AWS_SECRET_ACCESS_KEY", "lab");
        List<String> arguments = List.of(
                "serve",
                "--port",
                "0",
                "--admin-port",
                "0",
                "--data",
                data.toString(),
                "--destination",
                "firehose",
                "--region",
                "us-east-1",
                "--endpoint",
                url(labPort));
        return Child.java(
                plan.root,
                directory,
                "whole-gateway",
                plan.gatewayClassPath,
                tuned(),
                settings,
                "io.sluice.bootstrap.Main",
                arguments);
    }

    /** The file with all shops that the load is for. */
    private void writeShops() throws IOException, InterruptedException {
        List<String> arguments = List.of("--write-shops", shopsFile(), "--shops", Integer.toString(SHOPS));
        try (Child shops = child("shops", List.of(), Map.of(), "io.sluice.load.Main", arguments)) {
            shops.end(START_SECONDS);
        }
    }

    private String shopsFile() {
        return directory.resolve("shops.yaml").toString();
    }

    private Look look(Child gateway, Child lab, Child load, int labPort) throws IOException, InterruptedException {
        return new Look(
                CpuUse.of(gateway.pid()),
                CpuUse.of(lab.pid()),
                CpuUse.of(load.pid()),
                CpuUse.kernelThreads(),
                MachineUse.now(),
                stored(labPort));
    }

    private void addWhole(Look before, Look after, LoadWindow.Acked acked) throws IOException {
        CpuUse gateway = after.gateway.since(before.gateway);
        CpuTime lab = after.lab.since(before.lab).process();
        CpuTime load = after.load.since(before.load).process();
        for (Role role : Role.values()) {
            add("whole." + role.figure(), gateway.of(role), acked);
        }
        add("whole.gateway", gateway.process(), acked);
        add("whole.lab", lab, acked);
        add("whole.generator", load, acked);
        MachineUse machine = after.machine.since(before.machine);
        CpuTime kernel = after.kernel.minus(before.kernel);
        add("whole.kernel", kernel, acked);
        long ours = gateway.process().total() + lab.total() + load.total() + kernel.total();
        double all = machine.busy() + machine.idle() + machine.stolen();
        figures.add("whole.others", Math.max(0, machine.busy() - ours) / all);
        figures.add("whole.idle", machine.idle() / all);
        figures.add("whole.stolen", machine.stolen() / all);
        Files.writeString(
                directory.resolve("whole-threads.txt"),
                "gateway\n" + gateway + "\nlab\n" + after.lab.since(before.lab) + "\nload generator\n"
                        + after.load.since(before.load));
    }

    /** Throws unless everything acknowledged was delivered, and nothing else. */
    private void judge() throws IOException, InterruptedException {
        List<String> arguments = List.of(
                "--acks",
                directory.resolve(runName("whole") + ".acks").toString(),
                directory.resolve("lab-data").toString());
        try (Child oracle =
                child("oracle", List.of("-Xmx1g", "-XX:+UseSerialGC"), Map.of(), "io.sluice.oracle.Main", arguments)) {
            List<String> printed = oracle.end(10 * SLACK_SECONDS);
            if (!ResultLine.field(printed, "oracle", "lost").equals("0")) {
                throw new IOException("events were lost; see " + directory);
            }
            figures.add("whole.duplicates", Double.parseDouble(ResultLine.field(printed, "oracle", "duplicates")));
        }
    }

    private Child startLoad(String run, int port) throws IOException {
        List<String> arguments = List.of(
                "--url",
                url(port),
                "--flat-out",
                "--connections",
                Integer.toString(CONNECTIONS),
                "--shops",
                Integer.toString(SHOPS),
                // Longer than it ever takes: it is told when to end.
                "--duration",
                plan.warmup + MOST_WARMUP_SECONDS + 10 * plan.seconds + "s",
                "--run",
                runName(run),
                "--out",
                directory.toString());
        List<String> options = List.of("-XX:+UseSerialGC", "-Xms64m", "-Xmx768m", "-XX:MaxDirectMemorySize=512m");
        return child(run + "-load", options, Map.of(), "io.sluice.load.Main", arguments);
    }

    /** A run has 8 letters. */
    private static String runName(String run) {
        return (run + "00000000").substring(0, 8);
    }

    private double awaitWarm(Child load, Child server, String rung) throws IOException, InterruptedException {
        double second = Warmth.await(load, server.pid(), plan.warmup, plan.warmup + MOST_WARMUP_SECONDS);
        figures.add(rung + ".warmup", second);
        return second;
    }

    private LoadWindow.Acked acked(Child load, String run, double from, double to)
            throws IOException, InterruptedException {
        load.stop();
        load.end(SLACK_SECONDS, INTERRUPTED);
        return LoadWindow.acked(Files.readString(directory.resolve(runName(run) + ".json")), from, to);
    }

    private void add(String name, CpuTime time, LoadWindow.Acked acked) {
        figures.add(name, time.total() / acked.events());
        figures.add(name + ".kernel", time.kernel() / acked.events());
    }

    /** Payload that the lab has taken up to now. */
    private static double stored(int labPort) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI counters = URI.create(url(labPort) + "/lab/counters");
            String json = client.send(HttpRequest.newBuilder(counters).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            Matcher matcher = STORED.matcher(json);
            if (!matcher.find()) {
                throw new IOException("no bytesStored in total in the counters of the lab");
            }
            return Double.parseDouble(matcher.group(1));
        }
    }

    private List<String> tuned() {
        return List.of("@" + plan.root.resolve("config/jvm.options"));
    }

    private Child child(
            String name, List<String> options, Map<String, String> settings, String main, List<String> arguments)
            throws IOException {
        return Child.java(plan.root, directory, name, options, settings, main, arguments);
    }

    private void say(String what) {
        System.err.println("round " + round + ": " + what);
    }

    private static String url(int port) {
        return "http://127.0.0.1:" + port;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void delete(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
