/**
 * The fault matrix, {@code scripts/prove}: real gateways, a Firehose that fails on command, a load that does not wait,
 * and at the end of each row the oracle, who says whether anything that was acknowledged is missing.
 *
 * <pre>
 *   ProveCommand ─▶ Plan ─▶ Matrix: a Row each fault ─▶ Runner ─▶ Outcome ─▶ table, Markdown, HTML
 *                                        │
 *        Stage: Generator ─▶ GatewayProcess ─▶ LabProcess ─▶ objects ─▶ DeliveredObjects, oracle
 *                                └── signals, disk faults ──┘└── faults
 * </pre>
 *
 * <p>Threads: one runs a row, one samples counts, one ends what does not come to an end by itself; the generator has
 * its own. Every process that is started is ended by its id: at the end of its row, at its deadline, or with this one.
 */
package io.sluice.prove;
