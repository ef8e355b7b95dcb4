/**
 * From sockets to framed requests, and from replies back to sockets in order.
 *
 * <p>Threads: the event loops, one a core; each owns its connections, its intake and everything in between, and shares
 * nothing with the others. {@link io.sluice.http.HttpServer} is started and stopped from outside.
 *
 * <pre>
 *   socket ─▶ Http1Decoder ──▶ Http1Connection ─ Incoming ─ FramedRequest ─▶ Intake.offer ─┬─ STAGED ──── later: Reply ─┐
 *             (Netty's, with     head, body,                                ├─ ANSWERED ── Reply ────────┤
 *              a gate)           slots                                      └─ NO_CREDIT ─▶ queue of the │
 *                                  ▲                                           loop, offered again or 503│
 *   socket ◀─ AnswerEncoder ◀──────┴──────── slots in order, one flush an iteration ◀────────────────────┘
 * </pre>
 */
package io.sluice.http;
