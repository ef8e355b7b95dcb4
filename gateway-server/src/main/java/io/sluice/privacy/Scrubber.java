package io.sluice.privacy;

import io.sluice.json.JsonWriter;
import io.sluice.json.Scanner;
import io.sluice.json.Utf8;
import io.sluice.shop.Shop;
import java.util.Arrays;

/**
 * Copies one string without what is personal in it, as the rules of the moment say.
 *
 * <p>Confined to its sink. Three sieves, each dearer than the one before and reached by fewer strings: the scanner
 * suspects a string, the {@link Sieve} looks at its bits and has it marked, {@link DecodedText} undoes its encodings.
 */
final class Scrubber {

    /** Rounds until a text comes to rest; nearly all do in the second, which finds nothing. */
    private static final int ROUNDS = 3;

    private final Findings found = new Findings();
    private final DecodedText decoded = new DecodedText();
    private final Text text = new Text();
    private final Allowance allowance = new Allowance();
    private final Finder finder = new Finder(allowance);
    private final Pseudonyms pseudonyms;
    private final Replacement replacement;
    private Rules rules;

    /** {@code null} in one that remembers nothing. */
    private final KnownTexts known;

    /** Whether the last round has changed anything. */
    private boolean replaced;
    /** Whether it has found nothing, not even what is kept. */
    private boolean clean;

    private byte[] written = new byte[256];
    private byte[] rewritten = new byte[256];

    /** One that knows clean texts when they come again. */
    Scrubber(Rules rules, Pseudonyms pseudonyms) {
        this(rules, pseudonyms, new KnownTexts());
    }

    /** One that keeps no text, for what its sender has not agreed to have kept. */
    static Scrubber forgetful(Rules rules) {
        return new Scrubber(rules, null, null);
    }

    private Scrubber(Rules rules, Pseudonyms pseudonyms, KnownTexts known) {
        this.known = known;
        this.rules = rules;
        this.pseudonyms = pseudonyms;
        this.replacement = new Replacement(pseudonyms);
    }

    /** Goes by these rules from now on. */
    void rules(Rules rules) {
        this.rules = rules;
    }

    /** Takes pseudonyms of this shop and moment from now on. */
    void pseudonymsOf(Shop shop, long receivedMillis) {
        if (pseudonyms != null) {
            pseudonyms.begin(shop, receivedMillis);
        }
    }

    Rules rules() {
        return rules;
    }

    /** Most bytes that a string of {@code length} bytes can become. */
    int bound(int length) {
        return rules.bound(length);
    }

    /**
     * Copies the content of a JSON string, {@code [from, to)} without its quotes, and answers the offset behind the
     * copy. What was found is counted in {@link #found}.
     *
     * @param limit where in {@code src} the name of the member may begin at the earliest; {@code from} if it has none
     */
    int copy(byte[] src, int limit, int from, int to, byte[] dst, int at) {
        return copy(src, limit, from, to, Sieve.classes(src, from, to), dst, at);
    }

    /** The same of a string that the {@link Sieve} has found to be in these classes. */
    int copy(byte[] src, int limit, int from, int to, int classes, byte[] dst, int at) {
        clean = true;
        if (classes == 0) {
            return JsonWriter.copy(src, from, to, dst, at);
        }
        if (to - from < KnownTexts.SHORTEST || known == null) {
            return scrub(src, limit, from, to, classes, rules.parameters(), 0, dst, at);
        }
        // What a text is depends on the name of its member, if that can be seen.
        text.name(src, limit, from - 1);
        int begin = text.nameTo > text.nameFrom ? text.nameFrom : from;
        boolean fits = KnownTexts.fits(begin, to);
        if (fits && known.contains(rules, src, begin, to)) {
            return JsonWriter.copy(src, from, to, dst, at);
        }
        int end = scrub(src, limit, from, to, classes, rules.parameters(), 0, dst, at);
        if (fits && clean) {
            known.add(rules, src, begin, to);
        }
        return end;
    }

    /** Whether this text, which has no member's name, is known to be clean: it {@link KnownTexts#fits}. */
    boolean isKnown(byte[] text, int length) {
        return known != null && known.contains(rules, text, 0, length);
    }

    /** Takes up that nothing was found in the text that was copied last, if so: it has no member's name, and fits. */
    void know(byte[] text, int length) {
        if (known != null && clean) {
            known.add(rules, text, 0, length);
        }
    }

