package io.sluice.record;

import io.sluice.json.Swar;
import java.util.Arrays;

/**
 * The codes of one deflate block, laid out for writing: what follows a literal's, a length's or a distance's symbol
 * is one look-up away. Confined to its encoder's thread; no allocation once it is made.
 */
final class BlockCode {

    /** With codes of at most 14 bits four literals and what is left of a byte fit into a word. */
    static final int MAX_LITERAL_BITS = 14;

    static final int MAX_DISTANCE_BITS = 15;

    /** Code below, its bits above. */
    private static final int BITS_SHIFT = 24;

    private static final int CODE = (1 << BITS_SHIFT) - 1;
    /** Of a distance: bits of the code alone. */
    private static final int CODE_BITS_SHIFT = 16;

    /** By literal, and the end of the block: code, bits. */
    private final int[] literals = new int[DeflateSymbols.END + 1];
    /** By length - 3: code and extra bits, bits of both. */
    private final int[] lengths = new int[DeflateSymbols.LENGTH_SYMBOL.length];
    /** By symbol: code, bits of the code, bits with the extra ones. */
    private final int[] distances = new int[DeflateSymbols.DISTANCES];

    /** Bits that a symbol takes with its extra ones. */
    private final int[] literalBits = new int[DeflateSymbols.LITERALS];

    private final int[] distanceBits = new int[DeflateSymbols.DISTANCES];

    /** The codes that every reader knows (RFC 1951, section 3.2.6). */
    static BlockCode fixed() {
        byte[] lengths = new byte[288];
        for (int symbol = 0; symbol < lengths.length; symbol++) {
            lengths[symbol] = (byte) (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8);
        }
        byte[] distances = new byte[32];
        Arrays.fill(distances, (byte) 5);
        BlockCode code = new BlockCode();
        code.set(HuffmanCode.of(lengths), HuffmanCode.of(distances));
        return code;
    }

    void set(HuffmanCode literalCode, HuffmanCode distanceCode) {
        for (int symbol = 0; symbol < literals.length; symbol++) {
            literals[symbol] = literalCode.codes[symbol] | literalCode.lengths[symbol] << BITS_SHIFT;
        }
        for (int length = 0; length < lengths.length; length++) {
            int symbol = DeflateSymbols.LENGTH_SYMBOL[length];
            int codeBits = literalCode.lengths[DeflateSymbols.LENGTHS + symbol];
            int extra = length - DeflateSymbols.LENGTH_BASE[symbol];
            lengths[length] = literalCode.codes[DeflateSymbols.LENGTHS + symbol]
                    | extra << codeBits
                    | codeBits + DeflateSymbols.LENGTH_EXTRA[symbol] << BITS_SHIFT;
        }
        for (int symbol = 0; symbol < distances.length; symbol++) {
            int codeBits = distanceCode.lengths[symbol];
            distanceBits[symbol] = codeBits == 0 ? 0 : codeBits + DeflateSymbols.DISTANCE_EXTRA[symbol];
            distances[symbol] =
                    distanceCode.codes[symbol] | codeBits << CODE_BITS_SHIFT | distanceBits[symbol] << BITS_SHIFT;
        }
        for (int symbol = 0; symbol < literalBits.length; symbol++) {
            int extra =
                    symbol < DeflateSymbols.LENGTHS ? 0 : DeflateSymbols.LENGTH_EXTRA[symbol - DeflateSymbols.LENGTHS];
            literalBits[symbol] = literalCode.lengths[symbol] == 0 ? 0 : literalCode.lengths[symbol] + extra;
        }
    }

    /** Takes every symbol its code. */
    void clear() {
        Arrays.fill(literalBits, 0);
        Arrays.fill(distanceBits, 0);
    }

    /** @return bits that {@link #write} will write, or -1 if a symbol occurs that has no code */
    int bits(Sequences sequences) {
        int bits = 0;
        int missing = 0;
        for (int symbol = 0; symbol < literalBits.length; symbol++) {
            int count = sequences.literalCounts[symbol];
            bits += count * literalBits[symbol];
            missing |= count & (literalBits[symbol] - 1 >> 31);
        }
        for (int symbol = 0; symbol < distanceBits.length; symbol++) {
            int count = sequences.distanceCounts[symbol];
            bits += count * distanceBits[symbol];
            missing |= count & (distanceBits[symbol] - 1 >> 31);
        }
        return missing == 0 ? bits : -1;
    }

