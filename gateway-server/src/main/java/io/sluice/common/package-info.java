/**
 * Words that every other package uses: clocks, positions, ids, sizes, files that are followed, and the two small
 * interfaces by which front and back of the gateway reach each other without importing each other.
 *
 * <p>Threads: any, unless a class says otherwise. Imports nothing of the project.
 */
package io.sluice.common;