    /**
     * Writes the string {@code [from, to)}, quotes included, in which there are names of parameters that count there
     * alone, and which is looked at for them whatever it holds.
     */
    int parameters(PersonalNames parameters, byte[] src, int from, int to, byte[] dst, int at) {
        int classes = Sieve.classes(src, from + 1, to - 1) | Sieve.PARAMETER;
        dst[at] = '"';
        int end = scrub(src, from + 1, from + 1, to - 1, classes, parameters, Sieve.PARAMETER, dst, at + 1);
        dst[end] = '"';
        return end + 1;
    }

    /** @param anyway classes that the text is taken for beneath its encodings, whatever it holds there */
    private int scrub(
            byte[] src,
            int limit,
            int from,
            int to,
            int classes,
            PersonalNames parameters,
            int anyway,
            byte[] dst,
            int at) {
        long before = allowance.spent();
        int end = once(src, limit, from, to, classes, parameters, anyway, true, dst, at);
        if (!replaced) {
            return end;
        }
        long spent = allowance.spent();
        end = settle(before, src, limit, from, bound(to - from), parameters, anyway, dst, at, end);
        allowance.back(spent);
        clean = false;
        return end;
    }

    /**
     * Scrubs what was written at {@code [at, end)} until nothing more is found: a piece that went may have kept apart
     * what is a number without it. What does not come to rest, or would outgrow {@code most}, goes as a whole.
     *
     * @param spent steps before the text was looked at first: each round may take as many as that did
     */
    private int settle(
            long spent,
            byte[] src,
            int limit,
            int from,
            int most,
            PersonalNames parameters,
            int anyway,
            byte[] dst,
            int at,
            int end) {
        int name = from - limit;
        for (int round = 0; round < ROUNDS; round++) {
            int to = name + end - at;
            if (written.length < to + 1 + Scanner.PADDING) {
                written = new byte[2 * to + 1 + Scanner.PADDING];
            }
            System.arraycopy(src, limit, written, 0, name);
            System.arraycopy(dst, at, written, name, end - at);
            written[to] = '"';
            Arrays.fill(written, to + 1, to + 1 + Scanner.PADDING, (byte) 0);
            int classes = Sieve.classes(written, name, to) | anyway;
            if (classes == 0) {
                return end;
            }
            if (rewritten.length < bound(end - at) + JsonWriter.SLACK) {
                rewritten = new byte[2 * bound(end - at) + JsonWriter.SLACK];
            }
            allowance.back(spent);
            int length = once(written, 0, name, to, classes, parameters, anyway, false, rewritten, 0);
            if (!replaced) {
                return end;
            }
            if (length > most) {
                break;
            }
            System.arraycopy(rewritten, 0, dst, at, length);
            end = at + length;
        }
        found.add(Kind.UNREAD, Action.REMOVE);
        return replacement.write(Kind.UNREAD, Action.REMOVE, dst, at, end, dst, at);
    }

    /**
     * As {@link #scrub}, but that it may have to be done again if it has {@link #replaced} something.
     *
     * @param first whether the text is as it came, and everything that is found counts; else, only what changes
     */
    private int once(
            byte[] src,
            int limit,
            int from,
            int to,
            int suspected,
            PersonalNames parameters,
            int anyway,
            boolean first,
            byte[] dst,
            int at) {
        replaced = false;
        clean = true;
        int classes = suspected;
        boolean encoded = (classes & Sieve.ENCODED) != 0;
        allowance.pass(to - from);
        if (encoded) {
            decoded.decode(src, from, to);
            allowance.pass(to - from);
            text.set(decoded, parameters);
            classes = Sieve.classes(text.bytes, 0, text.to)
                    | anyway
                    | suspected & Sieve.NUMBER
                    | (NestedMember.mayBeIn(text) ? Sieve.MEMBER : 0)
                    | (Coordinates.mayBeIn(text) || CardNumber.mayBeBehindPercent(text) ? Sieve.NUMBER : 0);
        } else {
            text.set(src, from, to, parameters);
        }
        text.name(src, limit, from - 1);
        finder.begin(text, classes, rules);
        int copied = from;
        int looked = text.from;
        while (finder.next(looked)) {
            clean = false;
            Kind kind = finder.kind();
            int begin = finder.begin();
            looked = finder.end();
            if (finder.action() == Action.KEEP) {
                continue;
            }
            int piece = Math.max(copied, encoded ? characterBegin(src, decoded.from(begin), from) : begin);
            int behind = encoded ? characterEnd(src, decoded.to(looked - 1), to) : looked;
            int begun = JsonWriter.copy(src, copied, piece, dst, at);
            int quote = finder.quote();
            at = quote(src, from, to, quote, dst, begun);
            at = replacement.write(kind, finder.action(), text.bytes, begin, looked, dst, at);
            at = quote(src, from, to, quote, dst, at);
            copied = behind;
            boolean changed = !Arrays.equals(src, piece, Math.max(piece, behind), dst, begun, at);
            replaced |= changed;
            if (changed || first) {
                found.add(kind, replacement.done());
            }
        }
        return JsonWriter.copy(src, copied, to, dst, at);
    }

