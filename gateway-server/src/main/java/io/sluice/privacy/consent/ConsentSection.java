package io.sluice.privacy.consent;

import io.sluice.common.Nearest;
import io.sluice.common.Shown;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Reads the section {@code consent} of a policy, strictly, on top of the rules of a preset.
 *
 * <pre>
 *   consent:
 *     default: keep                        keep, anonymise or count: if nothing was said
 *     refused: anonymise                   if something was refused
 *     regions:
 *       EU: {default: anonymise}           EU, or a country by its two letters; what is left out is as above
 *     purposes: [1, 8]                     of a TC string, which have to be consented to
 *     categories: [analytics]              which of several have to be consented to, by name
 *     ignore: [dnt]                        signals that are not listened to
 * </pre>
 */
public final class ConsentSection {

    private static final Set<String> KEYS =
            new TreeSet<>(Set.of("default", "refused", "regions", "purposes", "categories", "ignore"));
    private static final Set<String> REGION_KEYS = new TreeSet<>(Set.of("default", "refused"));
    private static final Pattern REGION = Pattern.compile("[A-Z]{2}");
    private static final Pattern CATEGORY = Pattern.compile("[A-Za-z0-9_. -]{1,32}");
    private static final int PURPOSES = 24;

    private final List<String> problems;

    private ConsentSection(List<String> problems) {
        this.problems = problems;
    }

    /**
     * The rules in the section.
     *
     * @param value as YAML has it, {@code null} if there is no section
     * @param preset what is left out is as in this
     * @param problems takes up what is wrong, as {@code consent.KEY: found, expected …}
     */
    public static ConsentRules read(Object value, ConsentRules preset, List<String> problems) {
        return value == null ? preset : new ConsentSection(problems).rules(value, preset);
    }

    private ConsentRules rules(Object value, ConsentRules preset) {
        Map<?, ?> map = map("consent", value, KEYS);
        Map<String, ConsentRules.Regional> regions = new HashMap<>(preset.regions());
        if (map.containsKey("regions")) {
            regions.clear();
            regions(map.get("regions"), regions);
        }
        return new ConsentRules(
                decision("consent.default", map.get("default"), preset.unsaid()),
                decision("consent.refused", map.get("refused"), preset.refused()),
                regions,
                map.containsKey("purposes") ? purposes(map.get("purposes")) : preset.purposes(),
                map.containsKey("categories") ? categories(map.get("categories")) : preset.categories(),
                map.containsKey("ignore") ? signals(map.get("ignore")) : preset.ignored());
    }

    private void regions(Object value, Map<String, ConsentRules.Regional> regions) {
        if (!(value instanceof Map<?, ?> map)) {
            problem("consent.regions", value, "a mapping");
            return;
        }
        for (Map.Entry<?, ?> each : map.entrySet()) {
            String path = "consent.regions." + Shown.key(each.getKey());
            // YAML 1.1 takes NO for a boolean.
            String name = Boolean.FALSE.equals(each.getKey()) ? "NO" : String.valueOf(each.getKey());
            if (!REGION.matcher(name).matches() || name.equals("UK")) {
                problem(path, each.getKey(), "EU or the two letters of a country, such as DE, GB or US");
                continue;
            }
            Map<?, ?> rule = map(path, each.getValue(), REGION_KEYS);
            regions.put(
                    name,
                    new ConsentRules.Regional(
                            decision(path + ".default", rule.get("default"), null),
                            decision(path + ".refused", rule.get("refused"), null)));
        }
    }

    private Set<Integer> purposes(Object value) {
        Set<Integer> purposes = new TreeSet<>();
        for (Object each : list("consent.purposes", value)) {
            if (each instanceof Integer number && number >= 1 && number <= PURPOSES) {
                purposes.add(number);
            } else {
                problem("consent.purposes", each, "numbers from 1 to " + PURPOSES);
            }
        }
        return purposes;
    }

    private Set<String> categories(Object value) {
        Set<String> categories = new HashSet<>();
        for (Object each : list("consent.categories", value)) {
            String name = String.valueOf(each).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
            if (CATEGORY.matcher(String.valueOf(each)).matches() && !name.isEmpty()) {
                categories.add(name);
            } else {
                problem("consent.categories", each, "names of 1 to 32 letters and digits");
            }
        }
        return categories;
    }

    private Set<Signal> signals(Object value) {
        Set<Signal> signals = EnumSet.noneOf(Signal.class);
        for (Object each : list("consent.ignore", value)) {
            Signal found = null;
            Set<String> all = new TreeSet<>();
            for (Signal signal : Signal.values()) {
                all.add(signal.key());
                found = signal.key().equals(each) ? signal : found;
            }
            if (found == null) {
                problem("consent.ignore", each, String.join(", ", all));
            } else {
                signals.add(found);
            }
        }
        return signals;
    }

    private Decision decision(String path, Object value, Decision missing) {
        if (value == null) {
            return missing;
        }
        for (Decision decision : Decision.values()) {
            if (decision.key().equals(value)) {
                return decision;
            }
        }
        problem(path, value, "keep, anonymise or count");
        return Decision.ANONYMISE;
    }

    private Map<?, ?> map(String path, Object value, Set<String> keys) {
        if (!(value instanceof Map<?, ?> map)) {
            problem(path, value, "a mapping");
            return Map.of();
        }
        for (Object key : map.keySet()) {
            if (!keys.contains(String.valueOf(key))) {
                String meant = Nearest.of(String.valueOf(key), keys);
                problems.add(path + "." + Shown.key(key) + ": unknown key"
                        + (meant == null ? ", expected " + keys : "; did you mean " + meant + "?"));
            }
        }
        return map;
    }

    private List<?> list(String path, Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        problem(path, value, "a list");
        return List.of();
    }

    private void problem(String path, Object value, String expected) {
        problems.add(path + ": " + Shown.value(value) + ", expected " + expected);
    }
}
