package io.sluice.scenario;

import io.sluice.ladder.Child;
import io.sluice.process.Http;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What a shop would put there without us: one worker, an empty GIF, one buffered line of JSON a request. */
final class Nginx implements AutoCloseable {

    private static final int TRIES = 100;
    private static final long STEP_MILLIS = 50;

    private final int port;
    private final Child child;

    Nginx(Path directory) throws IOException, InterruptedException {
        port = Http.freePort();
        Path own = Files.createDirectories(directory.resolve("nginx"));
        Path config = own.resolve("nginx.conf");
        Files.writeString(config, config(own, port));
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

    @Override
    public void close() {
        child.close();
    }

    private static String config(Path directory, int port) {
        return """
                worker_processes 1;
                daemon off;
                master_process off;
                pid DIRECTORY/pid;
                error_log DIRECTORY/error.log warn;
                events { worker_connections 4096; }
                http {
                  log_format events escape=json '{"t":"$msec","ip":"$remote_addr","q":"$args","ua":"$http_user_agent","ref":"$http_referer"}';
                  access_log DIRECTORY/access.log events buffer=64k flush=1s;
                  client_body_temp_path DIRECTORY/body;
                  proxy_temp_path DIRECTORY/proxy;
                  fastcgi_temp_path DIRECTORY/fastcgi;
                  uwsgi_temp_path DIRECTORY/uwsgi;
                  scgi_temp_path DIRECTORY/scgi;
                  keepalive_requests 100000000;
                  server {
                    listen 127.0.0.1:PORT backlog=4096;
                    location /p.gif { empty_gif; }
                  }
                }
                """.replace("DIRECTORY", directory.toString()).replace("PORT", Integer.toString(port));
    }
}
