package io.sluice.shop;

import io.sluice.common.Shown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Reads the shops file, strictly: a key that it does not know is a mistake, and all mistakes are reported together.
 *
 * <pre>
 *   shops:
 *     NAME:
 *       keys: [KEY, …]        write keys, at least one
 *       origins: [ORIGIN, …]  optional; any origin if left out
 *       group: GROUP          optional; the first stream group if left out
 *       policy: POLICY        optional; the configured default if left out
 *       region: REGION        optional; EU or a country such as US, where its visitors are if nothing says otherwise
 * </pre>
 */
public final class ShopsFile {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._~-]{1,128}");
    private static final Pattern ORIGIN = Pattern.compile("https?://(\\[[0-9a-f:.]+]|[a-z0-9._-]+)(:[0-9]{1,5})?");
    private static final Pattern REGION = Pattern.compile("[A-Z]{2}");
    /** What is no origin, and may be shown. */
    private static final Pattern ADDRESS = Pattern.compile("https?://[A-Za-z0-9:._/\\[\\]-]{1,80}");

    private static final int LONGEST_ORIGIN = 255;

    /**
     * What a shop may name.
     *
     * @param groups number of each stream group by its name; the group of number 0 is the default
     * @param policies each policy by its name
     * @param policy that of a shop that names none
     */
    public record Choices(Map<String, Integer> groups, Map<String, ? extends ShopPolicy> policies, ShopPolicy policy) {}

    private final Choices choices;
    private final List<String> problems = new ArrayList<>();
    private final Map<String, String> shopOfKey = new HashMap<>();

    private ShopsFile(Choices choices) {
        this.choices = choices;
    }

    /**
     * The shops in this file.
     *
     * @throws BadShopsException with every problem of the file
     * @throws IOException if the file cannot be read
     */
    public static Shops load(Path file, Choices choices) throws IOException, BadShopsException {
        return parse(Files.readString(file), file.toString(), choices);
    }

    /** As {@link #load}, from a text; {@code name} stands in the report. */
    static Shops parse(String text, String name, Choices choices) throws BadShopsException {
        ShopsFile file = new ShopsFile(choices);
        List<Shops.Entry> entries = file.entries(text);
        if (!file.problems.isEmpty()) {
            throw new BadShopsException(name, file.problems);
        }
        return new Shops(entries);
    }

    private List<Shops.Entry> entries(String text) {
        List<Shops.Entry> entries = new ArrayList<>();
        Map<?, ?> top = map("file", yaml(text), Set.of("shops"));
        if (top == null) {
            return entries;
        }
        if (!(top.get("shops") instanceof Map<?, ?> shops) || shops.isEmpty()) {
            problem("shops", top.get("shops"), "a mapping from shop names to shops, with at least one of them");
            return entries;
        }
        for (Map.Entry<?, ?> shop : shops.entrySet()) {
            Shops.Entry entry = entry(shop.getKey(), shop.getValue());
            if (entry != null) {
                entries.add(entry);
            }
        }
        return entries;
    }

    private Object yaml(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            return new Yaml(new SafeConstructor(options)).load(text);
        } catch (MarkedYAMLException e) {
            // The message of the exception quotes the lines around, which hold write keys.
            problems.add("line " + (e.getProblemMark().getLine() + 1) + ": " + Shown.yamlProblem(e.getProblem())
                    + ", expected YAML");
        } catch (YAMLException e) {
            problems.add("file: expected YAML, found something else");
        }
        return null;
    }

    private Shops.Entry entry(Object name, Object value) {
        boolean named = name instanceof String text && NAME.matcher(text).matches();
        String path = "shops." + (named ? name : Shown.key(name));
        int before = problems.size();
        if (!(name instanceof String id) || !NAME.matcher(id).matches()) {
            problem(path, name, "a name of 1 to 64 of A-Z a-z 0-9 . _ -, quoted if it looks like a number");
            return null;
        }
        Map<?, ?> shop = map(path, value, Set.of("keys", "origins", "group", "policy", "region"));
        if (shop == null) {
            return null;
        }
        List<String> keys = keys(id, path + ".keys", shop.get("keys"));
        Set<String> origins = shop.containsKey("origins") ? origins(path + ".origins", shop.get("origins")) : Set.of();
        int group = shop.containsKey("group") ? group(path + ".group", shop.get("group")) : 0;
        ShopPolicy policy =
                shop.containsKey("policy") ? policy(path + ".policy", shop.get("policy")) : choices.policy();
        String region = shop.containsKey("region") ? region(path + ".region", shop.get("region")) : "";
        return problems.size() > before ? null : new Shops.Entry(new Shop(id, group, origins, policy, region), keys);
    }

    private List<String> keys(String id, String path, Object value) {
        List<String> keys = new ArrayList<>();
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            problems.add(path + ": " + (value == null ? "missing" : "***") + ", expected a list of write keys");
            return keys;
        }
        for (int i = 0; i < list.size(); i++) {
            String at = path + "[" + i + "]";
            if (!(list.get(i) instanceof String key) || !KEY.matcher(key).matches()) {
                problems.add(at + ": " + masked(list.get(i))
                        + ", expected 1 to 128 of A-Z a-z 0-9 . _ ~ -, quoted if it looks like a number");
                continue;
            }
            String other = shopOfKey.putIfAbsent(key, id);
            if (other != null) {
                problems.add(
                        at + ": " + masked(key) + ", expected a key that is there once, shop " + other + " has it");
            }
            keys.add(key);
        }
        return keys;
    }

    private Set<String> origins(String path, Object value) {
        Set<String> origins = new HashSet<>();
        if (!(value instanceof List<?> list) || list.isEmpty()) {
            problem(path, value, "a list of origins, or no such key if any origin may send");
            return origins;
        }
        for (int i = 0; i < list.size(); i++) {
            String origin = String.valueOf(list.get(i)).toLowerCase(Locale.ROOT);
            if (origin.length() > LONGEST_ORIGIN || !ORIGIN.matcher(origin).matches()) {
                problem(path + "[" + i + "]", list.get(i), "scheme://host or scheme://host:port, as browsers send it");
            }
            origins.add(origin);
        }
        return origins;
    }

    private int group(String path, Object value) {
        Integer group = choices.groups().get(String.valueOf(value));
        if (group == null) {
            problem(path, value, "one of " + sorted(choices.groups().keySet()));
            return 0;
        }
        return group;
    }

    private ShopPolicy policy(String path, Object value) {
        ShopPolicy policy = choices.policies().get(String.valueOf(value));
        if (policy == null) {
            problem(path, value, "one of " + sorted(choices.policies().keySet()));
        }
        return policy;
    }

    private String region(String path, Object value) {
        // YAML 1.1 takes NO, Norway, for a boolean.
        String region = Boolean.FALSE.equals(value) ? "NO" : String.valueOf(value);
        if (!REGION.matcher(region).matches() || region.equals("UK")) {
            problem(path, value, "EU or the two letters of a country, such as DE, GB or US");
        }
        return region;
    }

    private Map<?, ?> map(String path, Object value, Set<String> known) {
        if (!(value instanceof Map<?, ?> map)) {
            if (problems.isEmpty() || value != null) {
                problem(path, value, "a mapping of " + sorted(known));
            }
            return null;
        }
        for (Object key : map.keySet()) {
            if (!(key instanceof String) || !known.contains(key)) {
                problems.add(path + "." + Shown.key(key) + ": unknown key, expected one of " + sorted(known));
            }
        }
        return map;
    }

    private static String sorted(Set<String> known) {
        return String.join(", ", new TreeSet<>(known));
    }

    private void problem(String path, Object value, String expected) {
        problems.add(path + ": " + shown(value) + ", expected " + expected);
    }

    private static String shown(Object value) {
        return value instanceof String text && ADDRESS.matcher(text).matches() ? "'" + text + "'" : Shown.value(value);
    }

    private static String masked(Object key) {
        String text = String.valueOf(key);
        return text.length() < 8 ? "'***'" : "'" + text.substring(0, 2) + "***'";
    }
}
