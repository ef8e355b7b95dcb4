/**
 * {@code sluice audit}: whether anything personal lies in delivered objects that a policy should have taken out.
 *
 * <pre>
 *   objects ─▶ BlockLines ─▶ OwnFields: what is the gateway's is blotted out
 *                                  └─▶ privacy.Auditor: clean? ─ no ─▶ LineWalker ─▶ value by value ─▶ Findings
 * </pre>
 *
 * <p>Threads: main only. Memory: a line, and the findings of {@value io.sluice.cli.audit.Findings#MAX_ROWS} kinds, shops
 * and paths.
 */
package io.sluice.cli.audit;
