package io.sluice.privacy.consent;

import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Words and what each means, found by their letters and digits: case and what separates them are not looked at.
 * Immutable; a look-up allocates nothing.
 */
final class Words {

    static final int UNKNOWN = -1;

    private static final int LONGEST = 64;

    private final byte[][] words;
    private final int[] meanings;
    private final int mask;

    /** @param meanings from 0 on, by words in lower case without separators */
    Words(Map<String, Integer> meanings) {
        int slots = Integer.highestOneBit(Math.max(4, 4 * meanings.size()));
        words = new byte[slots][];
        this.meanings = new int[slots];
        mask = slots - 1;
        meanings.forEach((word, meaning) -> {
            byte[] bytes = word.getBytes(StandardCharsets.US_ASCII);
            int slot = hash(bytes, 0, bytes.length) & mask;
            while (words[slot] != null) {
                slot = slot + 1 & mask;
            }
            words[slot] = bytes;
            this.meanings[slot] = meaning;
        });
    }

    /** What the word in {@code [from, to)} means, or {@link #UNKNOWN}. */
    int meaning(byte[] bytes, int from, int to) {
        if (to - from > LONGEST) {
            return UNKNOWN;
        }
        for (int slot = hash(bytes, from, to) & mask; words[slot] != null; slot = slot + 1 & mask) {
            if (isSame(words[slot], bytes, from, to)) {
                return meanings[slot];
            }
        }
        return UNKNOWN;
    }

    private static boolean isSame(byte[] word, byte[] bytes, int from, int to) {
        int i = 0;
        for (int at = from; at < to; at++) {
            int c = letter(bytes[at]);
            if (c != 0 && (i == word.length || word[i++] != c)) {
                return false;
            }
        }
        return i == word.length;
    }

    private static int hash(byte[] bytes, int from, int to) {
        int hash = 0;
        for (int at = from; at < to; at++) {
            int c = letter(bytes[at]);
            if (c != 0) {
                hash = (hash ^ c) * 0x01000193;
            }
        }
        return hash ^ hash >>> 15;
    }

    /** The byte in lower case, or 0 if it separates. What is beyond ASCII is part of a word. */
    private static int letter(byte b) {
        if (b >= 'A' && b <= 'Z') {
            return b | 0x20;
        }
        return b < 0 || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' ? b : 0;
    }
}
