package io.sluice.privacy;

import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/** HMAC-SHA-256 (RFC 2104) under one secret, cut to 64 bits. Upper case and lower case are one in an e-mail address. */
final class HmacPseudonyms implements Pseudonyms {

    private final Mac mac;
    private final byte[] digest = new byte[32];

    HmacPseudonyms(byte[] secret) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        } catch (NoSuchAlgorithmException | InvalidKeyException e) {
            throw new IllegalStateException("HmacSHA256, which every Java has", e);
        }
    }

    @Override
    public void write(Kind kind, byte[] value, int from, int to, byte[] dst, int at) {
        mac.update((byte) kind.ordinal());
        for (int i = from; i < to; i++) {
            int c = value[i];
            // How a number is grouped does not make it another one.
            if (kind == Kind.EMAIL || kind == Kind.SECRET || kind == Kind.FIELD || Ascii.isAlphanumeric(c)) {
                mac.update((byte) (kind == Kind.SECRET ? c : Ascii.lower(c)));
            }
        }
        try {
            mac.doFinal(digest, 0);
        } catch (ShortBufferException e) {
            throw new IllegalStateException(e);
        }
        for (int i = 0; i < LENGTH; i++) {
            dst[at + i] = (byte) ('a' + (digest[i >> 1] >> ((i & 1) << 2) & 15));
        }
    }
}
