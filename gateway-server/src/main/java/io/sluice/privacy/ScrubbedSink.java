package io.sluice.privacy;

import io.sluice.common.Decimal;
import io.sluice.common.Uuid7;
import io.sluice.json.JsonWriter;
import io.sluice.json.Scanner;
import io.sluice.metrics.Cells;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Metrics;
import io.sluice.metrics.Reason;
import io.sluice.metrics.ShopCells;
import io.sluice.privacy.consent.Consent;
import io.sluice.privacy.consent.Form;
import io.sluice.privacy.period.PeriodSecret;
import io.sluice.record.Field;
import io.sluice.record.LineBuffer;
import io.sluice.shop.Shop;
import java.util.UUID;

/**
 * The only way to a block: writes scanned events as lines, without what is personal in them.
 *
 * <p>Confined to its thread, a loop or the bulk worker. Owns nothing but scratch; the line buffers are the thread's.
 * Allocates nothing once its scratch has grown to the largest event. Bytes that the scanner has not marked are copied a
 * word or a block at a time, marked strings go through the {@link Scrubber}.
 *
 * <pre>
 *   within?  (begin   (startEvent (set | sent | member | consent)* (endEvent | nothing))*  reject*   end | rollback)*
 * </pre>
 *
 * <p>An event is only noted while it is scanned and written when it is known to be good, so one that turns out bad has
 * left nothing behind.
 */
public final class ScrubbedSink {

    /** Most bytes that the User-Agent header takes up in each event. */
    public static final int MAX_AGENT = 512;

    /** Field names, quotes, commas, an id, a time and an agent's families, all present; else a line is counted. */
    private static final int FIXED = 256 + AgentFamilies.MAX_LENGTH + JsonWriter.SLACK;

    /** Digits of a time in milliseconds, from 2001 on. */
    private static final int MILLIS_DIGITS = 13;

    /** Of a turn, for an event in which nothing is suspected: some hundred nanoseconds. */
    private static final int EVENT_STEPS = 64;

    private static final Field[] FIELDS = Field.values();
    private static final byte[] PROPS = LineKeys.KEYS[Field.PROPS.ordinal()];

    /** Fields that stand between {@code ip} and {@code consent}. */
    private static final int MIDDLE = bit(Field.AGENT)
            | bit(Field.URL)
            | bit(Field.REFERRER)
            | bit(Field.USER)
            | bit(Field.ANONYMOUS)
            | bit(Field.SESSION)
            | bit(Field.CONSENT);

    /** Fields that stand first. */
    private static final int HEAD = bit(Field.ID) | bit(Field.EVENT);

    /** Fields that say where it happened. */
    private static final int PLACES = bit(Field.URL) | bit(Field.REFERRER);

    /** Fields whose values come from the client. */
    private static final int SETTABLE = HEAD | MIDDLE;

    private final Cells cells;
    private final Uuid7 ids;
    private final LineBuffer rejected;
    private final Scrubber scrubber;
    private final HmacPseudonyms pseudonyms;
    private final MarkedCopy copy;
    /** Of shops without a policy. */
    private final Rules rules;

    /** What has been found in the request so far. */
    private final Findings found = new Findings();

    private final Consent consent = new Consent();
    private final Anonymiser anonymiser;
    /** Ids of lines that do not tell their time. */
    private final Uuid7 hourlyIds = new Uuid7();

    private final Envelope envelope;
    private final ShopCells shops;

    private Shop shop;
    private LineBuffer events;
    private int eventsBefore;
    private int rejectedBefore;
    private int bytesBefore;
    private long receivedMillis;
    /** In which what the scrubber remembers was seen. */
    private long hour;

    private boolean addressKnown;
    private boolean agentReduced;
    /** A bit for each field for which the policy has a rule. */
    private int fieldRules;

    private final NotedEvent event = new NotedEvent();

    /** {@code null} in one that takes its time. */
    private Turn turn;

    /** As below, but what should become a pseudonym is removed. */
    public ScrubbedSink(Metrics metrics, Cells cells, Uuid7 ids, UUID incarnation, int log, LineBuffer rejected) {
        this(metrics, cells, ids, incarnation, log, rejected, millis -> null);
    }

