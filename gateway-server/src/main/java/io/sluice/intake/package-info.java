/**
 * The driver of one event loop: from a framed request to a ticket on the ring, and from its return to the reply.
 *
 * <pre>
 *   FramedRequest ─▶ LoopIntake: credit ▸ key ▸ shop ─▶ decoder ▸ ScrubbedSink ─▶ Staging (raw lines per group)
 *                        │                                                            │
 *                        │ when it is time                                            ▼
 *                        └──────────────────────▶ Flusher: OpenBlock (encoder) ─▶ frames in the arena ─▶ ticket
 *   Reply ◀── answer ◀── tickets that came back
 * </pre>
 *
 * <p>{@code AdmissionControl} has some refused between shop and decoder while requests have to wait for good.
 *
 * <p>A request that takes its loop for longer than a turn is undone and decoded by the {@code BulkWorker}, which brings
 * back its lines to be staged.
 *
 * <p>Threads: one event loop each, and the bulk worker; {@link io.sluice.intake.Intakes} makes them, on any thread.
 * What throws while encoders or arena are touched ends the process; what throws before becomes one request's error.
 */
package io.sluice.intake;
