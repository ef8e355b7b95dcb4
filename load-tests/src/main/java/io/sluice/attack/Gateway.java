package io.sluice.attack;

import io.sluice.ladder.CpuTime;
import io.sluice.ladder.CpuUse;
import io.sluice.process.Certificate;
import io.sluice.process.Child;
import io.sluice.process.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The gateway that is attacked, with its defaults but for its heap; delivers to a directory. One thread. */
final class Gateway implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration REST = Duration.ofSeconds(10);

    private final int port = Http.freePort();
    private final int tlsPort = Http.freePort();
    private final int adminPort = Http.freePort();
    private final Path log;
    private final Child child;

    Gateway(Installed installed, Path work) throws IOException, InterruptedException {
        Files.createDirectories(work);
        log = work.resolve("gateway.log");
        Certificate certificate = Certificate.make(work, "b.example");
        Map<String, String> environment = new HashMap<>();
        environment.put("SLUICE_HTTP_TLS_PORT", Integer.toString(tlsPort));
        environment.put("SLUICE_HTTP_TLS_CERTIFICATE", certificate.file().toString());
        environment.put("SLUICE_HTTP_TLS_KEY", certificate.key().toString());
        child = Child.startWith(
                installed.classPath(),
                installed.options(),
                "gateway",
                log,
                environment,
                List.of(
                        "io.sluice.bootstrap.Main",
                        "serve",
                        "--port",
                        Integer.toString(port),
                        "--admin-port",
                        Integer.toString(adminPort),
                        "--data",
                        work.resolve("data").toString()));
        awaitReady();
    }

    private void awaitReady() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                Http.get(adminPort, "/readyz");
                return;
            } catch (IOException e) {
                if (!child.isAlive() || System.nanoTime() - deadline > 0) {
                    throw new IOException("the gateway does not become ready\n" + child.tail(), e);
                }
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    int port() {
        return port;
    }

    int tlsPort() {
        return tlsPort;
    }

    boolean isAlive() {
        return child.isAlive();
    }

    String tail() throws IOException {
        return child.tail();
    }

    /** What its compilers have used of a processor up to now. */
    long compilerNanos() throws IOException {
        long nanos = 0;
        for (Map.Entry<String, CpuTime> thread :
                CpuUse.of(child.pid()).threads().entrySet()) {
            if (thread.getKey().startsWith("C1 Compiler") || thread.getKey().startsWith("C2 Compiler")) {
                nanos += thread.getValue().total();
            }
        }
        return nanos;
    }

    /** Bytes of memory that it has at present. */
    long residentBytes() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc", Long.toString(child.pid()), "status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
            }
        }
        throw new IOException("the kernel does not say how much memory the gateway has");
    }

    /**
     * Every law of its counters that is broken, in its own words, once it has come to rest: counters are read one after
     * another.
     */
    String brokenLaws() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + REST.toNanos();
        while (true) {
            String broken = brokenNow();
            if (broken.isEmpty() || System.nanoTime() - deadline > 0) {
                return broken;
            }
            TimeUnit.MILLISECONDS.sleep(200);
        }
    }

    private String brokenNow() throws IOException {
        StringBuilder broken = new StringBuilder();
        for (String row : Http.get(adminPort, "/").split("<tr>")) {
            int bad = row.indexOf("class=bad>");
            if (bad >= 0) {
                String text =
                        row.substring(0, bad) + ">" + row.substring(bad + 10).split("<")[0];
                broken.append(
                        text.replaceAll("<[^>]*>", " ").replaceAll("\\s+", " ").strip());
            }
        }
        return broken.toString();
    }

    @Override
    public void close() {
        child.close();
    }
}
