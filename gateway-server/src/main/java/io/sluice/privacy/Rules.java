package io.sluice.privacy;

import io.sluice.json.StringFilter;
import io.sluice.privacy.consent.ConsentTable;
import io.sluice.record.Field;
import io.sluice.shop.ShopPolicy;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/** A {@link Policy} as the hot path asks it: what to mark, and what to do with what was found. Immutable in use. */
final class Rules implements StringFilter, ShopPolicy {

    private final Policy policy;
    private final String stamp;
    private final Action[] actions = new Action[Kind.values().length];
    private final FieldRules fields;
    private final long ids;
    private final boolean hashes;
    private final ConsentTable consent;
    /** {@code null} if these are such rules themselves. */
    private final Rules anonymous;

    /** Names that are marked: at least those of {@link #fields}. */
    private PersonalNames marked;

    Rules(Policy policy) {
        this(policy, new ConsentTable(policy.consent()), new Rules(policy.anonymous(), null, null));
    }

    private Rules(Policy policy, ConsentTable consent, Rules anonymous) {
        this.consent = consent;
        this.anonymous = anonymous;
        this.policy = policy;
        stamp = policy.stamp();
        for (Kind kind : Kind.values()) {
            actions[kind.ordinal()] = policy.actions().get(kind);
        }
        fields = new FieldRules(
                policy.fields(),
                policy.actions().get(Kind.PHONE) != Action.KEEP,
                policy.actions().get(Kind.COORDINATES) != Action.KEEP);
        marked = fields.members();
        ids = policy.actions().get(Kind.ID) == Action.KEEP ? 0 : NationalId.bits(policy.ids());
        hashes = policy.actions().containsValue(Action.HASH) || policy.fields().containsValue(Action.HASH);
    }

    @Override
    public String name() {
        return policy.name();
    }

    @Override
    public String label() {
        return policy.name() + " version " + policy.version();
    }

    @Override
    public boolean isMarkedName(byte[] bytes, int from, int to) {
        return marked.rule(bytes, from, to) != null;
    }

    @Override
    public Object names() {
        return marked;
    }

    @Override
    public int classes(byte[] bytes, int from, int to, boolean plain) {
        int classes = plain && to - from <= Sieve.LONGEST_PLAIN
                ? Sieve.plain(bytes, from, to)
                : Sieve.classes(bytes, from, to);
        // Nothing is encoded then, so the names of parameters are what they are.
        return classes != Sieve.PARAMETER || Parameter.find(fields.anyParameters(), bytes, from, from, to) >= 0
                ? classes
                : 0;
    }

    /** What is done with the client's address and agent. */
    ClientData client() {
        return policy.client();
    }

    /** What is done with an agent by a rule for its field, or {@code null} if {@link #client} decides. */
    Action agentAction() {
        NameRule rule = fields.field(Field.AGENT);
        return rule == null || rule.action() == Action.KEEP ? null : rule.action();
    }

    /** Whether of an agent something else than its text is written, or nothing. */
    boolean reducesAgents() {
        return client().agent() != ClientData.Agent.KEEP && agentAction() == null;
    }

    /** What is done with events for the sake of consent. */
    ConsentTable consent() {
        return consent;
    }

    /** The rules of events that are anonymised. */
    Rules anonymous() {
        return anonymous;
    }

    Action action(Kind kind) {
        return actions[kind.ordinal()];
    }

    /**
     * Has the names of all these policies marked by each of them, so that a scanner need not forget what it has learnt
     * when shops take turns. Before they are used.
     */
    static void markAlike(Collection<Rules> all) {
        Map<FieldPattern, Action> patterns = new HashMap<>();
        for (Rules rules : all) {
            patterns.putAll(rules.policy.fields());
        }
        PersonalNames names = new FieldRules(patterns, true, true).members();
        for (Rules rules : all) {
            rules.marked = names;
        }
    }

    /** Names of members. */
    PersonalNames members() {
        return fields.members();
    }

    /** Names of parameters that count in every text. */
    PersonalNames parameters() {
        return fields.parameters();
    }

    /** What is said of a field of the schema, or {@code null}. */
    NameRule field(Field field) {
        return fields.field(field);
    }

    /** A bit for each field of the schema of which something is said. */
    int fieldBits() {
        return fields.fieldBits();
    }

    /** A bit for each {@link NationalId} that is looked for. */
    long ids() {
        return ids;
    }

    /** Whether something becomes a pseudonym. */
    boolean hashes() {
        return hashes || policy.client().address() == ClientData.Address.HASH;
    }

    /** See {@link Policy#stamp}. */
    String stamp() {
        return stamp;
    }

    /** Most bytes that {@code length} bytes can become: a short number becomes a pseudonym, a value the word for it. */
    int bound(int length) {
        return (hashes ? 10 : 3) * length + Kind.LONGEST;
    }
}
