package io.sluice.config;

import io.sluice.common.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which keys and sections there are, and what to say of one that there is not. */
final class Schema {

    private static final Pattern GROUP_KEY = Pattern.compile(Groups.LIST + "\\[[0-9]+\\](?:\\.(.*))?");

    private static final Map<String, Key<?>> KEYS = new HashMap<>();
    private static final Set<String> SECTIONS = new LinkedHashSet<>();

    static {
        for (Key<?> key : Keys.all()) {
            KEYS.put(key.name(), key);
            for (int dot = key.name().indexOf('.'); dot >= 0; dot = key.name().indexOf('.', dot + 1)) {
                SECTIONS.add(key.name().substring(0, dot));
            }
        }
    }

    private Schema() {}

    static boolean isKey(String name) {
        String field = groupField(name);
        return field == null ? KEYS.containsKey(name) : Groups.FIELDS.containsKey(field);
    }

    static boolean isSection(String name) {
        return SECTIONS.contains(name) || "".equals(groupField(name));
    }

    static String expected(String name) {
        String field = groupField(name);
        return field == null ? KEYS.get(name).takes().expected() : Groups.FIELDS.get(field);
    }

    /** What stands directly in a section, as a list in words. */
    static String keysOf(String section) {
        if ("".equals(groupField(section))) {
            return String.join(", ", Groups.FIELDS.keySet());
        }
        Set<String> names = new LinkedHashSet<>();
        for (String name : names()) {
            if (name.startsWith(section + ".")) {
                names.add(name.substring(section.length() + 1).split("\\.")[0]);
            }
        }
        return String.join(", ", names);
    }

    /** What to say of a name that is neither a key nor a section. */
    static String unknown(String name) {
        String nearest = nearest(name);
        if (nearest != null) {
            return "no such key; did you mean " + nearest + "?";
        }
        int dot = name.lastIndexOf('.');
        if (dot < 0) {
            Set<String> roots = new LinkedHashSet<>();
            for (String key : names()) {
                roots.add(key.split("\\.")[0]);
            }
            roots.add(Groups.LIST);
            return "no such key; there are " + String.join(", ", roots);
        }
        return "no such key; " + name.substring(0, dot) + " has " + keysOf(name.substring(0, dot));
    }

    private static List<String> names() {
        return Keys.all().stream().map(Key::name).toList();
    }

    /** What follows {@code groups[n].}, empty for {@code groups[n]} itself, {@code null} for other names. */
    private static String groupField(String name) {
        Matcher matcher = GROUP_KEY.matcher(name);
        if (!matcher.matches()) {
            return null;
        }
        return matcher.group(1) == null ? "" : matcher.group(1);
    }

    /** The known name that was most likely meant: few letters away, or of the same last word elsewhere. */
    static String nearest(String name) {
        List<String> candidates = new ArrayList<>(names());
        candidates.addAll(SECTIONS);
        candidates.add(Groups.LIST);
        String groupField = groupField(name);
        if (groupField != null) {
            String group = name.substring(0, name.indexOf(']') + 2);
            candidates = Groups.FIELDS.keySet().stream().map(group::concat).toList();
        }
        String best = null;
        int least = 1 + Math.max(2, name.length() / 5);
        String last = lastWord(name);
        for (String candidate : candidates) {
            int distance = Nearest.distance(name, candidate);
            if (distance >= least && lastWord(candidate).equals(last)) {
                distance = least - 1;
            }
            if (distance < least) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    private static String lastWord(String name) {
        return name.substring(name.lastIndexOf('.') + 1).replace('_', '-');
    }
}
