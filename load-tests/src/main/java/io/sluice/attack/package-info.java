/**
 * Attacks on a real gateway, {@code scripts/attack}: whatever one or thousands of clients do, good ones go on being
 * served, memory stays bounded, and the process lives.
 *
 * <pre>
 *   AttackCommand ─▶ Battle (before | during | after) ─▶ Gateway (a process of its own)
 *                      ├─ GoodClients: a rate that does not wait, new visitors among them        ▲
 *                      ├─ Attack: a swarm of virtual threads from addresses of its own ──────────┘
 *                      └─ Memory: resident set, ten times a second
 *        └─▶ Outcome ─▶ Report (table, docs/ATTACKS.md)
 * </pre>
 *
 * <p>Everything goes to loopback addresses and ends by itself. Attackers come from 127.1.0.0/16, good clients from
 * 127.0.0.1, so that limits by address do to each what they would do to real ones.
 */
package io.sluice.attack;