    /**
     * A sink that goes by the policy of each shop, and by the strict one where a shop has none.
     *
     * @param metrics gives the sink cells of its own for what is counted by shop
     * @param cells of the loop
     * @param secrets what pseudonyms are made with
     */
    public ScrubbedSink(
            Metrics metrics,
            Cells cells,
            Uuid7 ids,
            UUID incarnation,
            int log,
            LineBuffer rejected,
            PeriodSecret.Source secrets) {
        pseudonyms = new HmacPseudonyms(secrets, cells);
        scrubber = new Scrubber(new Rules(Policy.strict()), pseudonyms);
        copy = new MarkedCopy(scrubber);
        rules = scrubber.rules();
        anonymiser = new Anonymiser(rules.anonymous());
        this.cells = cells;
        shops = metrics.newShopCells(Findings.COUNTED);
        this.ids = ids;
        this.rejected = rejected;
        envelope = new Envelope(incarnation, log);
    }

    /**
     * From now on, works within this turn: when that is over, any call may end by {@link Turn.Over}, and must be
     * followed by {@link #rollback}.
     */
    public void within(Turn turn) {
        this.turn = turn;
        scrubber.allowance().within(turn);
        anonymiser.within(turn);
    }

    /**
     * Begins a request, whose events go to {@code events}.
     *
     * @param via name of the protocol, which needs no escaping
     * @param addressLength 4, 16, or 0 if the address is unknown
     * @param userAgent the header in ISO 8859-1, or nothing
     */
    public void begin(
            Shop shop,
            String via,
            long receivedMillis,
            byte[] address,
            int addressLength,
            byte[] userAgent,
            int userAgentLength,
            LineBuffer events) {
        this.events = events;
        this.receivedMillis = receivedMillis;
        eventsBefore = events.lines();
        rejectedBefore = rejected.lines();
        bytesBefore = events.size() + rejected.size();
        // One snapshot for all of the request: what is chosen by shop is chosen here.
        this.shop = shop;
        Rules rules = shop.policy() == null ? this.rules : (Rules) shop.policy();
        if (Anonymiser.hour(receivedMillis) != hour) {
            hour = Anonymiser.hour(receivedMillis);
            scrubber.forget();
        }
        scrubber.rules(rules);
        anonymiser.begin(rules.anonymous());
        consent.begin(rules.consent(), shop.regionBytes());
        scrubber.begin();
        scrubber.pseudonymsOf(shop, receivedMillis);
        found.clear();

        envelope.begin(shop, via, receivedMillis, rules.stamp());
        addressKnown = addressLength != 0;
        if (addressKnown) {
            envelope.address(address, addressLength, scrubber);
        }
        fieldRules = rules.fieldBits();
        agentReduced = rules.reducesAgents();
        if (userAgentLength != 0) {
            envelope.agent(userAgent, userAgentLength, scrubber);
        }
    }

    /** When the request was received, in milliseconds since the epoch. */
    public long receivedMillis() {
        return receivedMillis;
    }

    /** Begins to note an event, the values of which {@code scanner} scans. */
    public void startEvent(Scanner scanner) {
        if (turn != null) {
            turn.spend(EVENT_STEPS);
        }
        copy.prepare(scanner);
        consent.startEvent();
        event.begin(scanner);
    }

    /** Whether the event has the field already. */
    public boolean has(Field field) {
        return event.has(field);
    }

    /**
     * Takes the value {@code [from, to)} for a field, in place of what it had. It was scanned last, and
     * {@code firstMark} was the number of marks before.
     */
    public void set(Field field, int from, int to, int firstMark) {
        assert (SETTABLE & bit(field)) != 0;
        event.set(field, -1, from, to, firstMark, event.scanner.marks());
    }

    /**
     * As {@link #set}, of a value behind the field's own name, the quote of which stands at {@code name}, as it will in
     * the line: neighbours of this kind are copied as one.
     */
    public void setNamed(Field field, int name, int from, int to, int firstMark) {
        assert (SETTABLE & bit(field)) != 0;
        assert name < from && event.scanner.bytes()[name] == '"';
        boolean own = from - name == LineKeys.length(field.ordinal());
        event.set(field, own ? name : -1, from, to, firstMark, event.scanner.marks());
    }

    /** The time of the event by the client's clock. */
    public void sent(long epochMillis) {
        event.sent(epochMillis, -1);
    }

    /** The same of a time that stands in 13 digits at {@code digits}, the first a one: they are copied as they are. */
    public void sent(long epochMillis, int digits) {
        assert event.scanner.bytes()[digits] == '1';
        event.sent(epochMillis, digits);
    }

    /**
     * Takes {@code [from, to)}, one member or several with commas between, into props; its marks are those from
     * {@code firstMark} to before {@code lastMark}.
     */
    public void member(int from, int to, int firstMark, int lastMark) {
        event.member(from, to, firstMark, lastMark);
    }

    /**
     * What the request says about consent. Filled between {@link #begin} and the first event, with what headers,
     * cookies and the visitor's country say.
     */
    public Consent requestConsent() {
        return consent;
    }

