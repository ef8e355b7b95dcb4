package io.sluice.shop;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/**
 * An immutable map from short ASCII texts to values, searched by bytes or characters.
 *
 * <p>Any thread. A search allocates nothing: one hash over the text, then on average fewer than two comparisons, since
 * at most half of the slots are taken. Who searches cannot make the chains longer, for only the configuration fills it.
 */
final class ByteIndex<V> {

    private final byte[][] texts;
    private final Object[] values;
    private final int mask;

    ByteIndex(Map<String, V> entries) {
        int slots = Integer.highestOneBit(Math.max(4, entries.size() * 4 - 1));
        texts = new byte[slots][];
        values = new Object[slots];
        mask = slots - 1;
        for (Map.Entry<String, V> entry : entries.entrySet()) {
            byte[] text = entry.getKey().getBytes(StandardCharsets.US_ASCII);
            int slot = spread(hash(text, 0, text.length)) & mask;
            while (texts[slot] != null) {
                slot = (slot + 1) & mask;
            }
            texts[slot] = text;
            values[slot] = entry.getValue();
        }
    }

    /** The value of the text in {@code from} to {@code to}, or {@code null}. */
    @SuppressWarnings("unchecked") // only values of type V were put in
    V find(byte[] array, int from, int to) {
        int slot = spread(hash(array, from, to)) & mask;
        for (byte[] text; (text = texts[slot]) != null; slot = (slot + 1) & mask) {
            if (Arrays.equals(text, 0, text.length, array, from, to)) {
                return (V) values[slot];
            }
        }
        return null;
    }

    /** The value of the text in its lower-case form, or {@code null}. */
    @SuppressWarnings("unchecked") // only values of type V were put in
    V findIgnoringCase(CharSequence wanted) {
        int hash = 0;
        for (int i = 0; i < wanted.length(); i++) {
            hash = 31 * hash + lower(wanted.charAt(i));
        }
        int slot = spread(hash) & mask;
        for (byte[] text; (text = texts[slot]) != null; slot = (slot + 1) & mask) {
            if (equalsIgnoringCase(text, wanted)) {
                return (V) values[slot];
            }
        }
        return null;
    }

    private static boolean equalsIgnoringCase(byte[] text, CharSequence wanted) {
        if (text.length != wanted.length()) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (text[i] != lower(wanted.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static int lower(char c) {
        return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
    }

    private static int hash(byte[] array, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    private static int spread(int hash) {
        return hash ^ hash >>> 15;
    }
}
