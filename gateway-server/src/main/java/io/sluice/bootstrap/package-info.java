/**
 * Where everything is put together: the command tree, and the server from its configuration, with its order of start
 * and stop.
 *
 * <p>Threads: main. Nothing is decided here that another package could decide; each knows only what it is handed.
 */
package io.sluice.bootstrap;
