package io.sluice.bootstrap;

import io.sluice.config.SluiceConfig;

/** The server, from its configuration. */
final class Server {

    private Server() {}

    /**
     * Starts the server and returns when it has stopped.
     *
     * @return the exit code of the process
     */
    static int run(SluiceConfig config) throws Exception {
        throw new UnsupportedOperationException("not wired yet: " + config.dataDirectory());
    }
}
