package io.sluice.privacy;

import io.sluice.record.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a policy says of names, sorted by who asks: the names of members, those of parameters, the schema's fields. */
final class FieldRules {

    private static final Field[] FIELDS = Field.values();

    /** What else clients call fields of the schema: who names the one means the other, too. */
    private static final Map<String, String> SYNONYMS = Map.ofEntries(
            Map.entry("userid", "uid"),
            Map.entry("uid", "userid"),
            Map.entry("user", "uid"),
            Map.entry("anonymousid", "aid"),
            Map.entry("aid", "anonymousid"),
            Map.entry("sessionid", "sid"),
            Map.entry("sid", "sessionid"),
            Map.entry("page", "url"),
            Map.entry("referrer", "ref"),
            Map.entry("ref", "referrer"),
            Map.entry("useragent", "ua"),
            Map.entry("ua", "useragent"));

    private final PersonalNames members;
    /** Of all texts. */
    private final PersonalNames parameters;
    /** Of any text at all: who is not among these is of no interest anywhere. */
    private final PersonalNames anyParameters;

    private final NameRule[] fields = new NameRule[FIELDS.length];
    private int fieldBits;

    FieldRules(Map<FieldPattern, Action> patterns) {
        Map<String, NameRule> byName = new TreeMap<>();
        Map<String, NameRule> everywhere = new TreeMap<>();
        Map<String, Map<String, NameRule>> within = new HashMap<>();
        // In one order, so that of two that match alike always the same decides.
        withSynonyms(patterns).forEach(rule -> {
            FieldPattern pattern = rule.getKey();
            Action action = rule.getValue();
            if (!pattern.parameter()) {
                byName.computeIfAbsent(pattern.last(), n -> new NameRule()).add(pattern, action);
            }
            if (pattern.path().size() == 1 && !pattern.members()) {
                // What is said of parameters alone goes before what is said of all.
                everywhere.merge(pattern.last(), NameRule.of(action), (a, b) -> pattern.parameter() ? b : a);
            } else if (pattern.parameter()) {
                within.computeIfAbsent(pattern.path().getFirst(), n -> new TreeMap<>())
                        .put(pattern.last(), NameRule.of(action));
            }
        });
        Map<String, NameRule> any = new TreeMap<>(everywhere);
        within.forEach((text, names) -> {
            names.forEach(any::putIfAbsent);
            everywhere.forEach(names::putIfAbsent);
            byName.computeIfAbsent(text, n -> new NameRule()).parameters(new PersonalNames(names));
        });
        members = new PersonalNames(byName);
        parameters = new PersonalNames(everywhere);
        anyParameters = within.isEmpty() ? parameters : new PersonalNames(any);
        for (Field field : FIELDS) {
            byte[] key = field.key().getBytes(StandardCharsets.US_ASCII);
            NameRule rule = members.rule(key, 0, key.length);
            // What is said of members of props is not said of props.
            if (rule != null && field != Field.PROPS) {
                fields[field.ordinal()] = rule;
                fieldBits |= 1 << field.ordinal();
            }
        }
    }

    /** All patterns in the order of their texts; what is said of a name also of its synonym, if nothing is of that. */
    private static Collection<Map.Entry<FieldPattern, Action>> withSynonyms(Map<FieldPattern, Action> patterns) {
        Map<String, Map.Entry<FieldPattern, Action>> all = new TreeMap<>();
        patterns.forEach((pattern, action) -> all.put(pattern.toString(), Map.entry(pattern, action)));
        for (Map.Entry<FieldPattern, Action> rule : List.copyOf(all.values())) {
            FieldPattern pattern = rule.getKey();
            List<String> path = pattern.path();
            String synonym = SYNONYMS.get(path.getFirst());
            if (synonym != null && !pattern.members() && path.size() == (pattern.parameter() ? 2 : 1)) {
                List<String> other = new ArrayList<>(path);
                other.set(0, synonym);
                FieldPattern synonymous = new FieldPattern(other, false, pattern.parameter());
                all.putIfAbsent(synonymous.toString(), Map.entry(synonymous, rule.getValue()));
            }
        }
        return all.values();
    }

    PersonalNames members() {
        return members;
    }

    PersonalNames parameters() {
        return parameters;
    }

    PersonalNames anyParameters() {
        return anyParameters;
    }

    /** What is done with a field of the schema, or {@code null}. */
    NameRule field(Field field) {
        return fields[field.ordinal()];
    }

    /** A bit for each field of the schema for which there is a rule. */
    int fieldBits() {
        return fieldBits;
    }
}
