/**
 * {@code sluice erase} and {@code sluice find}: the records of one person, taken out of what is stored, or printed.
 *
 * <pre>
 *   Selection ─▶ Person ──────────────┐ is this line of the person?
 *                                     ▼
 *   Place: keys, versions ─▶ Blocks: lines of each block ─▶ Tally
 *      ▲ ▲                            │
 *      │ └── tombstone, then object ◀─┴─ Rewriting
 *   KeptJournal ─▶ segments of stopped gateways that are only kept are given up
 *   AuditLog ◀─ who, when, how many; never whose
 * </pre>
 *
 * <p>A tombstone is written before the object that it tells of, so that a run that was interrupted can be repeated: it
 * finds the same lines again, and repeated tombstones say the same.
 *
 * <p>Threads: main only. Memory: an object that is rewritten is held twice.
 */
package io.sluice.cli.erase;
