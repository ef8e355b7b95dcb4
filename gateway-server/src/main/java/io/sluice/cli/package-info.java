/**
 * The command line: its top, and every command that is not the server.
 *
 * <pre>
 *   arguments ──▶ Sluice ──▶ check │ cat │ reconcile │ erase │ audit … ──▶ standard output, exit code
 *                        └─▶ serve (bootstrap)
 * </pre>
 *
 * <p>Threads: main only. Results go to standard output, problems to standard error; the exit codes are those of
 * {@link io.sluice.cli.ExitCodes}.
 */
package io.sluice.cli;
