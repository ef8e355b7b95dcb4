package io.sluice.privacy;

import io.sluice.json.JsonWriter;
import io.sluice.privacy.period.PeriodSecret;
import io.sluice.shop.Shop;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which pseudonyms stand for a value: for whoever answers a person's request. Confined to one thread.
 *
 * <p>The value is scrubbed as the gateway would scrub it under a policy that hashes, so that what comes out is what was
 * stored. It is in no message.
 */
public final class PseudonymLookup {

    private static final Pattern PSEUDONYM =
            Pattern.compile("\\[([a-z]+):[a-p]{" + Pseudonyms.LENGTH + "}]", Pattern.CASE_INSENSITIVE);

    private PseudonymLookup() {}

    /** The kinds that a value may be of, as policies name them. */
    public static List<String> kinds() {
        return Arrays.stream(Kind.values()).map(Kind::key).toList();
    }

    /**
     * The pseudonyms of a value, such as {@code [email:cdpmabkfhgeolnij]}.
     *
     * @param kind one of {@link #kinds}; {@code field} is the value of a member that a policy hashes by its name, such
     *     as an id of a visitor
     * @return empty if nothing of this kind is found in it
     */
    public static List<String> of(PeriodSecret secret, String shop, String kind, String value) {
        HmacPseudonyms pseudonyms = new HmacPseudonyms(millis -> secret, null);
        pseudonyms.begin(new Shop(shop, 0, Set.of()), secret.period().fromMillis());
        byte[] line = line(value);
        byte[] scrubbed = new LineScrubber(policy(kind), pseudonyms).scrub(line, line.length);
        Set<String> found = new LinkedHashSet<>();
        Matcher matcher = PSEUDONYM.matcher(new String(scrubbed, StandardCharsets.UTF_8));
        while (matcher.find()) {
            if (matcher.group(1).equals(kind)) {
                found.add(matcher.group());
            }
        }
        return List.copyOf(found);
    }

    private static byte[] line(String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        byte[] line = new byte[6 * text.length + 32];
        int at = JsonWriter.ascii("{\"value\":\"", line, 0);
        for (byte b : text) {
            if (b >= 0) {
                at = JsonWriter.character(b, line, at);
            } else {
                line[at++] = b;
            }
        }
        return Arrays.copyOf(line, JsonWriter.ascii("\"}", line, at));
    }

    /** Hashes what is of the kind, and keeps everything else. */
    private static Policy policy(String kind) {
        StringBuilder detect = new StringBuilder();
        List<String> names = new ArrayList<>(kinds());
        names.remove(Kind.FIELD.key());
        for (String name : names) {
            detect.append(detect.isEmpty() ? "" : ", ").append(name).append(name.equals(kind) ? ": hash" : ": keep");
        }
        String fields = kind.equals(Kind.FIELD.key()) ? "\nfields: {value: hash}" : "";
        try {
            return PolicyFile.parse(
                    "name: lookup\nversion: 1\npreset: minimal\ndetect: {" + detect + "}" + fields, "lookup");
        } catch (BadPolicyException e) {
            throw new IllegalStateException("a policy of our own: " + e.getMessage(), e);
        }
    }
}
