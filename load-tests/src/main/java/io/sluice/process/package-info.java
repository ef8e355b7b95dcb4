/**
 * Processes that the tools start, talk with, and end with themselves; and what machine they run on.
 *
 * <p>Threads: the main thread of a tool.
 */
package io.sluice.process;
