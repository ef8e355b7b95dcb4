package io.sluice.privacy;

import io.sluice.record.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What a policy says of names, sorted by who asks: the names of members, those of parameters, the schema's fields. */
final class FieldRules {

    private static final Field[] FIELDS = Field.values();

    /** What clients call a field of the schema: who names one of these means the others, too. */
    private static final List<List<String>> SYNONYMS = List.of(
            List.of("uid", "userid", "user"),
            List.of("aid", "anonymousid"),
            List.of("sid", "sessionid"),
            List.of("url", "page"),
            List.of("ref", "referrer"),
            List.of("ua", "useragent"));

    /** Those of them that are a field's names as texts and numbers, but as objects have members of their own. */
    private static final Set<String> OBJECTS = Set.of("user", "page");

    private final PersonalNames members;
    /** Of all texts. */
    private final PersonalNames parameters;
    /** Of any text at all: who is not among these is of no interest anywhere. */
    private final PersonalNames anyParameters;

    private final NameRule[] fields = new NameRule[FIELDS.length];
    private int fieldBits;

    /**
     * @param telephones whether telephone numbers are looked for
     * @param places whether coordinates are
     */
    FieldRules(Map<FieldPattern, Action> patterns, boolean telephones, boolean places) {
        Map<String, NameRule> byName = new TreeMap<>();
        Map<String, NameRule> everywhere = new TreeMap<>();
        Map<String, Map<String, NameRule>> within = new HashMap<>();
        // In one order, so that of two that match alike always the same decides.
        withSynonyms(patterns).forEach(rule -> {
            FieldPattern pattern = rule.getKey();
            Action action = rule.getValue();
            if (!pattern.parameter()) {
                NameRule named = byName.computeIfAbsent(pattern.last(), n -> new NameRule());
                named.add(pattern, action);
                if (OBJECTS.contains(pattern.last()) && !patterns.containsKey(pattern)) {
                    named.spareObjects();
                }
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
        if (telephones) {
            look(byName, Policy.TELEPHONE, NameRule.TELEPHONE);
        }
        if (places) {
            look(byName, Policy.POINT, NameRule.POINT);
            look(byName, Policy.HALF, NameRule.HALF);
        }
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

    /** All patterns in the order of their texts; what is said of a name also of its synonyms of which nothing is. */
    private static Collection<Map.Entry<FieldPattern, Action>> withSynonyms(Map<FieldPattern, Action> patterns) {
        Map<String, Map.Entry<FieldPattern, Action>> all = new TreeMap<>();
        patterns.forEach((pattern, action) -> all.put(pattern.toString(), Map.entry(pattern, action)));
        for (Map.Entry<FieldPattern, Action> rule : List.copyOf(all.values())) {
            FieldPattern pattern = rule.getKey();
            List<String> path = pattern.path();
            if (pattern.members() || path.size() != (pattern.parameter() ? 2 : 1)) {
                continue;
            }
            for (String synonym : synonyms(path.getFirst())) {
                List<String> other = new ArrayList<>(path);
                other.set(0, synonym);
                FieldPattern synonymous = new FieldPattern(other, false, pattern.parameter());
                all.putIfAbsent(synonymous.toString(), Map.entry(synonymous, rule.getValue()));
            }
        }
        return all.values();
    }

    private static List<String> synonyms(String name) {
        for (List<String> names : SYNONYMS) {
            if (names.contains(name)) {
                return names;
            }
        }
        return List.of();
    }

    private static void look(Map<String, NameRule> rules, String names, int look) {
        for (String name : names.split(" ")) {
            rules.computeIfAbsent(name, n -> new NameRule()).look(look);
        }
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
