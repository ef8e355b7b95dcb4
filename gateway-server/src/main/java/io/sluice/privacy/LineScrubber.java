package io.sluice.privacy;

import io.sluice.json.JsonWriter;
import io.sluice.json.Scanner;
import io.sluice.privacy.period.Period;
import io.sluice.privacy.period.PeriodSecret;
import io.sluice.shop.Shop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/** Scrubs events that stand in lines already, as the gateway would. Confined to one thread. */
public final class LineScrubber {

    private final Scanner scanner = new Scanner();
    private final Scrubber scrubber;
    private final MarkedCopy copy;
    private byte[] dst = new byte[1024];

    LineScrubber(Policy policy, Pseudonyms pseudonyms) {
        scrubber = new Scrubber(new Rules(policy), pseudonyms);
        copy = new MarkedCopy(scrubber);
    }

    /** Without a secret none: what should become a pseudonym is removed. */
    private static Pseudonyms pseudonyms(byte[] secret, String shop) {
        if (secret == null) {
            return null;
        }
        PeriodSecret always = new PeriodSecret(Period.at(Period.Length.NEVER, 0), secret);
        HmacPseudonyms pseudonyms = new HmacPseudonyms(millis -> always, null);
        pseudonyms.begin(new Shop(shop, 0, Set.of()), 0);
        return pseudonyms;
    }

    /** As below, for the shop {@code demo}. */
    static LineScrubber of(String policy, byte[] secret) throws IOException, BadPolicyException {
        return of(policy, secret, "demo");
    }

    static LineScrubber of(Policy policy, byte[] secret) {
        return new LineScrubber(policy, pseudonyms(secret, "demo"));
    }

    /**
     * A scrubber that goes by a policy.
     *
     * @param policy name of a preset, or path of a policy file
     * @param secret of a period, for pseudonyms; without, what should become one is removed
     * @param shop whose pseudonyms they are
     * @throws BadPolicyException with every problem of the file
     * @throws IOException if the file cannot be read
     */
    public static LineScrubber of(String policy, byte[] secret, String shop) throws IOException, BadPolicyException {
        Policy preset = Policy.preset(policy);
        return new LineScrubber(preset != null ? preset : PolicyFile.load(Path.of(policy)), pseudonyms(secret, shop));
    }

    /**
     * The line without what is personal in it and without insignificant white space, or {@code null} if it is no JSON.
     * {@link #faultOffset} then says where it went wrong.
     *
     * @param line one JSON text; the bytes behind {@code length} are not looked at
     */
    public byte[] scrub(byte[] line, int length) {
        byte[] src = Arrays.copyOf(line, length + Scanner.PADDING);
        scrubber.begin();
        copy.prepare(scanner);
        scanner.reset(src, length);
        if (scanner.document(0) == Scanner.FAILED) {
            return null;
        }
        int bound = scrubber.bound(length) + JsonWriter.SLACK;
        if (dst.length < bound) {
            dst = new byte[2 * bound];
        }
        return Arrays.copyOf(dst, copy.copy(scanner, 0, length, 0, scanner.marks(), dst, 0));
    }

    public int faultOffset() {
        return scanner.faultOffset();
    }
}