    /** Writes the sequences, whose literals lie in {@code window} from {@code from} on, and the end of the block. */
    void write(byte[] window, int from, Sequences sequences, BitSink sink) {
        int[] packed = sequences.packed;
        int[] literals = this.literals;
        int[] lengths = this.lengths;
        int[] distances = this.distances;
        byte[] bytes = sink.bytes;
        int size = sink.size;
        long bits = sink.bits;
        int filled = sink.bitCount;
        int at = from;
        for (int i = 0, count = sequences.count; i < count; i++) {
            int sequence = packed[i];
            int run = Sequences.run(sequence);
            // Mostly there are two literals at most, and four at a time behind them. They are written without a branch;
            // what is not there has no bits.
            int quad = Swar.half(window, at);
            int first = literals[quad & 0xff] & -run >> 31;
            int second = literals[quad >>> 8 & 0xff] & 1 - run >> 31;
            // Joined before they are shifted to their place: only that waits for what was written before.
            int firstBits = first >>> BITS_SHIFT;
            bits |= (long) (first & CODE | (second & CODE) << firstBits) << filled;
            filled += firstBits + (second >>> BITS_SHIFT);
            Swar.put(bytes, size, bits);
            size += filled >>> 3;
            bits >>>= filled & ~7;
            filled &= 7;
            if (run > 2) {
                int end = at + run;
                for (at += 2; at < end; at += 4) {
                    int left = end - at;
                    int four = Swar.half(window, at);
                    int a = literals[four & 0xff];
                    int b = literals[four >>> 8 & 0xff] & 1 - left >> 31;
                    int c = literals[four >>> 16 & 0xff] & 2 - left >> 31;
                    int d = literals[four >>> 24] & 3 - left >> 31;
                    int abBits = (a >>> BITS_SHIFT) + (b >>> BITS_SHIFT);
                    int cBits = c >>> BITS_SHIFT;
                    int ab = a & CODE | (b & CODE) << (a >>> BITS_SHIFT);
                    int cd = c & CODE | (d & CODE) << cBits;
                    bits |= (ab | (long) cd << abBits) << filled;
                    filled += abBits + cBits + (d >>> BITS_SHIFT);
                    Swar.put(bytes, size, bits);
                    size += filled >>> 3;
                    bits >>>= filled & ~7;
                    filled &= 7;
                }
                at = end;
                if (run == Sequences.LITERALS_ONLY) {
                    continue;
                }
            } else {
                at += run;
            }
            int length = Sequences.length(sequence);
            int lengthCode = lengths[length];
            int lengthBits = lengthCode >>> BITS_SHIFT;
            int distance = Sequences.distance(sequence);
            int distanceCode = distances[DeflateSymbols.distanceSymbol(distance)];
            int codeBits = distanceCode >>> CODE_BITS_SHIFT & 0xff;
            int allBits = distanceCode >>> BITS_SHIFT;
            // The least distance of a symbol is a multiple of what its extra bits count.
            int extra = distance & (1 << allBits - codeBits) - 1;
            bits |= (lengthCode & CODE | (long) (distanceCode & 0xffff | extra << codeBits) << lengthBits) << filled;
            filled += lengthBits + allBits;
            Swar.put(bytes, size, bits);
            size += filled >>> 3;
            bits >>>= filled & ~7;
            filled &= 7;
            at += length + DeflateSymbols.MIN_LENGTH;
        }
        sink.size = size;
        sink.bits = bits;
        sink.bitCount = filled;
        for (int end = at + sequences.tail; at < end; at++) {
            put(literals[window[at] & 0xff], sink);
        }
        put(literals[DeflateSymbols.END], sink);
    }

    private static void put(int literal, BitSink sink) {
        sink.put(literal & CODE, literal >>> BITS_SHIFT);
    }
}
