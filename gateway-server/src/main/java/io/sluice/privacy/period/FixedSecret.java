package io.sluice.privacy.period;

import io.sluice.common.SecretStore;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** One secret for all time, which somebody else keeps. Immutable; it never shows the secret. */
public final class FixedSecret implements SecretStore {

    private static final String NAME_OF_ALL = Period.at(Period.Length.NEVER, 0).name();

    private final byte[] secret;
    private final String source;

    private FixedSecret(byte[] secret, String source) {
        this.secret = secret;
        this.source = source;
    }

    /**
     * Reads 64 hexadecimal digits.
     *
     * @param source where they come from, for people
     * @throws IllegalArgumentException if they are none; its message does not show them
     */
    public static FixedSecret parse(String text, String source) {
        String digits = text.strip();
        try {
            if (digits.length() == 2 * SECRET_BYTES) {
                return new FixedSecret(HexFormat.of().parseHex(digits), source);
            }
        } catch (IllegalArgumentException e) {
            // Told below, without its message, which quotes the text.
        }
        throw new IllegalArgumentException("expected a secret of " + 2 * SECRET_BYTES + " hexadecimal digits, found "
                + digits.length() + " characters");
    }

    @Override
    public byte[] find(String name) {
        return name.equals(NAME_OF_ALL) ? secret.clone() : null;
    }

    /** Never: there is one only. */
    @Override
    public byte[] make(String name, byte[] proposal) {
        throw new UnsupportedOperationException("there is one secret only, in " + source);
    }

    /** Since ever: nobody here knows when. */
    @Override
    public SortedMap<String, Long> made() {
        return new TreeMap<>(Map.of(NAME_OF_ALL, 0L));
    }

    /** Never: it matters to those only who make secrets or destroy them. */
    @Override
    public long nowMillis() {
        throw new UnsupportedOperationException("there is one secret only, in " + source);
    }

    @Override
    public void destroy(String name) {
        throw new UnsupportedOperationException("the secret is kept by others, in " + source);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FixedSecret that && Arrays.equals(secret, that.secret);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(secret);
    }

    /** Where it comes from. */
    @Override
    public String toString() {
        return source;
    }

    @Override
    public void close() {
        // Nothing is held but the secret.
    }
}
