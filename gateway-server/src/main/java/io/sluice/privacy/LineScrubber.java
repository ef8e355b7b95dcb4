package io.sluice.privacy;

import io.sluice.json.JsonWriter;
import io.sluice.json.Scanner;
import io.sluice.privacy.period.Period;
import io.sluice.privacy.period.PeriodSecret;
import io.sluice.record.Field;
import io.sluice.shop.Shop;
import io.sluice.shop.ShopPolicy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Scrubs events that stand in lines already, as the gateway would. Confined to one thread. */
public final class LineScrubber {

    private final Scanner scanner = new Scanner();
    private final Rules rules;
    private final Scrubber scrubber;
    private final MarkedCopy copy;
    private byte[] dst = new byte[1024];

    LineScrubber(Policy policy, Pseudonyms pseudonyms) {
        this(new Rules(policy), pseudonyms);
    }

    LineScrubber(Rules rules, Pseudonyms pseudonyms) {
        this.rules = rules;
        scrubber = new Scrubber(rules, pseudonyms);
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

    /** The same by a policy of {@link Policies}. */
    public static LineScrubber of(ShopPolicy policy, byte[] secret, String shop) {
        return new LineScrubber((Rules) policy, pseudonyms(secret, shop));
    }

    /**
     * The same of an event as a client sends it, which may call fields of the schema otherwise: a member of which the
     * policy says something as of a field gets that one's name, as it does when it is stored. Of several that mean one
     * field that counts whose name stands first; the others are properties.
     *
     * @param names of fields, in the order in which they count
     */
    public byte[] scrubEvent(byte[] line, int length, Map<String, Field> names) {
        byte[] src = Arrays.copyOf(line, length + Scanner.PADDING);
        scanner.reset(src, length);
        int at = MemberValue.space(src, 0);
        if (rules.fieldBits() == 0 || scanner.document(0) == Scanner.FAILED || src[at] != '{') {
            return scrub(line, length);
        }
        Map<Integer, String> found = new TreeMap<>();
        at = MemberValue.space(src, at + 1);
        while (src[at] != '}') {
            int behind = MemberValue.string(src, at);
            found.put(at + 1, new String(src, at + 1, behind - at - 2, StandardCharsets.UTF_8));
            at = MemberValue.space(src, behind);
            at = MemberValue.space(src, MemberValue.end(src, MemberValue.space(src, at + 1)));
            at = src[at] == ',' ? MemberValue.space(src, at + 1) : at;
        }
        Map<Integer, Field> renamed = new TreeMap<>();
        Set<Field> taken = EnumSet.noneOf(Field.class);
        names.forEach((name, field) -> found.forEach((place, text) -> {
            if (text.equals(name) && (rules.fieldBits() & 1 << field.ordinal()) != 0 && taken.add(field)) {
                renamed.put(place, field);
            }
        }));
        ByteArrayOutputStream out = new ByteArrayOutputStream(length);
        int from = 0;
        for (Map.Entry<Integer, Field> each : renamed.entrySet()) {
            out.write(src, from, each.getKey() - from);
            out.writeBytes(each.getValue().key().getBytes(StandardCharsets.US_ASCII));
            from = each.getKey() + found.get(each.getKey()).length();
        }
        out.write(src, from, length - from);
        return scrub(out.toByteArray(), out.size());
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
