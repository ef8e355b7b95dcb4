package io.sluice.privacy.consent;

import io.sluice.common.Hex;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What has been said about an event, by its request and by itself, and what is done with it.
 *
 * <p>Role: the one judge of consent. Threads: its loop's. Ownership: a place in a string of GPP is kept until the
 * event is decided. Cost: where nothing is said, a few instructions an event; no allocation once its scratch has
 * grown.
 *
 * <pre>
 *   begin   headers? country? cookies?   (startEvent take* decide)*   count
 * </pre>
 *
 * <p>One refusal, by whatever signal that the policy listens to, outweighs all consent.
 */
public final class Consent {

    private static final Signal[] SIGNALS = Signal.values();
    private static final Decision[] DECISIONS = Decision.values();
    /** What a line says of a decision and its cause: {@code anonymised:gpc}. */
    private static final byte[][] NOTES = new byte[DECISIONS.length * (SIGNALS.length + 1)][];

    private static final byte[] UNSAID = "unsaid".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TCF_COOKIE = "euconsent-v2".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ONETRUST_COOKIE = "OptanonConsent".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COOKIEBOT_COOKIE = "CookieConsent".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONSENT = "consent".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] CONSENT_MANAGEMENT = "consentManagement".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] GROUPS = "groups=".getBytes(StandardCharsets.US_ASCII);

    static {
        for (Decision decision : DECISIONS) {
            for (int cause = 0; cause <= SIGNALS.length; cause++) {
                String name =
                        cause < SIGNALS.length ? SIGNALS[cause].key() : new String(UNSAID, StandardCharsets.US_ASCII);
                NOTES[note(decision, cause)] = (decision.done() + ":" + name).getBytes(StandardCharsets.US_ASCII);
            }
        }
    }

    private final TcString tcString = new TcString();
    private final GppString gppString = new GppString(tcString);
    private final Choices choices = new Choices();
    private final Pairs pairs = new Pairs();
    private final Members member = new Members();
    private final SnowplowConsent snowplow = new SnowplowConsent();
    private byte[] decoded = new byte[1024];

    // Of the request.
    private ConsentTable table;
    private int place;
    private int requestRefused;
    private int requestGranted;

    // Of the event.
    private int refused;
    private int granted;
    private boolean gdprApplies;
    private byte[] gpp;
    private int gppFrom;
    private int gppTo;
    private long gppSections;
    private byte[] note;

    // Not counted yet.
    private final int[] decisions = new int[DECISIONS.length];
    private final int[] refusals = new int[SIGNALS.length];
    private final int[] grants = new int[SIGNALS.length];

    /**
     * Begins a request.
     *
     * @param region of the shop, as {@link #country} has it, or nothing
     */
    public void begin(ConsentTable table, byte[] region) {
        this.table = table;
        place = ConsentTable.place(region, 0, region.length);
        requestRefused = 0;
        requestGranted = 0;
        // What a request left that a decoder's error ended is not of this one.
        forget();
        startEvent();
    }

    /** The headers {@code Sec-GPC: 1} and {@code DNT: 1}. */
    public void headers(boolean globalPrivacyControl, boolean doNotTrack) {
        requestRefused |= (globalPrivacyControl ? Signal.GPC.bit() : 0) | (doNotTrack ? Signal.DNT.bit() : 0);
    }

    /** Where the visitor is: two letters of ISO 3166, what follows a dash is left out. What is none is not heeded. */
    public void country(byte[] bytes, int length) {
        int visitor = ConsentTable.place(bytes, 0, length);
        place = visitor == ConsentTable.NOWHERE ? place : visitor;
    }

    /** Cookies of consent as they stand in the header Cookie (RFC 6265, section 4.2.1), no others among them. */
    public void cookies(byte[] bytes, int length) {
        int from = 0;
        while (from < length) {
            int end = from;
            int equals = -1;
            for (; end < length && bytes[end] != ';'; end++) {
                equals = equals < 0 && bytes[end] == '=' ? end : equals;
            }
            while (from < end && bytes[from] == ' ') {
                from++;
            }
            if (equals > from) {
                cookie(bytes, from, equals, end);
            }
            from = end + 1;
        }
        requestRefused |= refused;
        requestGranted |= granted;
        startEvent();
    }

    private void cookie(byte[] bytes, int from, int equals, int end) {
        int length = decode(bytes, equals + 1, end);
        if (is(TCF_COOKIE, bytes, from, equals)) {
            tcf(decoded, 0, length);
        } else if (is(ONETRUST_COOKIE, bytes, from, equals)) {
            int groups = groups(length);
            int groupsEnd = groups;
            while (groupsEnd < length && decoded[groupsEnd] != '&') {
                groupsEnd++;
            }
            categories(decoded, groups, groupsEnd);
        } else if (!isNotAsked(bytes, from, equals, length)) {
            any(decoded, 0, length);
            if (gpp != null) {
                gpp();
            }
        }
    }

    /** Whether it is Cookiebot's {@code -1}: no banner was shown, since the visitor's region asks for none. */
    private boolean isNotAsked(byte[] bytes, int from, int equals, int length) {
        return length > 0 && decoded[0] == '-' && is(COOKIEBOT_COOKIE, bytes, from, equals);
    }

    /** Where the groups begin in a cookie of OneTrust, {@code a=b&groups=C0001:1,C0002:0&…}, or its end. */
    private int groups(int length) {
        for (int at = 0; at + GROUPS.length <= length; at++) {
            if ((at == 0 || decoded[at - 1] == '&') && is(GROUPS, decoded, at, at + GROUPS.length)) {
                return at + GROUPS.length;
            }
        }
        return length;
    }

    /** Undoes percent-encoding into scratch, and answers how long it is then. */
    private int decode(byte[] bytes, int from, int to) {
        if (decoded.length < to - from) {
            decoded = new byte[2 * (to - from)];
        }
        int length = 0;
        for (int at = from; at < to; at++) {
            byte b = bytes[at];
            if (b == '%' && at + 2 < to && Hex.value(bytes[at + 1]) >= 0 && Hex.value(bytes[at + 2]) >= 0) {
                b = (byte) (Hex.value(bytes[at + 1]) << 4 | Hex.value(bytes[at + 2]));
                at += 2;
            }
            decoded[length++] = b;
        }
        return length;
    }

    /** Begins an event of the request, which has said nothing itself. */
    public void startEvent() {
        refused = 0;
        granted = 0;
        gdprApplies = true;
        gpp = null;
        gppSections = -1;
    }

    /**
     * Takes what the event says about consent: the text in {@code [from, to)}, or the JSON value, quotes included. The
     * bytes stay as they are until {@link #decide}.
     */
    public void take(Form form, byte[] bytes, int from, int to) {
        if (to - from >= 2 && bytes[from] == '"' && bytes[to - 1] == '"') {
            from++;
            to--;
        }
        switch (form) {
            case ANY -> any(bytes, from, to);
            case TCF -> tcf(bytes, from, to);
            case GDPR_APPLIES -> gdprApplies &= Choices.answer(bytes, from, to) != Choices.NO;
            case GPP -> gpp(bytes, from, to);
            case GPP_SECTIONS -> gppSections = sections(bytes, from, to);
            case US_PRIVACY -> said(Signal.US_PRIVACY, UsPrivacy.said(bytes, from, to));
            case GCS -> said(Signal.GOOGLE, GoogleConsent.status(bytes, from, to));
            case GCD -> said(Signal.GOOGLE, GoogleConsent.defaults(bytes, from, to));
            case CATEGORIES -> categories(bytes, from, to);
            case CONTEXT -> context(bytes, from, to);
            case SNOWPLOW -> said(Signal.SNOWPLOW, snowplow.said(bytes, from, to, table.categories()));
        }
    }

    private void context(byte[] bytes, int from, int to) {
        member.begin(bytes, from, to);
        while (member.next()) {
            if (is(CONSENT, bytes, member.nameFrom(), member.nameTo())
                    || is(CONSENT_MANAGEMENT, bytes, member.nameFrom(), member.nameTo())) {
                any(bytes, member.valueFrom(), member.valueTo());
            }
        }
    }

    private void any(byte[] bytes, int from, int to) {
        if (string(bytes, from, to)) {
            return;
        }
        switch (Choices.answer(bytes, from, to)) {
            case Choices.YES -> said(Signal.WORD, Said.GRANTED);
            case Choices.NO -> said(Signal.WORD, Said.REFUSED);
            default -> {
                if (categories(bytes, from, to)) {
                    strings(bytes, from, to);
                }
            }
        }
    }

    /** Takes those values of names that are such strings. */
    private void strings(byte[] bytes, int from, int to) {
        pairs.reset(bytes, from, to);
        while (pairs.next()) {
            if (pairs.hasName() && pairs.hasValue()) {
                string(bytes, pairs.valueFrom(), pairs.valueTo());
            }
        }
    }

    /** Takes a string that looks like none but itself, and answers whether it is such a one. */
    private boolean string(byte[] bytes, int from, int to) {
        if (UsPrivacy.is(bytes, from, to)) {
            said(Signal.US_PRIVACY, UsPrivacy.said(bytes, from, to));
        } else if (GoogleConsent.isStatus(bytes, from, to)) {
            said(Signal.GOOGLE, GoogleConsent.status(bytes, from, to));
        } else if (!tcf(bytes, from, to)) {
            return gpp(bytes, from, to);
        }
        return true;
    }

    private boolean tcf(byte[] bytes, int from, int to) {
        if (!tcString.read(bytes, from, to)) {
            return false;
        }
        said(Signal.TCF, tcString.said(table.purposes()));
        return true;
    }

    private boolean gpp(byte[] bytes, int from, int to) {
        if (gpp != null || !gppString.read(bytes, from, to)) {
            return false;
        }
        // Read when the sections are known that apply.
        gpp = bytes;
        gppFrom = from;
        gppTo = to;
        return true;
    }

    private void gpp() {
        if (gppString.read(gpp, gppFrom, gppTo)) {
            long european = 1L << GppString.TC_STRING;
            said(Signal.GPP, gppString.said(gdprApplies ? gppSections : gppSections & ~european, table.purposes()));
        }
        gpp = null;
    }

    /** Bit n for each number n in {@code 7,8}, {@code 7_8} or {@code [7, 8]}; none for {@code -1}, all for nothing. */
    private static long sections(byte[] bytes, int from, int to) {
        if (from < to && bytes[from] == '-') {
            return 0;
        }
        long sections = 0;
        int number = -1;
        for (int i = from; i <= to; i++) {
            int digit = i < to ? bytes[i] - '0' : -1;
            if (digit >= 0 && digit <= 9) {
                number = Math.min(Long.SIZE, 10 * Math.max(number, 0) + digit);
            } else if (number >= 0) {
                sections |= number > 0 && number < Long.SIZE ? 1L << number : 0;
                number = -1;
            }
        }
        return sections == 0 ? -1 : sections;
    }

    /** Takes yes and no to categories, and answers whether there are other values with names. */
    private boolean categories(byte[] bytes, int from, int to) {
        choices.begin(table.categories());
        boolean others = choices.read(bytes, from, to);
        said(Signal.CATEGORIES, choices.said());
        return others;
    }

    private void said(Signal signal, Said said) {
        switch (said) {
            case NOTHING -> {}
            case GRANTED -> granted |= signal.bit();
            case REFUSED -> refused |= signal.bit();
        }
    }

    /** Decides what is done with the event, of which all is known now. */
    public Decision decide() {
        if (gpp != null) {
            gpp();
        }
        int heeded = gdprApplies ? table.heeded() : table.heeded() & ~Signal.TCF.bit();
        int no = (requestRefused | refused) & heeded;
        int yes = (requestGranted | granted) & heeded;
        Said said = no != 0 ? Said.REFUSED : yes != 0 ? Said.GRANTED : Said.NOTHING;
        Decision decision = table.decide(place, said);
        note = NOTES[note(decision, Math.min(SIGNALS.length, Integer.numberOfTrailingZeros(no)))];
        decisions[decision.ordinal()]++;
        for (int rest = no; rest != 0; rest &= rest - 1) {
            refusals[Integer.numberOfTrailingZeros(rest)]++;
        }
        for (int rest = yes; rest != 0; rest &= rest - 1) {
            grants[Integer.numberOfTrailingZeros(rest)]++;
        }
        return decision;
    }

    /** What a line says of the last decision: {@code anonymised:gpc}. Needs no escaping; never to be written to. */
    public byte[] note() {
        return note;
    }

    /** Adds what was decided since the last call to the counters, or forgets it. */
    public void count(Cells cells, boolean kept) {
        if (kept) {
            for (Decision decision : DECISIONS) {
                add(cells, decision.counter(), decisions[decision.ordinal()]);
            }
            for (Signal signal : SIGNALS) {
                add(cells, signal.refused(), refusals[signal.ordinal()]);
                add(cells, signal.granted(), grants[signal.ordinal()]);
            }
        }
        forget();
    }

    /** Signals that never grant have no counter for it, and no grants. */
    private static void add(Cells cells, Counter counter, int times) {
        if (times != 0) {
            cells.add(counter, times);
        }
    }

    private void forget() {
        Arrays.fill(decisions, 0);
        Arrays.fill(refusals, 0);
        Arrays.fill(grants, 0);
    }

    private static int note(Decision decision, int cause) {
        return decision.ordinal() * (SIGNALS.length + 1) + cause;
    }

    private static boolean is(byte[] word, byte[] bytes, int from, int to) {
        if (to - from != word.length) {
            return false;
        }
        for (int i = 0; i < word.length; i++) {
            if (bytes[from + i] != word[i]) {
                return false;
            }
        }
        return true;
    }
}
