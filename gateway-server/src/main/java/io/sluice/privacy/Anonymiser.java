package io.sluice.privacy;

import io.sluice.json.Scanner;
import io.sluice.record.Field;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * Copies the parts of an event that is anonymised: again scanned, by rules that look for more.
 *
 * <p>Confined to its sink. Only events that were refused consent cost this second pass; it allocates nothing once its
 * scratch has grown. Unlike the sink's own, its scrubber remembers no texts: whole URLs pass through it that their
 * visitors have not agreed to have kept, and are cut behind it.
 */
final class Anonymiser {

    /** What stands behind the name of the shop's policy, which chose, for the one that scrubbed, and more. */
    static final String STAMP = "+" + Policy.strict().stamp();

    private static final byte[] STAMP_END = (STAMP + '"').getBytes(StandardCharsets.US_ASCII);

    private final Scanner scanner = new Scanner();
    private final Scrubber scrubber;
    private final MarkedCopy copy;

    Anonymiser(Rules rules) {
        scrubber = Scrubber.forgetful(rules);
        copy = new MarkedCopy(scrubber);
    }

    /** From now on, works within this turn. */
    void within(Turn turn) {
        scrubber.allowance().within(turn);
    }

    /** Begins with another request, and goes by these rules. */
    void begin(Rules rules) {
        scrubber.rules(rules);
        scrubber.begin();
    }

    /** Most bytes that {@code length} bytes can become. */
    int bound(int length) {
        return scrubber.bound(length);
    }

    /** What has been found. Whoever takes it clears it. */
    Findings found() {
        return scrubber.found();
    }

    /** The beginning of the hour. */
    static long hour(long epochMillis) {
        return TimeUnit.HOURS.toMillis(TimeUnit.MILLISECONDS.toHours(epochMillis));
    }

    /** Adds to the policy's stamp, whose closing quote stands before {@code at}, that the event was anonymised. */
    static int stamp(byte[] dst, int at) {
        System.arraycopy(STAMP_END, 0, dst, at - 1, STAMP_END.length);
        return at - 1 + STAMP_END.length;
    }

    /** Copies the value {@code [from, to)} of a field, and answers the offset behind the copy. */
    int value(Field field, byte[] src, int from, int to, byte[] dst, int at) {
        begin(src, to);
        int behind = scanner.value(from, 0);
        assert behind == to;
        NameRule rule = scrubber.rules().field(field);
        byte[] root = LineKeys.KEYS[field.ordinal()];
        int end = rule == null
                ? copy.copy(scanner, from, to, 0, scanner.marks(), root, dst, at)
                : copy.field(rule, scanner, from, to, 0, scanner.marks(), root, dst, at);
        return field == Field.URL || field == Field.REFERRER
                ? UrlQueries.cutWhole(dst, at, end)
                : UrlQueries.cut(dst, at, end);
    }

    /** Copies members {@code [from, to)} of props, with commas between them. */
    int members(byte[] src, int from, int to, byte[] dst, int at) {
        begin(src, to);
        int next = scanner.space(from);
        while (next < to) {
            next = scanner.space(scanner.value(scanner.name(next), 1));
            assert next == to || src[next] == ',';
            next = next < to ? scanner.space(next + 1) : to;
        }
        byte[] root = LineKeys.KEYS[Field.PROPS.ordinal()];
        return UrlQueries.cut(dst, at, copy.copy(scanner, from, to, 0, scanner.marks(), root, dst, at));
    }

    /** Takes up the bytes, which are known to be valid JSON. */
    private void begin(byte[] src, int to) {
        copy.prepare(scanner);
        scanner.reset(src, to);
    }
}
