package io.sluice.json;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The Vector API: as many bytes at a time as the processor has in a register, 64 at most, from where the string begins;
 * by words where fewer are left in the array. Needs {@code --add-modules jdk.incubator.vector}.
 */
final class StringsByVectors extends StringScan {

    private static final VectorSpecies<Byte> SPECIES = ByteVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    /** Of the bits of a byte, those that tell digits, the upper case, and the rest. */
    private static final byte KIND = 0x60;

    private static final byte NUMERIC = 0x20;
    private static final byte UPPER = 0x40;
    private static final byte ALL_BUT_TWO_BITS = (byte) 0xfc;

    @Override
    int string(int from) {
        byte[] b = bytes;
        int first = first(b, from);
        long candidates = 0;
        long parts = 0;
        long upper = 0;
        long numeric = 0;
        for (int at = first; at + LANES <= b.length; at += LANES) {
            ByteVector text = ByteVector.fromArray(SPECIES, b, at);
            // As signed numbers, bytes beyond ASCII are below a space too.
            long stops = text.lt((byte) ' ')
                    .or(text.eq((byte) '"'))
                    .or(text.eq((byte) '\\'))
                    .toLong();
            // All of them if there is none.
            long before = (stops & -stops) - 1;
            candidates |= text.eq((byte) '@')
                            .or(text.lanewise(VectorOperators.AND, ALL_BUT_TWO_BITS)
                                    .eq((byte) '$'))
                            .toLong()
                    & before;
            parts |= text.eq((byte) ':').or(text.eq((byte) '=')).toLong() & before;
            ByteVector kind = text.lanewise(VectorOperators.AND, KIND);
            upper |= kind.eq(UPPER).toLong() & before;
            numeric |= (kind.eq(NUMERIC).toLong() & before) << at - first;
            if (stops != 0) {
                int quote = at + Long.numberOfTrailingZeros(stops);
                if (quote >= end || b[quote] != '"') {
                    return scanner.slowString(from, first);
                }
                ask(from, first, quote, candidates != 0, parts != 0, upper != 0, numeric);
                return quote + 1;
            }
        }
        return scanner.string(from);
    }
}
