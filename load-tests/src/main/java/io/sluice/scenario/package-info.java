/**
 * The whole way under a load that is written down, {@code scripts/bench million, latency, start} and
 * {@code scripts/bench scenario}: generator, gateway and lab as processes of this machine, and what came of it beside
 * a goal.
 *
 * <pre>
 *   load-tests/scenarios/NAME ─▶ Scenario ─▶ Whole ─ lab, gateway, generators; then the oracle ─▶ Figures ─▶ Report
 *                                   │          │◀─ report of the load, /metrics, /proc                        ▲
 *                                   └─▶ Goal ──┼──────────────────────────────────────────────────────────────┘
 *                  LatencyCommand ─▶ Whole, Nginx        StartCommand ─▶ the gateway alone, again and again
 *   TuningCommand, GrowthCommand, BytesCommand ─▶ Whole, again and again, each time with something otherwise
 *              ClientsCommand ─▶ the lab, SdkDrive ─▶ Clients
 *         results of all ─▶ GoalsCommand, Headline      figures of million, growth, ladder ─▶ LimitCommand ─▶ Limit
 * </pre>
 *
 * <p>Threads: the main one, one that looks at the gateway each second, and for each child one that reads what it
 * prints.
 */
package io.sluice.scenario;