    /** Writes the quote at {@code quote} of the decoded text as it is encoded there, unless that is -1. */
    private int quote(byte[] src, int from, int to, int quote, byte[] dst, int at) {
        return quote < 0
                ? at
                : JsonWriter.copy(
                        src,
                        characterBegin(src, decoded.from(quote), from),
                        characterEnd(src, decoded.to(quote), to),
                        dst,
                        at);
    }

    /**
     * Writes what stands in the place of the value {@code [from, to)} of a member, which is neither empty nor a
     * literal: a string, but for a number that is only truncated.
     */
    int field(Action action, byte[] src, int from, int to, byte[] dst, int at) {
        boolean string = src[from] == '"';
        if (!string && action == Action.TRUNCATE && Replacement.isDecimal(src, from, to)) {
            int end = replacement.write(Kind.FIELD, action, src, from, to, dst, at);
            if (end - at < to - from) {
                found.add(Kind.FIELD, action);
            }
            return end;
        }
        dst[at++] = '"';
        if (string) {
            decoded.decode(src, from + 1, to - 1);
            at = replacement.write(Kind.FIELD, action, decoded.bytes(), 0, decoded.length(), dst, at);
        } else {
            at = replacement.write(Kind.FIELD, action == Action.HASH ? action : Action.REMOVE, src, from, to, dst, at);
        }
        found.add(Kind.FIELD, replacement.done());
        dst[at] = '"';
        return at + 1;
    }

    /** Writes numbers that are a place on the earth, half of one, or a list of such, as the rules say of places. */
    int place(byte[] src, int from, int to, byte[] dst, int at) {
        Action action = rules.action(Kind.COORDINATES);
        if (action == Action.TRUNCATE || action == Action.BUCKET) {
            if (!Points.hasExponent(src, from, to)) {
                found.add(Kind.COORDINATES, action);
                return Points.cut(src, from, to, dst, at);
            }
            action = Action.REMOVE;
        }
        dst[at] = '"';
        int end = replacement.write(Kind.COORDINATES, action, src, from, to, dst, at + 1);
        found.add(Kind.COORDINATES, replacement.done());
        dst[end] = '"';
        return end + 1;
    }

    /** The rule of a member's name, beneath its encodings if the {@link Sieve} saw some; or {@code null}. */
    NameRule rule(byte[] src, int from, int to, int classes) {
        if ((classes & Sieve.ENCODED) == 0) {
            return rules.members().rule(src, from, to);
        }
        decoded.decode(src, from, to);
        return rules.members().rule(decoded.bytes(), 0, decoded.length());
    }

    /** Writes what stands in the place of text under a name that is personal. */
    int replace(Action action, byte[] value, int from, int to, byte[] dst, int at) {
        return replacement.write(Kind.FIELD, action, value, from, to, dst, at);
    }

    /** What was done last: what should become a pseudonym is removed where there is no secret. */
    Action done() {
        return replacement.done();
    }

    /** Writes the pseudonym of a value. */
    int pseudonym(Kind kind, byte[] value, int from, int to, byte[] dst, int at) {
        return replacement.write(kind, Action.HASH, value, from, to, dst, at);
    }

    /** Detectors may take encoded bytes and raw ones for one character; what is left must be UTF-8 all the same. */
    static int characterBegin(byte[] src, int at, int from) {
        while (at > from && Utf8.continues(src[at])) {
            at--;
        }
        return at;
    }

    static int characterEnd(byte[] src, int at, int to) {
        while (at < to && Utf8.continues(src[at])) {
            at++;
        }
        return at;
    }

    /** Forgets the texts that it knows. */
    void forget() {
        known.clear();
    }

    /** Begins with another request. */
    void begin() {
        allowance.begin();
        found.clear();
    }

    /** So many bytes of the request have gone through: detectors may do more for it. */
    void passed(int bytes) {
        allowance.passed(bytes);
    }

    /** What the detectors have done for this request. */
    Allowance allowance() {
        return allowance;
    }

    /** What has been found. Whoever takes it clears it. */
    Findings found() {
        return found;
    }
}
