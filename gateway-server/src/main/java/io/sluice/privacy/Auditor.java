package io.sluice.privacy;

import io.sluice.shop.ShopPolicy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tells what a policy would not have let through, of lines that were stored already. Confined to one thread.
 *
 * <p>It scrubs what is stored once more: whatever changes has leaked. Not so what stands in the place of what was
 * scrubbed before, under any policy: words in brackets, asterisks, addresses cut to their network.
 *
 * <p>Made for the few lines that are looked at closely; {@link #isClean} is for the many.
 */
public final class Auditor {

    /** What stands in the place of a value: its kind, and what was made of it. */
    private static final String WORD = "\\[[a-z-]+(?::[A-Za-z0-9+_-]*)?]";

    /** What a mask leaves. */
    private static final String MASK = "[@.+:()/,-]*\\*[@.+:()/,*-]*";

    /** IPv4 with 0 for its last number; IPv6 that goes on with zeros only. */
    private static final String NETWORK = "(?<![\\w.:])(?:\\d{1,3}\\.){3}0(?!\\w|[.:]\\w)"
            + "|[0-9a-fA-F:]*::(?:(?:\\d{1,3}\\.){3}0)?(?![0-9a-fA-F])";

    private static final Pattern WORDS = Pattern.compile(WORD);
    private static final Pattern NETWORKS = Pattern.compile(NETWORK);
    private static final Pattern REPLACED = Pattern.compile("(?:" + WORD + "|" + NETWORK + "|" + MASK + ")+");
    private static final Pattern ALPHANUMERIC = Pattern.compile("[\\p{L}\\p{N}]");

    /** What stays of a masked example beside its asterisks. */
    private static final String SHAPE = "@.-+ :()/,";

    private static final int LONGEST_EXAMPLE = 60;

    /** Digits of the shortest number of a person. */
    private static final int SHORTEST_NUMBER = 7;

    /** Names that make a number of digits alone a telephone's or a person's, in one country or another. */
    private static final List<String> ANNOUNCEMENTS = List.of(
            "phone", "bsn", "ssn_of", "sin", "tfn", "medicare", "nhs", "cpr", "cuit", "rut", "aadhaar", "nif", "oib");

    /** Is told of what was found. */
    @FunctionalInterface
    public interface Visitor {

        /**
         * A piece that is personal.
         *
         * @param kind its name, as policies have it
         * @param example the piece with asterisks for letters and digits
         * @param possible whether it is only if its digits, which nothing announces, are what they may be
         */
        void found(String kind, String example, boolean possible);
    }

    private final LineScrubber judge;
    /** Has a word for each kind. */
    private final LineScrubber names;

    private final boolean broad;
    /** Those of the announcements behind which not every value counts as personal. */
    private final List<String> announcements = new ArrayList<>();

    private Auditor(LineScrubber judge, boolean broad) {
        this.judge = judge;
        this.names = new LineScrubber(Policy.strict(), null);
        this.broad = broad;
        for (String name : ANNOUNCEMENTS) {
            byte[] json = ("{\"" + name + "\":\"x\"}").getBytes(StandardCharsets.US_ASCII);
            if (Arrays.equals(judge.scrub(json, json.length), json)) {
                announcements.add(name);
            }
        }
    }

    /**
     * An auditor that goes by a policy, whichever a line tells of.
     *
     * @param policy name of a preset, or path of a policy file
     * @param broad whether a number of digits alone is told of that may be a telephone's or a person's
     * @throws BadPolicyException with every problem of the file
     * @throws IOException if the file cannot be read
     */
    public static Auditor of(String policy, boolean broad) throws IOException, BadPolicyException {
        return new Auditor(LineScrubber.of(policy, null), broad);
    }

    /** The same by a policy of {@link Policies}, or, of events that were anonymised, by what that makes of these. */
    public static Auditor of(ShopPolicy policy, boolean anonymised, boolean broad) {
        Rules rules = (Rules) policy;
        return new Auditor(new LineScrubber(anonymised ? rules.anonymous() : rules, null), broad);
    }

    /** One that is asked about names only, by the strict policy. */
    public static Auditor ofNames() {
        return new Auditor(new LineScrubber(Policy.strict(), null), false);
    }

    /** Whether the stamp of a record, its {@code pv}, says that the event was anonymised. */
    public static boolean isOfAnonymised(String stamp) {
        return stamp.endsWith(Anonymiser.STAMP);
    }

    /** The stamp of the shop's policy in that of a record. */
    public static String stampOfShop(String stamp) {
        return isOfAnonymised(stamp) ? stamp.substring(0, stamp.length() - Anonymiser.STAMP.length()) : stamp;
    }

    /**
     * Whether nothing at all would be scrubbed of the JSON, without white space. If not, its values may all be clean
     * none the less.
     */
    public boolean isClean(byte[] json, int length) {
        if (broad && holdsNumber(json, 0, length)) {
            return false;
        }
        byte[] scrubbed = judge.scrub(json, length);
        return scrubbed != null && Arrays.equals(scrubbed, 0, scrubbed.length, json, 0, length);
    }

    /**
     * Looks at one value of a line.
     *
     * @param path its names, from the top
     * @param bytes hold it from {@code from} to before {@code to} as JSON: a string, a number or a literal
     */
    public void value(List<String> path, byte[] bytes, int from, int to, Visitor visitor) {
        if (look(path, bytes, from, to, false, visitor) || !broad || !holdsNumber(bytes, from, to)) {
            return;
        }
        byte[] string = bytes[from] == '"'
                ? Arrays.copyOfRange(bytes, from, to)
                : ('"' + text(bytes, from, to) + '"').getBytes(StandardCharsets.UTF_8);
        for (String name : announcements) {
            if (look(List.of(name), string, 0, string.length, true, visitor)) {
                return;
            }
        }
    }

    /** Looks at the name of a member, quotes included, as at a text. */
    public void name(byte[] bytes, int from, int to, Visitor visitor) {
        look(List.of("name"), bytes, from, to, false, visitor);
    }

    private boolean look(List<String> path, byte[] bytes, int from, int to, boolean possible, Visitor visitor) {
        StringBuilder head = new StringBuilder();
        for (String name : path) {
            head.append("{\"").append(escaped(name)).append("\":");
        }
        byte[] before = head.toString().getBytes(StandardCharsets.UTF_8);
        byte[] json = new byte[before.length + to - from + path.size()];
        System.arraycopy(before, 0, json, 0, before.length);
        System.arraycopy(bytes, from, json, before.length, to - from);
        Arrays.fill(json, json.length - path.size(), json.length, (byte) '}');
        byte[] scrubbed = judge.scrub(json, json.length);
        if (scrubbed == null || Arrays.equals(scrubbed, json)) {
            return false;
        }
        byte[] named = names.scrub(json, json.length);
        if (named == null || Arrays.equals(named, json)) {
            // The policy that was given looks for more than the strict one.
            named = scrubbed;
        }
        return tell(json, before.length, before.length + to - from, named, possible, visitor);
    }

    /** Tells what was replaced within the value, and answers whether anything was. */
    private static boolean tell(
            byte[] json, int valueFrom, int valueTo, byte[] scrubbed, boolean possible, Visitor visitor) {
        String value = text(json, valueFrom, valueTo);
        String before = text(json, 0, json.length);
        String after = text(scrubbed, 0, scrubbed.length);
        if (!holdsAnything(value) || without(before).equals(without(after))) {
            return false;
        }
        int same = Arrays.mismatch(json, scrubbed);
        int behind = 0;
        while (behind < Math.min(json.length, scrubbed.length) - same
                && json[json.length - 1 - behind] == scrubbed[scrubbed.length - 1 - behind]) {
            behind++;
        }
        String piece =
                text(json, Math.clamp(same, valueFrom, valueTo), Math.clamp(json.length - behind, valueFrom, valueTo));
        for (Kind kind : kinds(before, after)) {
            visitor.found(kind.key(), masked(piece.isEmpty() ? value : piece), possible);
        }
        return true;
    }

    /** The kinds of which there are more words than before; places become coarse, and have no word. */
    private static Set<Kind> kinds(String before, String after) {
        int[] words = new int[Kind.values().length];
        count(after, 1, words);
        count(before, -1, words);
        words[Kind.IP.ordinal()] -= (int) NETWORKS.matcher(before).results().count();
        Set<Kind> kinds = EnumSet.noneOf(Kind.class);
        for (Kind kind : Kind.values()) {
            if (words[kind.ordinal()] > 0) {
                kinds.add(kind);
            }
        }
        return kinds.isEmpty() ? EnumSet.of(Kind.COORDINATES) : kinds;
    }

    private static void count(String text, int times, int[] words) {
        Matcher matcher = WORDS.matcher(text);
        while (matcher.find()) {
            for (Kind kind : Kind.values()) {
                if (matcher.group().equals("[" + kind.key() + "]")) {
                    words[kind.ordinal()] += times;
                }
            }
        }
    }

    /** The text without what may stand in the place of something else. */
    private static String without(String text) {
        return REPLACED.matcher(text).replaceAll("[]");
    }

    /** Whether anything is left of a value beside what was put in the place of others. */
    private static boolean holdsAnything(String value) {
        boolean literal = value.equals("null") || value.equals("true") || value.equals("false");
        return !literal
                && ALPHANUMERIC.matcher(REPLACED.matcher(value).replaceAll("")).find();
    }

    /** Whether there are as many digits as in the shortest number of a person, with no letters between. */
    private static boolean holdsNumber(byte[] bytes, int from, int to) {
        int digits = 0;
        for (int i = from; i < to; i++) {
            if (Ascii.isDigit(bytes[i])) {
                digits++;
                if (digits == SHORTEST_NUMBER) {
                    return true;
                }
            } else if (Ascii.isLetter(bytes[i])) {
                digits = 0;
            }
        }
        return false;
    }

    private static String masked(String piece) {
        StringBuilder masked = new StringBuilder();
        int i = 0;
        while (i < piece.length() && masked.length() < LONGEST_EXAMPLE) {
            int c = piece.codePointAt(i);
            masked.append(SHAPE.indexOf(c) >= 0 ? (char) c : '*');
            i += Character.charCount(c);
        }
        return i < piece.length() ? masked + "…" : masked.toString();
    }

    private static String escaped(String name) {
        StringBuilder escaped = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '"' || c == '\\') {
                escaped.append('\\').append(c);
            } else if (c < ' ') {
                escaped.append(' ');
            } else {
                escaped.append(c);
            }
        }
        return escaped.toString();
    }

    private static String text(byte[] bytes, int from, int to) {
        return new String(bytes, from, Math.max(0, to - from), StandardCharsets.UTF_8);
    }
}
