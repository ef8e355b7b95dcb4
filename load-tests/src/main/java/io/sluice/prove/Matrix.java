package io.sluice.prove;

import io.sluice.journal.TornTail;
import io.sluice.prove.Row.Duplicates;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** All rows, as plain code. Stateless. */
final class Matrix {

    private static final long MOST_SECONDS_A_KILL = 8;

    /** After so many kills, one life is long enough to deliver all that the dead have left. */
    private static final int KILLS_TO_CATCH_UP = 10;

    private static final Pattern RESENT = Pattern.compile("(?m)^resent blocks=(\\d+) ");

    private Matrix() {}

    static List<Row> rows() {
        return List.of(
                new Row(
                        "kill",
                        "kill -9",
                        "The gateway is killed at random instants, while it starts, too, and started again.",
                        Duplicates.UNDER_WAY,
                        Matrix::kill),
                new Row(
                        "power",
                        "power loss",
                        "The journal on a simulated disk that forgets what was not synced: random histories, a loss of"
                                + " power at each call to the disk of each of them.",
                        Duplicates.UNDER_WAY,
                        PowerRow::play),
                new Row(
                        "stop-gateway",
                        "gateway stopped",
                        "SIGSTOP to the gateway, SIGCONT later.",
                        Duplicates.COUNTED,
                        Matrix::stopGateway),
                new Row(
                        "stop-firehose",
                        "Firehose stopped",
                        "SIGSTOP to the lab, longer than a call may take, and SIGCONT later.",
                        Duplicates.COUNTED,
                        Matrix::stopFirehose),
                new Row(
                        "outage",
                        "Firehose away",
                        "The lab is ended, so that connections are refused, and started again.",
                        Duplicates.COUNTED,
                        Matrix::outage),
                lab("throttle", "90 % throttled", "Nine calls in ten are refused: \"Slow down.\"", """
                        "fault": "throttle", "rate": 0.9"""),
                lab("partial", "30 % fail in part", "Three records in ten fail by themselves.", """
                        "fault": "partial", "rate": 0.3"""),
                lab(
                        "reset",
                        "connections reset",
                        "Three calls in ten are reset before they are stored, three in ten of the others behind it.",
                        """
                        "fault": "reset", "rate": 0.3, "when": "before\"""",
                        """
                        "fault": "reset", "rate": 0.3, "when": "after\""""),
                lab("latency", "latency of 5 s", "Every call is answered 5 s later.", """
                        "fault": "latency", "delay": "5s\""""),
                new Row(
                        "disk-full",
                        "disk full",
                        "Every write and every new file fails with ENOSPC, while Firehose takes nothing; when the disk"
                                + " works again the gateway is killed, so that the disk alone knows what was"
                                + " acknowledged.",
                        Duplicates.UNDER_WAY,
                        stage -> disk(stage, "write enospc", "create enospc")),
                new Row(
                        "sync-error",
                        "sync errors",
                        "Every fdatasync fails with EIO, and what was written since the last good one is lost, while"
                                + " Firehose takes nothing; when the disk works again the gateway is killed, so that the"
                                + " disk alone knows what was acknowledged.",
                        Duplicates.UNDER_WAY,
                        stage -> disk(stage, "sync eio")),
                new Row(
                        "torn-tail",
                        "corrupted tail",
                        "The gateway is killed, and half a frame and random bytes are written behind the last whole"
                                + " frame of its journal, where an unfinished write would lie.",
                        Duplicates.UNDER_WAY,
                        Matrix::tornTail),
                new Row(
                        "s3-refused",
                        "S3 refused for too long",
                        "Firehose takes everything and loses it, since S3 refuses it beyond its retention; then what"
                                + " the journal still keeps of that time is replayed.",
                        Duplicates.REPLAYED,
                        Matrix::refused),
                new Row(
                        "rolling",
                        "rolling deploy",
                        "Two gateways on one root are stopped and started in turn, with too little time to deliver;"
                                + " clients send again what was not answered.",
                        Duplicates.UNDER_WAY,
                        Matrix::rolling));
    }

    private static Row lab(String name, String title, String about, String... rules) {
        return new Row(name, title, about, Duplicates.COUNTED, stage -> {
            stage.start();
            stage.faultBegins();
            stage.lab().faults(rules);
            stage.faultLasts();
            stage.lab().noFaults();
            stage.faultEnds();
            String fault = rules[0].split("\"")[3];
            stage.struck("times " + fault, stage.lab().counter(fault));
            stage.recover();
            stage.finish();
        });
    }

    private static void kill(Stage stage) throws IOException, InterruptedException {
        stage.takes(MOST_SECONDS_A_KILL * stage.plan().kills());
        GatewayProcess gateway = stage.start();
        int kills = 0;
        int starting = 0;
        int delivering = 0;
        while (kills < stage.plan().kills()) {
            if (kills % KILLS_TO_CATCH_UP == KILLS_TO_CATCH_UP - 1) {
                // Else the journals of dead gateways become ever more, and every start is one that adopts.
                stage.awaitNoBacklog();
            } else if (stage.random().nextInt(3) == 0) {
                // With marks half written, and calls under way.
                stage.awaitDelivery(gateway);
                delivering++;
            }
            stage.sleep(0.7 * stage.random().nextDouble());
            stage.faultBegins();
            gateway.kill();
            kills++;
            gateway.launch();
            if (kills < stage.plan().kills() && stage.random().nextInt(4) == 0) {
                // Within its start: in adoption, in the first delivery of what others left, or just before it listens.
                stage.sleep(1.2 * stage.random().nextDouble());
                gateway.kill();
                kills++;
                starting++;
                gateway.launch();
            }
            gateway.awaitReady();
            stage.awaitAck();
            stage.faultEnds();
        }
        stage.note("kills " + kills + ", of which while it started " + starting + ", while it delivered " + delivering);
        stage.recover();
        stage.finish();
    }

