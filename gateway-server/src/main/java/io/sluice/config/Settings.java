package io.sluice.config;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * All entries, the winning one of each key, and the problems met while they are turned into values. A bad value counts
 * as its default from then on, so that one mistake is reported once and the search for others goes on.
 */
final class Settings {

    static final String DEFAULT = "default";

    private final Map<String, Entry> entries;
    private final List<Problem> problems;
    private final Set<String> bad = new HashSet<>();

    Settings(Map<String, Entry> entries, List<Problem> problems) {
        this.entries = entries;
        this.problems = problems;
    }

    Set<String> keys() {
        return entries.keySet();
    }

    Entry entry(String name) {
        return entries.get(name);
    }

    <T> T get(Key<T> key) {
        return get(key.name(), key.takes(), key.takes().parse(key.byDefault()));
    }

    <T> T get(String name, Value<T> takes, T byDefault) {
        Entry entry = entries.get(name);
        if (entry == null) {
            return byDefault;
        }
        try {
            return takes.parse(entry.text());
        } catch (IllegalArgumentException e) {
            bad.add(name);
            problem(name, entry.text(), "expected " + takes.expected(), entry.source());
            return byDefault;
        }
    }

    /** As text, before it is parsed: where a key refers to another. */
    String text(Key<?> key) {
        Entry entry = entries.get(key.name());
        return entry == null ? key.byDefault() : entry.text();
    }

    /** Reports that the key's value does not go with another's, unless one of the two is reported already. */
    void rule(boolean holds, Key<?> key, String expected, Key<?>... others) {
        if (holds || bad.contains(key.name())) {
            return;
        }
        for (Key<?> other : others) {
            if (bad.contains(other.name())) {
                return;
            }
        }
        Entry entry = entries.get(key.name());
        if (entry != null) {
            problem(key.name(), entry.text(), expected, entry.source());
            return;
        }
        // It is the other key that a person has set; point there, or he looks for what he never wrote.
        String source = DEFAULT;
        for (Key<?> other : others) {
            Entry set = entries.get(other.name());
            source = set == null ? source : set.source();
        }
        problem(key.name(), key.byDefault() + " (the default)", expected, source);
    }

    void problem(String key, String value, String expected, String source) {
        bad.add(key);
        problems.add(new Problem(key, value, expected, source));
    }

    /** Where a key was set, or the first of the keys below it. */
    String sourceOfAny(String prefix) {
        for (Map.Entry<String, Entry> entry : entries.entrySet()) {
            if (entry.getKey().startsWith(prefix)) {
                return entry.getValue().source();
            }
        }
        return DEFAULT;
    }
}
