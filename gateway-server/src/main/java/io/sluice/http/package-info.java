/**
 * From sockets to framed requests, and from replies back to sockets: in order over HTTP/1, as they come over HTTP/2.
 *
 * <p>Threads: the event loops, one a core; each owns its connections, its intake and everything in between, and shares
 * nothing with the others. {@link io.sluice.http.HttpServer} is started and stopped from outside.
 *
 * <pre>
 *              ┌▶ Http1Decoder ▶ Http1Connection ┐
 *   socket ─▶ Opening                            ├─▶ Incoming ─▶ Intake.offer ─┬─ STAGED ──── later: Reply ─┐
 *              └▶ Http2Decoder ▶ Http2Connection ┘   head, body                ├─ ANSWERED ── Reply ────────┤
 *                 (Netty's, with  slots; streams                               └─ NO_CREDIT ─▶ queue of the │
 *                  a gate)          ▲                                             loop, offered again or 503│
 *   socket ◀─ AnswerEncoder, ◀──────┴──────── slots that are done, one flush an iteration ◀─────────────────┘
 *             Http2Answers
 * </pre>
 *
 * <p>A connection of HTTP/2 has its frames read by {@code Http2Input}, its requests put together by
 * {@code Http2Requests}, its streams in {@code Http2Streams}, and what it sends in {@code Http2Output}.
 *
 * <p>A {@code Door} at each listening socket turns away connections beyond what may be. Where a balancer speaks the
 * PROXY protocol, {@code ProxyOpening} stands first of all and takes its header off. Connections that wait for their
 * clients stand in a list of the {@code Loop}, which sees to it that none waits for longer than it may.
 *
 * <p>With TLS, two handlers stand before {@code Opening}: {@code TlsOpening}, in whose place Netty's
 * {@code SslHandler} steps with the certificate that fits, and {@code TlsEvents}. {@code Tls} has the certificates,
 * and a thread that looks at their files.
 *
 * <p>The answer to nearly every pixel of HTTP/1 takes a shorter way: {@code DirectSend} gives it to the socket at once,
 * {@code TlsSend} encrypts it first.
 */
package io.sluice.http;
