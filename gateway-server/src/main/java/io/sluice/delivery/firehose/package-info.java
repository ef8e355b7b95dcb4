/**
 * The Firehose destination: blocks become records of delivery streams.
 *
 * <pre>
 *   SealedBlock ─▶ Lane (one a stream group) ─nextBatch─▶ Stream ┬ Pacer: below its quota
 *                   ▲                                            └ pause and probe after failures
 *                   │ again, after a pause                          │ aws.FirehoseApi.put
 *                   │                                               ▼
 *   delivered ◀─ FirehoseDestination ◀─ queue of Ended ◀───────── threads of the SDK
 *   parked    ◀─        └▶ ParkingQueue, for what is refused for ever
 * </pre>
 *
 * <p>Threads: delivery only. Those of the SDK offer to the queue and unpark.
 *
 * <table>
 *   <caption>What a block's answer leads to</caption>
 *   <tr><th>answer</th><th>block</th><th>stream</th></tr>
 *   <tr><td>taken</td><td>delivered</td><td>open</td></tr>
 *   <tr><td>throttled</td><td>again after a pause</td><td>slower by a third</td></tr>
 *   <tr><td>unknown: timeout, reset, 5xx, InternalFailure</td><td>again after a pause, a possible duplicate</td>
 *       <td>paused up to 5 s, probed</td></tr>
 *   <tr><td>unsent: no connection or credentials</td><td>again, elsewhere</td><td>paused up to 5 s, probed</td></tr>
 *   <tr><td>denied</td><td>again, elsewhere</td><td>paused up to 30 s, probed</td></tr>
 *   <tr><td>gone</td><td>again, elsewhere</td><td>checked anew until it is there, then probed</td></tr>
 *   <tr><td>invalid</td><td>alone; after three refusals parked</td><td>paused after eight parked in a row</td></tr>
 * </table>
 */
package io.sluice.delivery.firehose;
