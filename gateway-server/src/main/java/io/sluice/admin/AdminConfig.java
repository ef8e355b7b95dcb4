package io.sluice.admin;

/**
 * Settings of the admin server.
 *
 * @param host address to listen on
 * @param port TCP port, 0 for any free one
 */
public record AdminConfig(String host, int port) {}
