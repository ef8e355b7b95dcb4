/**
 * {@code sluice reconcile}: whether what the manifests tell of lies in the bucket, block by block.
 *
 * <pre>
 *   keys of manifests ─┐                       ┌─▶ ManifestReader ─▶ Manifest ─┐
 *                      ├─▶ ObjectWalk, by hour ┤                               ├─▶ Ledger ─▶ Report
 *   keys of groups ────┘                       └─▶ BlockScan ─▶ FoundBlock ────┘     ▲
 *   journal, tombstones ─▶ Erasures ─────────────────────────────────────────────────┘
 * </pre>
 *
 * <p>Tombstones are read before all else: of a block that lost lines to an erasure, what is left is what is expected.
 * Manifests and objects of an hour are read before those of the next, so that of nearly every block both are known
 * soon, and it leaves nothing behind but its place in a run of complete ones. Memory is that of the blocks of an hour,
 * however many hours there are.
 *
 * <p>Threads: main only.
 */
package io.sluice.cli.reconcile;