    private static void stopGateway(Stage stage) throws IOException, InterruptedException {
        GatewayProcess gateway = stage.start();
        stage.faultBegins();
        gateway.pause();
        stage.faultLasts();
        gateway.resume();
        stage.faultEnds();
        stage.recover();
        stage.finish();
        stage.struck("seconds without an ack", stage.stall().toSeconds());
    }

    private static void stopFirehose(Stage stage) throws IOException, InterruptedException {
        stage.startLab();
        GatewayProcess gateway = stage.gateway("gateway", null);
        gateway.set("delivery.firehose.timeout", "1s");
        gateway.start();
        stage.load(false, 0);
        stage.faultBegins();
        stage.lab().pause();
        stage.faultLasts();
        stage.lab().resume();
        stage.faultEnds();
        stage.recover();
        stage.struck("blocks of unknown outcome", (long)
                GatewayProcess.metric(gateway.metrics(), "sluice_firehose_unknown_total"));
        stage.finish();
    }

    private static void outage(Stage stage) throws IOException, InterruptedException {
        GatewayProcess gateway = stage.start();
        stage.faultBegins();
        stage.lab().stop();
        stage.faultLasts();
        stage.lab().start();
        stage.faultEnds();
        stage.recover();
        stage.struck(
                "calls failed", (long) GatewayProcess.metric(gateway.metrics(), "sluice_firehose_calls_failed_total"));
        stage.finish();
    }

    private static void disk(Stage stage, String... faults) throws IOException, InterruptedException {
        stage.startLab();
        GatewayProcess gateway = stage.gateway("gateway", stage.file("disk"));
        gateway.start();
        stage.load(false, 0);
        stage.faultBegins();
        // Else delivery would take from memory, and nobody would miss what is not on the disk.
        stage.lab().faults("\"fault\": \"throttle\", \"rate\": 1");
        gateway.disk(faults);
        stage.faultLasts();
        gateway.disk();
        stage.faultEnds();
        // By itself, and although nothing is delivered yet.
        stage.recoverAcks();
        stage.faultBegins();
        gateway.kill();
        stage.lab().noFaults();
        gateway.start();
        stage.faultEnds();
        stage.recover();
        stage.struck("calls to the disk failed", gateway.diskFailures());
        stage.finish();
    }

    private static void tornTail(Stage stage) throws IOException, InterruptedException {
        GatewayProcess gateway = stage.start();
        int rounds = (int) Math.clamp(stage.plan().seconds() / 3, 2, 20);
        long torn = 0;
        for (int i = 0; i < rounds; i++) {
            stage.sleep(0.3 + stage.random().nextDouble());
            stage.faultBegins();
            gateway.kill();
            torn += TornTail.tear(gateway.journal(), stage.random());
            gateway.start();
            stage.awaitAck();
            stage.faultEnds();
        }
        stage.struck("tails torn", torn);
        stage.recover();
        stage.finish();
    }

    private static void refused(Stage stage) throws IOException, InterruptedException {
        GatewayProcess gateway = stage.start("--retention", "2s");
        Instant from = Instant.now();
        stage.faultBegins();
        stage.lab().faults("\"fault\": \"s3-refused\"");
        stage.sleep(Math.max(6, stage.plan().seconds()));
        stage.lab().noFaults();
        stage.faultEnds();
        Instant to = Instant.now();
        stage.recover();
        stage.struck("blocks lost by Firehose", stage.lab().counter("recordsLost"));
        // As an operator would: the gateway goes on meanwhile.
        String said = gateway.run(List.of(
                "replay", "--journal", gateway.journal().toString(), "--from", from.toString(), "--to", to.toString()));
        Matcher resent = RESENT.matcher(said);
        if (!resent.find()) {
            throw new IOException("the replay does not say what it has resent\n" + said);
        }
        stage.replayed(Long.parseLong(resent.group(1)));
        stage.note("blocks replayed " + resent.group(1));
        stage.repaired();
        stage.finish();
    }

    private static void rolling(Stage stage) throws IOException, InterruptedException {
        stage.startLab();
        List<GatewayProcess> both = List.of(stage.gateway("first", null), stage.gateway("second", null));
        for (GatewayProcess gateway : both) {
            // What is left, the next one adopts.
            gateway.set("delivery.drain-timeout", "100ms");
            gateway.start();
        }
        stage.load(true, 100);
        int restarts = 0;
        stage.faultBegins();
        int rounds = (int) Math.clamp(stage.plan().seconds() / 2, 2, 10);
        for (int i = 0; i < rounds; i++) {
            for (GatewayProcess gateway : both) {
                gateway.stop();
                gateway.start();
                restarts++;
                stage.sleep(0.5);
            }
        }
        stage.faultEnds();
        stage.struck("restarts", restarts);
        stage.recover();
        stage.stopLoad();
        for (GatewayProcess gateway : both) {
            gateway.stop();
        }
        // The last one that starts finds what the two have left, and has time.
        both.getFirst().set("delivery.drain-timeout", "20s");
        both.getFirst().start();
        stage.finish();
    }
}