    /**
     * Takes what the event says about consent, in {@code [from, to)} of any bytes that stay as they are until the event
     * ends. Every protocol hands over here what it has; what is made of it is none of its business.
     */
    public void consent(Form form, byte[] bytes, int from, int to) {
        consent.take(form, bytes, from, to);
    }

    /** Writes the event as a line, as whole as its visitor has consented to. It has at least a name. */
    public void endEvent() {
        assert has(Field.EVENT);
        switch (consent.decide()) {
            case KEEP -> keep();
            case ANONYMISE -> anonymise(true);
            case COUNT -> anonymise(false);
        }
    }

    /**
     * Writes the event without what tells visitors apart: an id that is ours, name, shop, the hour; and if
     * {@code whole}, where it happened and its properties.
     */
    private void anonymise(boolean whole) {
        byte[] src = event.scanner.bytes();
        int present = event.present;
        int at = events.size();
        byte[] dst = events.ensure(at, FIXED + envelope.length() + anonymiser.bound(event.bytes));
        long hour = Anonymiser.hour(receivedMillis);

        at = id(hourlyIds, hour, dst, at);
        int i = Field.EVENT.ordinal();
        at = anonymiser.value(Field.EVENT, src, event.from(i), event.to(i), dst, name(Field.EVENT, dst, at));
        at = envelope.shop.copyTo(dst, at);
        at = Decimal.write(hour, dst, name(Field.RECEIVED, dst, at));
        if (whole && (present & bit(Field.SENT)) != 0) {
            at = Decimal.write(Anonymiser.hour(event.sentMillis), dst, name(Field.SENT, dst, at));
        }
        for (int rest = whole ? present & PLACES : 0; rest != 0; rest &= rest - 1) {
            i = Integer.numberOfTrailingZeros(rest);
            at = anonymiser.value(FIELDS[i], src, event.from(i), event.to(i), dst, name(FIELDS[i], dst, at));
        }
        at = name(Field.CONSENT, dst, at);
        byte[] note = consent.note();
        dst[at] = '"';
        System.arraycopy(note, 0, dst, at + 1, note.length);
        at += note.length + 1;
        dst[at++] = '"';
        at = Anonymiser.stamp(dst, envelope.viaAndPolicy.copyTo(dst, at));
        if (whole && event.membersLength != 0) {
            at = name(Field.PROPS, dst, at);
            for (int k = 0; k < event.membersLength; k += 4) {
                dst[at++] = (byte) (k == 0 ? '{' : ',');
                at = anonymiser.members(src, event.members[k], event.members[k + 1], dst, at);
            }
            dst[at++] = '}';
        }
        at = scrubbed(anonymiser.found(), at);
        envelope.endHourlyLine(events, at);
    }

    private void keep() {
        int present = event.present;
        int at = events.size();
        byte[] dst = events.ensure(at, FIXED + envelope.length() + scrubber.bound(event.bytes));

        if ((present & bit(Field.ID)) == 0) {
            at = id(ids, receivedMillis, dst, at);
        }
        at = fields(present & HEAD, dst, at);
        if ((present & bit(Field.SENT)) != 0) {
            at = sent(dst, envelope.shopTimeAndSent.copyTo(dst, at));
        } else {
            at = envelope.shopAndTime.copyTo(dst, at);
        }
        boolean own = (present & bit(Field.AGENT)) != 0;
        at = (own ? envelope.address : envelope.addressAndAgent).copyTo(dst, at);
        int middle = present & MIDDLE;
        if (own && agentReduced) {
            middle &= ~bit(Field.AGENT);
            at = reducedAgent(dst, at);
        }
        at = fields(middle, dst, at);
        at = event.membersLength == 0
                ? envelope.viaAndPolicy.copyTo(dst, at)
                : props(dst, envelope.viaPolicyAndProps.copyTo(dst, at));
        Findings here = scrubber.found();
        if (!own) {
            here.addAll(envelope.inAgent);
        }
        at = scrubbed(here, at);
        envelope.endLine(events, at);
    }

    /** Writes the fields, a bit each. Those that stand side by side as they will in the line are copied as one. */
    private int fields(int fields, byte[] dst, int at) {
        byte[] src = event.scanner.bytes();
        int begin = 0;
        int end = 0;
        for (int rest = fields; rest != 0; rest &= rest - 1) {
            int i = Integer.numberOfTrailingZeros(rest);
            int name = (fieldRules >>> i & 1) == 0 ? event.asItStands(i) : -1;
            if (name >= 0 && name == end + 1 && src[end] == ',' && end > begin) {
                end = event.to(i);
                continue;
            }
            at = JsonWriter.copy(src, begin, end, dst, at);
            if (name >= 0) {
                dst[at++] = (byte) (i == 0 ? '{' : ',');
                begin = name;
                end = event.to(i);
            } else {
                begin = 0;
                end = 0;
                at = value(i, dst, LineKeys.write(i, dst, at));
            }
        }
        return JsonWriter.copy(src, begin, end, dst, at);
    }

