package io.sluice.scenario;

import io.sluice.ladder.Child;
import io.sluice.process.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** What a shop would put there without us: one worker, an empty GIF, one buffered line of JSON a request. */
final class Nginx implements AutoCloseable {

    private static final int TRIES = 100;
    private static final long STEP_MILLIS = 50;

    /** Lines of the configuration that only a port with TLS has. */
    private static final Pattern TLS = Pattern.compile("^ *ssl_| ssl ");

    private final int port;
    private final int tlsPort;
    private final Child child;

    /**
     * Starts it, and waits until it answers.
     *
     * @param scenarios of the project
     * @param directory where it writes, and where its certificate is
     * @param tls whether it has a port for that, by {@code certificate.pem} and {@code key.pem} there
     */
    Nginx(Path scenarios, Path directory, boolean tls) throws IOException, InterruptedException {
        port = Http.freePort();
        tlsPort = tls ? Http.freePort() : 0;
        Path own = Files.createDirectories(directory.resolve("nginx"));
        Path config = own.resolve("nginx.conf");
        String text = Files.readString(scenarios.resolve("pixel/nginx.conf"));
        Files.writeString(config, config(text, directory, port, Http.freePort(), tlsPort));
        List<String> command = List.of("nginx", "-c", config.toString(), "-p", own.toString());
        child = new Child("nginx", own, own.resolve("nginx.log"), command, Map.of());
        await();
    }

    /** Whether there is one to be started. */
    static boolean isThere() {
        for (String directory : (System.getenv("PATH") + ":/usr/sbin").split(":")) {
            if (Files.isExecutable(Path.of(directory, "nginx"))) {
                return true;
            }
        }
        return false;
    }

    private void await() throws IOException, InterruptedException {
        for (int i = 0; ; i++) {
            try {
                Http.get(port, "/p.gif");
                return;
            } catch (IOException e) {
                if (i == TRIES || !child.isAlive()) {
                    child.close();
                    throw new IOException("nginx does not answer: " + child.printed(), e);
                }
                TimeUnit.MILLISECONDS.sleep(STEP_MILLIS);
            }
        }
    }

    int port() {
        return port;
    }

    /** 0 if it has none. */
    int tlsPort() {
        return tlsPort;
    }

    @Override
    public void close() {
        child.close();
    }

    /**
     * The configuration of scripts/bench pixel, filled in.
     *
     * @param text of the file
     * @param tlsPort 0 for none: then it wants no certificate
     */
    static String config(String text, Path directory, int port, int h2cPort, int tlsPort) {
        StringBuilder config = new StringBuilder();
        for (String line : text.split("\n")) {
            if (tlsPort > 0 || !TLS.matcher(line).find()) {
                config.append(line).append('\n');
            }
        }
        return config.toString()
                .replace("@DIRECTORY@", directory.toString())
                .replace("@HTTP_PORT@", Integer.toString(port))
                .replace("@H2C_PORT@", Integer.toString(h2cPort))
                .replace("@TLS_PORT@", Integer.toString(tlsPort));
    }
}
