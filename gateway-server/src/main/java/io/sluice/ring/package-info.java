/**
 * The waist: what passes between the threads in front and the committer behind, and nothing else does.
 *
 * <pre>
 *   loop ──▶ arena: frames │ ticket ──▶ ring ──▶ committer: write, sync
 *    ▲                                                      │
 *    └───────────── inbox ◀── ticket with its outcome ◀─────┘
 * </pre>
 *
 * <p>A {@link io.sluice.ring.Producer} belongs to one loop: its tickets, its arena, its inbox. The
 * {@link io.sluice.ring.CommitRing} carries references to tickets to the one consumer, which answers each of them
 * exactly once. Threads: loops on one side, the committer on the other.
 */
package io.sluice.ring;
