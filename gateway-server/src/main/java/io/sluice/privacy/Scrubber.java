package io.sluice.privacy;

import io.sluice.json.JsonWriter;
import io.sluice.json.Swar;
import io.sluice.json.Utf8;
import io.sluice.metrics.Cells;

/**
 * Copies one string without what its detectors find in it.
 *
 * <p>Confined to its sink. Three sieves, each dearer than the one before and reached by fewer strings: the scanner has
 * marked the string, {@link #mayHold} looks at its candidate bytes, {@link DecodedText} undoes its encodings.
 */
final class Scrubber {

    private static final long ATS = Swar.all('@');
    private static final long PERCENTS = Swar.all('%');
    private static final long BACKSLASHES = Swar.all('\\');

    /** One line for each kind of personal data. Each looks at what the ones before it have left. */
    private final Detector[] detectors = {new EmailDetector()};

    private final int[] found = new int[detectors.length];
    private final DecodedText decoded = new DecodedText();

    /** Most bytes that a string of {@code length} bytes can become: nothing found is shorter than four bytes. */
    static int bound(int length) {
        return 2 * length;
    }

    /**
     * Copies the content of a JSON string, {@code [from, to)} without its quotes, and answers the offset behind the
     * copy. What was found is counted with {@link #count}.
     */
    int copy(byte[] src, int from, int to, byte[] dst, int at) {
        if (!mayHold(src, from, to)) {
            return JsonWriter.copy(src, from, to, dst, at);
        }
        decoded.decode(src, from, to);
        byte[] text = decoded.bytes();
        int length = decoded.length();
        int copied = from;
        int looked = 0;
        for (; ; ) {
            Detector first = null;
            for (Detector detector : detectors) {
                if (detector.find(text, looked, length) && (first == null || detector.begin() < first.begin())) {
                    first = detector;
                }
            }
            if (first == null) {
                return JsonWriter.copy(src, copied, to, dst, at);
            }
            at = JsonWriter.copy(
                    src, copied, Math.max(copied, characterBegin(src, decoded.from(first.begin()), from)), dst, at);
            byte[] replacement = first.replacement();
            System.arraycopy(replacement, 0, dst, at, replacement.length);
            at += replacement.length;
            looked = first.end();
            copied = characterEnd(src, decoded.to(looked - 1), to);
            note(first);
        }
    }

    /** Detectors may take encoded bytes and raw ones for one character; what is left must be UTF-8 all the same. */
    private static int characterBegin(byte[] src, int at, int from) {
        while (at > from && Utf8.continues(src[at])) {
            at--;
        }
        return at;
    }

    private static int characterEnd(byte[] src, int at, int to) {
        while (at < to && Utf8.continues(src[at])) {
            at++;
        }
        return at;
    }

    private void note(Detector detector) {
        for (int i = 0; i < detectors.length; i++) {
            if (detectors[i] == detector) {
                found[i]++;
            }
        }
    }

    /** Adds what was found since the last call to the counters, or forgets it. */
    void count(Cells cells, boolean kept) {
        for (int i = 0; i < detectors.length; i++) {
            if (found[i] != 0) {
                if (kept) {
                    cells.add(detectors[i].counter(), found[i]);
                }
                found[i] = 0;
            }
        }
    }

    /** Whether an {@code @} may be in it: as it stands, percent-encoded or escaped, any number of times. */
    static boolean mayHold(byte[] src, int from, int to) {
        for (int at = from; at < to; at += 8) {
            long word = Swar.word(src, at);
            long hits = (~(Swar.differs(word, ATS) & Swar.differs(word, PERCENTS) & Swar.differs(word, BACKSLASHES))
                            & ~word)
                    & Swar.HIGH_BITS;
            while (hits != 0) {
                int hit = at + (Long.numberOfTrailingZeros(hits) >>> 3);
                if (hit < to && mayBegin(src, hit, to)) {
                    return true;
                }
                hits &= hits - 1;
            }
        }
        return false;
    }

    private static boolean mayBegin(byte[] src, int at, int to) {
        int first = src[at];
        if (first == '@') {
            return true;
        }
        if (at + 2 >= to) {
            return false;
        }
        int second = src[at + 1];
        int third = src[at + 2];
        if (first == '%') {
            // %40, %u0040, %25…, %5C…, or one of them with a digit escaped or encoded in turn.
            return second == 'u'
                    || isEncoded(second)
                    || second == '4' && (third == '0' || isEncoded(third))
                    || second == '2' && (third == '5' || isEncoded(third))
                    || second == '5' && ((third | 0x20) == 'c' || isEncoded(third));
        }
        // \u0000 to \u007f, with any of it but the backslash encoded in turn.
        if (second != 'u') {
            return second == '%';
        }
        if (third != '0' || at + 5 >= to) {
            return isEncoded(third);
        }
        return src[at + 3] == '0' ? src[at + 4] < '8' || isEncoded(src[at + 4]) : isEncoded(src[at + 3]);
    }

    private static boolean isEncoded(int b) {
        return b == '%' || b == '\\';
    }
}
