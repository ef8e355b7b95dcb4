package io.sluice.privacy;

/**
 * What detectors look at: bytes beneath all encodings, and what stood before them in the event.
 *
 * <p>Confined to its scrubber. Sixteen bytes behind {@link #to} are readable.
 */
final class Text {

    /** Bytes at the end of a name that are looked at. */
    static final int LONGEST_NAME = 64;

    byte[] bytes = {};
    /** Knows how the bytes were encoded; {@code null} if they were not. */
    private DecodedText decoded;

    int from;
    int to;

    /** Names of parameters whose values are personal here. */
    PersonalNames parameters;

    /** The bytes of the event, in which the name of the member ends at {@link #nameTo}. */
    byte[] source = {};

    int nameFrom;
    int nameTo;

    void set(DecodedText decoded, PersonalNames parameters) {
        set(decoded.bytes(), 0, decoded.length(), parameters);
        this.decoded = decoded;
    }

    void set(byte[] bytes, int from, int to, PersonalNames parameters) {
        decoded = null;
        this.parameters = parameters;
        this.bytes = bytes;
        this.from = from;
        this.to = to;
    }

    /** Whether the bytes at these offsets, which are the same, were encoded alike. */
    boolean isSame(int one, int other) {
        return decoded == null || decoded.isSame(one, other);
    }

    /**
     * Whether the byte at {@code at} stands for several characters like the one behind it, as in {@code %412}; not for
     * one that only looks different.
     */
    boolean isEscape(int at) {
        return decoded != null
                && at >= from
                && at + 1 < to
                && !decoded.isLookAlike(at)
                && decoded.to(at) - decoded.from(at) >= 2 * (decoded.to(at + 1) - decoded.from(at + 1));
    }

    /** The byte at {@code at}, or 0 outside of the text. */
    int at(int at) {
        return at >= from && at < to ? bytes[at] : 0;
    }

    /**
     * Remembers the name of the member whose value's quote stands at {@code quote}, if a name precedes it; or of which
     * the value begins right behind that, if it is a number.
     */
    void name(byte[] source, int limit, int quote) {
        this.source = source;
        int at = quote >= limit && source[quote] != '"' ? quote + 1 : quote;
        while (at > limit && source[at - 1] == ' ') {
            at--;
        }
        nameFrom = 0;
        nameTo = 0;
        if (at - limit < 3 || source[at - 1] != ':' || source[at - 2] != '"') {
            return;
        }
        nameTo = at - 2;
        int lowest = Math.max(limit, nameTo - LONGEST_NAME);
        at = nameTo;
        while (at > lowest && source[at - 1] != '"') {
            at--;
        }
        nameFrom = at;
    }
}
