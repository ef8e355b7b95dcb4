package io.sluice.lab;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures a lab: the same PutRecordBatch, made once, again and again over a few connections. */
@Command(
        name = "drive",
        header = "Send one batch again and again to a running lab, and say how fast it is.",
        description = {
            "",
            "To be used with a lab that was started with --quota none --discard. Prints payload a second, and payload "
                    + "a second of the lab's CPU time, which is what one core can do."
        },
        optionListHeading = "%nOptions:%n")
final class DriveCommand implements Callable<Integer> {

    private static final double MB = 1e6;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    private boolean help;

    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:4573",
            description = {"Where the lab is. Default: ${DEFAULT-VALUE}"})
    private URI url;

    @Option(
            names = "--stream",
            paramLabel = "NAME",
            defaultValue = "sluice-events",
            description = {"Default: ${DEFAULT-VALUE}"})
    private String stream;

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "4",
            description = "In a batch. Default: ${DEFAULT-VALUE}")
    private int records;

    @Option(
            names = "--bytes",
            paramLabel = "N",
            defaultValue = "1000000",
            description = {"In a record. Default: ${DEFAULT-VALUE}"})
    private int bytes;

    @Option(names = "--connections", paramLabel = "N", defaultValue = "2", description = "Default: ${DEFAULT-VALUE}")
    private int connections;

    @Option(names = "--seconds", paramLabel = "N", defaultValue = "10", description = "Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Override
    public Integer call() throws Exception {
        byte[] request = request();
        // The first seconds are the JVM's, not the lab's.
        run(request, Math.min(3, seconds));
        double cpuBefore = cpuSeconds();
        long begin = System.nanoTime();
        long batches = run(request, seconds);
        double elapsed = (System.nanoTime() - begin) / 1e9;
        double cpu = cpuSeconds() - cpuBefore;
        double megabytes = batches * (double) records * bytes / MB;
        System.out.printf(
                Locale.ROOT,
                "%d batches of %d x %d B in %.1f s: %.0f MB/s of payload; the lab used %.2f cores: %.0f MB/s a core%n",
                batches,
                records,
                bytes,
                elapsed,
                megabytes / elapsed,
                cpu / elapsed,
                megabytes / cpu);
        System.out.printf(Locale.ROOT, "RESULT name=lab value=%.1f unit=MB/s/core%n", megabytes / cpu);
        return 0;
    }

    private byte[] request() throws IOException {
        byte[] data = new byte[bytes];
        new SplittableRandom(1).nextBytes(data);
        String record = "{\"Data\":\"" + Base64.getEncoder().encodeToString(data) + "\"}";
        StringBuilder body = new StringBuilder("{\"DeliveryStreamName\":\"" + stream + "\",\"Records\":[");
        for (int i = 0; i < records; i++) {
            body.append(i == 0 ? "" : ",").append(record);
        }
        body.append("]}");
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        request.write(("POST / HTTP/1.1\r\nhost: lab\r\nx-amz-target: Firehose_20150804.PutRecordBatch\r\n"
                        + "content-type: application/x-amz-json-1.1\r\nauthorization: AWS4-HMAC-SHA256 none\r\n"
                        + "content-length: " + body.length() + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.write(body.toString().getBytes(StandardCharsets.US_ASCII));
        return request.toByteArray();
    }

    private long run(byte[] request, int forSeconds) throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + forSeconds * 1_000_000_000L;
        List<Future<Long>> counts = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            for (int i = 0; i < connections; i++) {
                counts.add(threads.submit(() -> send(request, end)));
            }
        }
        long sum = 0;
        for (Future<Long> count : counts) {
            sum += count.get();
        }
        return sum;
    }

    private long send(byte[] request, long endNanos) throws IOException {
        long count = 0;
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setTcpNoDelay(true);
            InputStream in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
            while (System.nanoTime() - endNanos < 0) {
                socket.getOutputStream().write(request);
                String answer = read(in);
                if (!answer.contains("\"FailedPutCount\":0,")) {
                    throw new IOException("the lab refused: " + answer.substring(0, Math.min(300, answer.length())));
                }
                count++;
            }
        }
        return count;
    }

    private double cpuSeconds() throws IOException, Json.Malformed {
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.getOutputStream()
                    .write("GET /lab/counters HTTP/1.1\r\nhost: lab\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            String body = read(new BufferedInputStream(socket.getInputStream()));
            return ((Number) ((Map<?, ?>) Json.parse(body)).get("cpuSeconds")).doubleValue();
        }
    }

    /** The body of the next answer, which announces its length. */
    private static String read(InputStream in) throws IOException {
        int length = 0;
        StringBuilder line = new StringBuilder();
        while (true) {
            int c = in.read();
            if (c < 0) {
                throw new IOException("the lab closed the connection");
            }
            if (c != '\n') {
                line.append((char) c);
                continue;
            }
            String header = line.toString().strip().toLowerCase(Locale.ROOT);
            line.setLength(0);
            if (header.startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).strip());
            } else if (header.isEmpty()) {
                return new String(in.readNBytes(length), StandardCharsets.UTF_8);
            }
        }
    }
}
