package io.sluice.admin;

import java.nio.file.Path;

/**
 * Settings of the admin server.
 *
 * @param host address to listen on
 * @param port TCP port, 0 for any free one
 * @param tokenFile where the token was read from, watched from then on, or {@code null}
 * @param token what requests must bring until the file changes
 */
public record AdminConfig(String host, int port, Path tokenFile, AdminToken token) {}
