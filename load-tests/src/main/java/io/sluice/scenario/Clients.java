package io.sluice.scenario;

import io.sluice.aws.Client;
import io.sluice.ladder.Figures;
import io.sluice.ladder.MachineUse;
import io.sluice.ladder.ResultLine;
import java.util.List;
import java.util.Locale;

/** What came of the race of clients, as tables and as lines for scripts; medians of the rounds. Stateless. */
final class Clients {

    private static final int LARGE = 1_000_000;
    private static final int SMALL = 2_000;

    /** Bytes of the one block of a call. */
    static final List<Integer> SIZES = List.of(LARGE, SMALL);

    private static final List<String> THREADS = List.of("caller", "loops", "gc", "other");
    private static final String SUM = "sum";

    private Clients() {}

    /** Adds what {@code SdkDrive} printed. */
    static void add(Figures figures, Client client, int bytes, List<String> printed) {
        double sum = 0;
        for (String threads : THREADS) {
            double nanos = ResultLine.value(printed, "sdk-" + threads);
            figures.add(name(client, bytes, threads), nanos);
            sum += nanos;
        }
        figures.add(name(client, bytes, SUM), sum);
        for (String figure : List.of("allocated", "rate")) {
            figures.add(name(client, bytes, figure), ResultLine.value(printed, "sdk-" + figure));
        }
        if (client == Client.OURS && bytes == LARGE) {
            figures.add(
                    "needed",
                    ResultLine.value(printed, "sdk-sha256") * 4 / 3 + ResultLine.value(printed, "sdk-base64"));
        }
    }

    /** @param ours nanoseconds of ours but for the client's process, which tells its own */
    static void addOthers(Figures figures, MachineUse machine, long ours, List<String> printed) {
        double others = machine.busy() - ours - ResultLine.value(printed, "sdk-process") * 1e9;
        figures.add("others", Math.max(0, others) / (machine.busy() + machine.idle() + machine.stolen()));
    }

    private static String name(Client client, int bytes, String figure) {
        return client.label() + '.' + bytes + '.' + figure;
    }

    static String table(Figures figures) {
        StringBuilder text = new StringBuilder();
        for (int bytes : SIZES) {
            boolean large = bytes == LARGE;
            // Of a nanosecond a byte.
            double unit = large ? 1 : bytes / 1e3;
            text.append(large ? "| calls of one block of 1 MB, CPU ns a byte |" : "\n| calls of 2 kB, CPU us a call |")
                    .append(" caller | client's loops | collector | other threads | sum | allocated, ")
                    .append(large ? "B a byte | MB/s |\n" : "kB a call | calls/s |\n")
                    .append("|---|")
                    .append("---:|".repeat(THREADS.size() + 3))
                    .append('\n');
            for (Client client : Client.values()) {
                String bold = client == Client.OURS ? "**" : "";
                text.append("| ")
                        .append(bold)
                        .append(client.about())
                        .append(bold)
                        .append(" |");
                for (String threads : THREADS) {
                    cell(text, figures.of(name(client, bytes, threads)) * unit, large);
                }
                cell(text, figures.of(name(client, bytes, SUM)) * unit, large);
                cell(text, figures.of(name(client, bytes, "allocated")) * unit, true);
                double rate = figures.of(name(client, bytes, "rate"));
                text.append(String.format(Locale.ROOT, " %,.0f |%n", large ? rate : rate * 1e6 / bytes));
            }
        }
        return text
                + String.format(
                        Locale.ROOT,
                        "%nSHA-256 of a body of base64, and base64, alone: %.2f ns a byte of the block.%n",
                        figures.of("needed"));
    }

    private static void cell(StringBuilder text, double value, boolean fine) {
        text.append(String.format(Locale.ROOT, fine ? " %,.2f |" : " %,.0f |", value));
    }

    static String results(Figures figures) {
        StringBuilder text = new StringBuilder();
        for (int bytes : SIZES) {
            for (Client client : Client.values()) {
                text.append(String.format(
                        Locale.ROOT,
                        "RESULT name=clients-%s-%d value=%.3f unit=ns/B us_a_call=%.1f",
                        client.label(),
                        bytes,
                        figures.of(name(client, bytes, SUM)),
                        figures.of(name(client, bytes, SUM)) * bytes / 1e3));
                for (String figure : List.of("caller", "loops", "gc", "other", "allocated")) {
                    text.append(
                            String.format(Locale.ROOT, " %s=%.3f", figure, figures.of(name(client, bytes, figure))));
                }
                text.append(String.format(Locale.ROOT, " mb_s=%.1f%n", figures.of(name(client, bytes, "rate"))));
            }
        }
        return text.toString();
    }
}
