/**
 * Where everything is put together: the command tree, the server from its configuration, with its order of start and
 * stop, and the replay of a journal that needs delivery but no server.
 *
 * <pre>
 *   Main ─┬─ serve ──▶ Server ──▶ admin, journal, delivery, http       start; stop goes the other way
 *         └─ replay ─▶ Replay ──▶ Adoption or KeptBlocks, delivery
 *                          both by Destinations
 * </pre>
 *
 * <p>Threads: main, and that of the shutdown hook. Nothing is decided here that another package could decide; each
 * knows only what it is handed.
 */
package io.sluice.bootstrap;
