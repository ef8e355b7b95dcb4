/**
 * Which numbered events were sent, acknowledged and refused: kept by the load generator, read by the oracle.
 *
 * <pre>
 *   loop ─▶ Ledger ─ records ─▶ AckFile (a thread that writes) ─▶ FILE.acks ─▶ AckReader ─▶ oracle
 *             ▲                        │
 *             └──── claimed blocks ────┘
 * </pre>
 *
 * <p>A run numbers its events from 0. Numbers are dealt out in blocks of 65,536, each to one loop, so that loops share
 * nothing; a {@code Ledger} is confined to its loop and hands whole records to the thread that writes. What the
 * bytes of the file mean stands in {@code docs/LOAD.md}.
 */
package io.sluice.load.acks;
