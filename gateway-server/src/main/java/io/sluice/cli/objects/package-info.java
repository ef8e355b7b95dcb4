/**
 * What commands share that read delivered objects: which there are, by the hour in their keys, and the lines in them.
 *
 * <pre>
 *   keys below prefixes ─▶ ObjectWalk ─▶ object ─▶ BlockStream ─▶ BlockLines ─▶ line ─▶ LineFields, LineWalker
 * </pre>
 *
 * <p>Threads: main only. Memory: a page of each prefix, and a line.
 */
package io.sluice.cli.objects;
