package io.sluice.privacy;

import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.privacy.period.PeriodSecret;
import io.sluice.shop.Shop;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * HMAC-SHA-256 (RFC 2104) under a key of the shop, which is derived from the period's secret; cut to 64 bits.
 *
 * <p>Confined to its thread. Owns the padded keys of the last shops that it met, at most {@value #SLOTS}, and forgets
 * them with their period. Allocates nothing: four compressions for a pseudonym, by the processor's own instructions
 * where {@link MessageDigest} uses them, and four more for a shop whose key is not at hand. A keyed state to begin from
 * would save two of the four, but the JDK cannot copy one without allocating, and SHA-256 in Java costs more than it
 * saves (PseudonymBench).
 *
 * <pre>
 *   key of a shop = HMAC(secret of the period, "shop" 00 id)         pseudonym = HMAC(key, value in its plain form)
 * </pre>
 *
 * <p>The kind of a value is no part of it, so that an address of mail in a field {@code email} and one in a text are
 * one.
 */
final class HmacPseudonyms implements Pseudonyms {

    private static final int SLOTS = 256;
    /** Of the shortest telephone number. */
    private static final int PHONE_DIGITS = 7;

    private static final int BLOCK = 64;
    private static final int DIGEST = 32;
    /** Inner and outer key, each as long as a block. */
    private static final int PADS = 2 * BLOCK;

    private static final byte[] SHOP = "shop\0".getBytes(StandardCharsets.US_ASCII);

    private final PeriodSecret.Source secrets;
    private final Cells cells;
    private final MessageDigest sha;
    private final byte[] digest = new byte[DIGEST];
    private final byte[] plain = new byte[256];

    // Of the period.
    private PeriodSecret secret;
    private final byte[] secretPads = new byte[PADS];
    private final byte[][] shops = new byte[SLOTS][];
    private final byte[] shopPads = new byte[SLOTS * PADS];

    // Of the request.
    private Shop shop;
    private int pads = -1;
    /** What could not be hashed, until it is known whether the request is taken. */
    private int missed;

    /** @param cells what is removed for want of a secret is counted here; {@code null} if nobody counts */
    HmacPseudonyms(PeriodSecret.Source secrets, Cells cells) {
        this.secrets = secrets;
        this.cells = cells;
        try {
            sha = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256, which every Java has", e);
        }
    }

    @Override
    public void begin(Shop shop, long receivedMillis) {
        this.shop = shop;
        pads = -1;
        missed = 0;
        if (secret == null || !secret.covers(receivedMillis)) {
            period(secrets.at(receivedMillis));
        }
    }

    /** Counts what could not be hashed of a request that was taken. */
    void count() {
        if (missed > 0) {
            cells.add(Counter.PSEUDONYMS_MISSED, missed);
            missed = 0;
        }
    }

    /** Forgets secret and keys, and overwrites the keys; the next request brings them back. */
    void forget() {
        period(null);
    }

    private void period(PeriodSecret next) {
        if (next != secret) {
            Arrays.fill(shops, null);
            Arrays.fill(shopPads, (byte) 0);
            Arrays.fill(secretPads, (byte) 0);
        }
        secret = next;
        if (next != null) {
            pad(next.bytes(), secretPads, 0);
        }
    }

    @Override
    public boolean write(Kind kind, byte[] value, int from, int to, byte[] dst, int at) {
        if (secret == null) {
            missed++;
            return false;
        }
        if (pads < 0) {
            pads = padsOf(shop);
        }
        sha.update(shopPads, pads, BLOCK);
        update(kind, value, from, to);
        finish(shopPads, pads);
        for (int i = 0; i < LENGTH; i++) {
            dst[at + i] = (byte) ('a' + (digest[i >> 1] >> ((i & 1) << 2) & 15));
        }
        return true;
    }

    /**
     * The plain form, by kind as PRIVACY.md says: how a number is grouped does not make it another one, nor do capital
     * letters but in secrets, nor white space around. A value under a name is what it is to the letter, since two ids
     * may differ in a dash or a capital; but for what is without doubt an address of mail, by its {@code @}, or a
     * telephone number, by its plus sign.
     */
    private void update(Kind kind, byte[] value, int valueFrom, int valueTo) {
        int from = valueFrom;
        int to = valueTo;
        if (kind != Kind.SECRET) {
            while (from < to && isSpace(value[from])) {
                from++;
            }
            while (from < to && isSpace(value[to - 1])) {
                to--;
            }
        }
        boolean plus = isPlus(value, from, to);
        boolean phone = (kind == Kind.PHONE || kind == Kind.FIELD && plus) && isPhone(value, from, to);
        boolean grouped = phone || isGrouped(kind);
        boolean international = plus;
        if (phone) {
            int number = behindPrefix(value, from, to);
            international |= number > from;
            from = number;
        }
        boolean exact = kind == Kind.SECRET || kind == Kind.FIELD && !phone && !isMail(value, from, to);
        int length = 0;
        for (int i = from; i < to; i++) {
            int c = value[i];
            if (grouped && !Ascii.isAlphanumeric(c)) {
                // Of +49 (0)151 the zero is dialled at home only.
                i += phone && international && isTrunk(value, i, to) ? 2 : 0;
                continue;
            }
            if (length == plain.length) {
                sha.update(plain, 0, length);
                length = 0;
            }
            plain[length++] = (byte) (exact ? c : Ascii.lower(c));
        }
        sha.update(plain, 0, length);
    }

    /** Whether it begins with a plus sign, be it in parentheses. */
    private static boolean isPlus(byte[] value, int from, int to) {
        return from < to && (value[from] == '+' || value[from] == '(' && from + 1 < to && value[from + 1] == '+');
    }

    private static boolean isMail(byte[] value, int from, int to) {
        for (int i = from; i < to; i++) {
            if (value[i] == '@') {
                return true;
            }
        }
        return false;
    }

    /** Whether {@code (0)} stands there. */
    private static boolean isTrunk(byte[] value, int at, int to) {
        return at + 2 < to && value[at] == '(' && value[at + 1] == '0' && value[at + 2] == ')';
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c >= '\t' && c <= '\r';
    }

    /** Whether there are digits as in a telephone number, and nothing else but what is put between. */
    private static boolean isPhone(byte[] value, int from, int to) {
        int digits = 0;
        for (int i = from; i < to; i++) {
            byte c = value[i];
            if (Ascii.isDigit(c)) {
                digits++;
            } else if (c != '+' && c != '(' && c != ')' && c != '-' && c != '.' && c != '/' && c != ' ') {
                return false;
            }
        }
        return digits >= PHONE_DIGITS;
    }

    /** Behind the two zeros that stand for a plus sign, if it begins with them. */
    private static int behindPrefix(byte[] value, int from, int to) {
        int zeros = 0;
        for (int i = from; i < to && zeros < 2; i++) {
            if (value[i] == '0') {
                zeros++;
            } else if (Ascii.isDigit(value[i])) {
                return from;
            }
            if (zeros == 2) {
                return i + 1;
            }
        }
        return from;
    }

    private static boolean isGrouped(Kind kind) {
        return switch (kind) {
            case IBAN, CARD, MAC, ID, PHONE -> true;
            // In an address or a place, where one number ends is what matters.
            case IP, COORDINATES, EMAIL, SECRET, FIELD, UNREAD -> false;
        };
    }

    /** Where the shop's keys stand, in a slot that it may have taken from another. */
    private int padsOf(Shop shop) {
        byte[] id = shop.idBytes();
        int slot = (shop.hash() ^ shop.hash() >>> 16) & SLOTS - 1;
        if (shops[slot] == null || !Arrays.equals(shops[slot], id)) {
            sha.update(secretPads, 0, BLOCK);
            sha.update(SHOP);
            sha.update(id);
            finish(secretPads, 0);
            pad(digest, shopPads, slot * PADS);
            shops[slot] = id;
        }
        return slot * PADS;
    }

    /** The outer half of HMAC; the result is in {@link #digest}. */
    private void finish(byte[] keys, int from) {
        try {
            sha.digest(digest, 0, DIGEST);
            sha.update(keys, from + BLOCK, BLOCK);
            sha.update(digest, 0, DIGEST);
            sha.digest(digest, 0, DIGEST);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 has " + DIGEST + " bytes", e);
        }
    }

    private void pad(byte[] longKey, byte[] dst, int at) {
        // RFC 2104, section 2: a key that is longer than a block is hashed first.
        byte[] key = longKey.length <= BLOCK ? longKey : sha.digest(longKey);
        for (int i = 0; i < BLOCK; i++) {
            int k = i < key.length ? key[i] : 0;
            dst[at + i] = (byte) (k ^ 0x36);
            dst[at + BLOCK + i] = (byte) (k ^ 0x5c);
        }
    }
}
