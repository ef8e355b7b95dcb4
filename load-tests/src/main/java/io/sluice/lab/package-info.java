/**
 * The lab: a process that speaks Amazon Data Firehose's protocol, keeps its limits, writes its objects, and fails on
 * command.
 *
 * <pre>
 *   AWS SDK, CLI, boto3 ─▶ LabServer ─▶ LabHandler ─▶ PutScanner ─▶ Firehose ─▶ DeliveryStream ─▶ BufferFile
 *                                           │                          │ Faults, quotas              │ size, interval
 * curl, browser ────────────────────▶ LabPages ◀── Counters ─────────┘              Delivery ─▶ ObjectStore (directory)
 * </pre>
 *
 * <p>Threads: event loops (one by default) read, decode, decide and append; one more delivers. One lock, that of {@link
 * io.sluice.lab.Firehose}, guards what they share.
 */
package io.sluice.lab;
