package io.sluice.cli.reconcile;

import java.util.HexFormat;

/**
 * What both a manifest and the block itself tell.
 *
 * @param group number of the stream group, as {@link Ledger} has it
 * @param records lines
 * @param rawLength bytes of the lines
 * @param crc32 of the lines
 * @param shops digest of the lines of each shop and minute, see {@link io.sluice.cli.objects.ShopCounts}; 0 if they
 *     were not counted
 */
record Facts(int group, int records, long rawLength, int crc32, long shops) {

    /** What is different in the block that was found, in words; {@code null} if nothing is. */
    String difference(Facts found) {
        if (group != found.group) {
            return "lies under the prefix of another group";
        }
        if (records != found.records) {
            return "has " + found.records + " records, expected " + records;
        }
        if (rawLength != found.rawLength) {
            return "has " + found.rawLength + " bytes of lines, expected " + rawLength;
        }
        if (crc32 != found.crc32) {
            HexFormat hex = HexFormat.of();
            return "has the CRC-32 " + hex.toHexDigits(found.crc32) + ", expected " + hex.toHexDigits(crc32);
        }
        if (shops != found.shops && shops != 0 && found.shops != 0) {
            return "has other numbers of lines per shop and minute than its manifest";
        }
        return null;
    }
}
