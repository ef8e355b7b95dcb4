/**
 * The first profile, {@code scripts/bench ladder}: what each part of the way costs alone and in the whole, in
 * nanoseconds of processor time a record.
 *
 * <pre>
 *   LadderCommand ─▶ Rungs ─ one child process each ─▶ BareServer, load, IntakeBenchMain, CommitBench, lab, SdkDrive,
 *        │             │                               the gateway, oracle
 *        │             │◀─ their RESULT lines; CpuUse of their threads from /proc
 *        │◀─ Figures ──┘
 *        └─▶ Rows ─▶ LadderReport ─▶ terminal, DocsBlock (docs/PERFORMANCE.md)
 * </pre>
 *
 * <p>Threads: the main one, and for each child one that reads what it prints. Everything that is measured runs in a
 * process of its own, so that the measuring takes nothing from it but two readings of /proc.
 */
package io.sluice.ladder;