    /** The time by the client's clock. */
    private int sent(byte[] dst, int at) {
        int digits = event.sentDigits;
        return digits < 0
                ? Decimal.write(event.sentMillis, dst, at)
                : JsonWriter.copy(event.scanner.bytes(), digits, digits + MILLIS_DIGITS, dst, at);
    }

    /** All members behind the opening brace, and the closing one. */
    private int props(byte[] dst, int from) {
        int[] members = event.members;
        int length = event.membersLength;
        int at = from;
        for (int i = 0; ; ) {
            at = copy.copy(event.scanner, members[i], members[i + 1], members[i + 2], members[i + 3], PROPS, dst, at);
            i += 4;
            if (i >= length) {
                dst[at] = '}';
                return at + 1;
            }
            dst[at++] = ',';
        }
    }

    /** Writes what was found in the event, if anything was, and takes it up for the request. */
    private int scrubbed(Findings here, int at) {
        if (here.isEmpty()) {
            return at;
        }
        byte[] dst = events.ensure(at, LineKeys.length(Field.SCRUBBED.ordinal()) + Findings.bound() + FIXED);
        int behind = here.write(dst, name(Field.SCRUBBED, dst, at));
        found.addAll(here);
        here.clear();
        return behind;
    }

    /** An id of the gateway's own. */
    private static int id(Uuid7 ids, long epochMillis, byte[] dst, int at) {
        int begin = name(Field.ID, dst, at);
        dst[begin] = '"';
        ids.write(epochMillis, dst, begin + 1);
        dst[begin + 1 + Uuid7.TEXT_LENGTH] = '"';
        return begin + Uuid7.TEXT_LENGTH + 2;
    }

    /**
     * Writes what became of an event that is not taken to the rejected group, and nothing that it holds.
     *
     * @param index number of the event in the request, from 0
     * @param offset where in the body the reason was found
     * @param length bytes of the event
     */
    public void reject(Reason reason, int index, int offset, int length) {
        RejectedLine.write(envelope, reason, index, offset, length, rejected);
    }

    /** Bytes of lines that the request has staged so far, in both buffers. */
    public int stagedBytes() {
        return events.size() + rejected.size() - bytesBefore;
    }

    /** Forgets what was seen and the keys that pseudonyms were made with, between two requests. */
    public void forget() {
        scrubber.forget();
        pseudonyms.forget();
    }

    /** Ends a request that was taken. */
    public void end() {
        if (!found.isEmpty()) {
            found.count(cells, shops, shop.id());
            found.clear();
        }
        consent.count(cells, true);
        pseudonyms.count();
        if (addressKnown) {
            cells.increment(Counter.SCRUBBED_ADDRESSES);
        }
    }

    /** Drops every line of the request from both buffers. May be called again, and instead of {@link #end} only. */
    public void rollback() {
        events.rollback(eventsBefore);
        rejected.rollback(rejectedBefore);
        found.clear();
        consent.count(cells, false);
    }

    /** Writes what is left of the event's own agent, a string. */
    private int reducedAgent(byte[] dst, int at) {
        int i = Field.AGENT.ordinal();
        if (scrubber.rules().client().agent() == ClientData.Agent.DROP) {
            return at;
        }
        at = name(Field.AGENT, dst, at);
        dst[at] = '"';
        at = AgentFamilies.write(event.scanner.bytes(), event.from(i) + 1, event.to(i) - 1, dst, at + 1);
        dst[at] = '"';
        return at + 1;
    }

    /** Copies a field's value but for its marks, unless there is a rule for it. */
    private int value(int i, byte[] dst, int at) {
        Scanner scanner = event.scanner;
        byte[] key = LineKeys.KEYS[i];
        int from = event.from(i);
        int to = event.to(i);
        if ((fieldRules >>> i & 1) != 0) {
            NameRule rule = scrubber.rules().field(FIELDS[i]);
            return copy.field(rule, scanner, from, to, event.firstMark(i), event.lastMark(i), key, dst, at);
        }
        return copy.copy(scanner, from, to, event.firstMark(i), event.lastMark(i), key, dst, at);
    }

    private static int name(Field field, byte[] dst, int at) {
        return LineKeys.write(field, dst, at);
    }

    private static int bit(Field field) {
        return NotedEvent.bit(field);
    }
}
