/**
 * From a file, the environment and the command line to one immutable record per component.
 *
 * <pre>
 *   defaults ◀ YAML file ◀ environment ◀ options ──▶ Settings ──▶ Rules ──▶ SluiceConfig
 *   (each overrides the one before)                      │          │
 *                                                        └──────────┴─▶ InvalidConfig: every problem, in one report
 * </pre>
 *
 * <p>Threads: the main thread, before any other is started. What comes out never changes. Every key stands once, in
 * {@link io.sluice.config.Keys}, with its default and what it takes; {@code config/sluice.yaml} explains it.
 */
package io.sluice.config;
