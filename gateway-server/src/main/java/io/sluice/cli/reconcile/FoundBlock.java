package io.sluice.cli.reconcile;

import io.sluice.common.Position;

/**
 * A block in an object.
 *
 * @param first position of its first line; {@code null} if the line has none
 * @param problem what is wrong with its lines, in words; {@code null} if nothing is
 */
record FoundBlock(Position first, int records, long rawLength, int crc32, long shops, String problem) {}
