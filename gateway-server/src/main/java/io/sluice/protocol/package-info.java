/**
 * What the gateway speaks, as data: for each protocol its path, its method and what it is answered; the framed request
 * that decoders read; and the bodies and statuses of answers.
 *
 * <p>Threads: descriptors are immutable; a {@link io.sluice.protocol.FramedRequest}, an
 * {@link io.sluice.protocol.Outcome} and an {@link io.sluice.protocol.AnswerRenderer} are confined to their loop.
 *
 * <pre>
 *   path ─▶ Routes ─▶ Protocol      http fills ─▶ FramedRequest ─▶ decoders read
 *                                   decoders fill ─▶ Outcome ─▶ AnswerRenderer ─▶ body, status
 * </pre>
 */
package io.sluice.protocol;
