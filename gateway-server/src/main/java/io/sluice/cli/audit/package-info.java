/**
 * {@code sluice audit}: whether anything personal lies in delivered objects that a policy should have taken out.
 *
 * <pre>
 *   objects ─▶ BlockLines ─▶ OwnFields: what is the gateway's is blotted out
 *                                  └─▶ privacy.Auditor: clean? ─ no ─▶ LineWalker ─▶ value by value ─▶ Findings
 *                                           ▲
 *   Auditors: by the policy that the line names, or its shop's
 * </pre>
 *
 * <p>Threads: main only. Memory: a line, and so many findings as {@link io.sluice.cli.audit.Findings} keeps apart.
 */
package io.sluice.cli.audit;
