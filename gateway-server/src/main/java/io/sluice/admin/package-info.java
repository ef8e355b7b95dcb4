/**
 * What operators see: metrics, health, readiness and a page with both laws, on a port and a loop of their own.
 *
 * <pre>
 *   every thread ──▶ metrics.Cells ──▶ Exporter ──▶ /metrics   (Prometheus text)
 *                                 └──▶ Laws     ──▶ /          (HTML)
 *   bootstrap    ──▶ Health                     ──▶ /healthz   (may this process live on?)
 *                └─▶ Readiness                  ──▶ /readyz    (may it be sent beacons?)
 * </pre>
 *
 * <p>Threads: one event loop of its own, which never touches a beacon, and one that watches the token's file. Only GET
 * and HEAD, only small requests, no data of any shop or person.
 */
package io.sluice.admin;
