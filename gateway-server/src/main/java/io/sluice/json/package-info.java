/**
 * JSON on bytes: a strict validating scanner and the few writers that lines are made with.
 *
 * <pre>
 *   bytes of a body ─▶ Scanner ─▶ where values end, marks of what a copier must not copy as it stands
 *                      JsonWriter ─▶ bytes of a line
 * </pre>
 *
 * <p>Threads: a scanner is confined to its loop; the rest is stateless.
 */
package io.sluice.json;
