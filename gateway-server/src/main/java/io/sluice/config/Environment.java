package io.sluice.config;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code SLUICE_…} variables: {@code http.max-body} is {@code SLUICE_HTTP_MAX_BODY}, {@code groups[0].level} is
 * {@code SLUICE_GROUPS_0_LEVEL}. An empty variable counts as absent.
 */
final class Environment {

    static final String PREFIX = "SLUICE_";

    /** Read by the scripts and by logging. */
    private static final Set<String> OF_OTHERS = Set.of("SLUICE_JAVA_HOME", "SLUICE_JVM_OPTIONS", "SLUICE_LOG_LEVEL");

    /** Keys of the journal themselves. No key of the configuration belongs to it, so that nothing ever prints it. */
    static final String JOURNAL_KEYS = "SLUICE_JOURNAL_ENCRYPTION_KEY";

    /** The one secret of pseudonyms. As {@link #JOURNAL_KEYS}. */
    static final String PSEUDONYM_SECRET = "SLUICE_PSEUDONYM_SECRET";

    /** Kubernetes sets these in every pod beside a service that is called "sluice". */
    private static final Pattern OF_KUBERNETES =
            Pattern.compile("SLUICE_(?:SERVICE_HOST|SERVICE_PORT(?:_.*)?|PORT(?:_[0-9]+_(?:TCP|UDP)(?:_.*)?)?)");

    private static final Pattern GROUP = Pattern.compile("SLUICE_GROUPS_([0-9]{1,2})_([A-Z]+)");

    private Environment() {}

    static String variable(String key) {
        return PREFIX + key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]+", "_");
    }

    static void read(Map<String, String> environment, Map<String, Entry> entries, List<Problem> problems) {
        Map<String, String> names = new HashMap<>();
        for (Key<?> key : Keys.all()) {
            names.put(key.variable(), key.name());
        }
        new TreeMap<>(environment).forEach((variable, value) -> {
            if (!variable.startsWith(PREFIX)
                    || value.isBlank()
                    || OF_OTHERS.contains(variable)
                    || variable.equals(JOURNAL_KEYS)
                    || variable.equals(PSEUDONYM_SECRET)
                    || OF_KUBERNETES.matcher(variable).matches()) {
                return;
            }
            String key = names.getOrDefault(variable, groupKey(variable));
            if (key == null) {
                problems.add(new Problem("", null, unknown(variable), "environment " + variable));
            } else {
                entries.put(key, new Entry(value.strip(), "environment " + variable));
            }
        });
    }

    private static String groupKey(String variable) {
        Matcher matcher = GROUP.matcher(variable);
        if (!matcher.matches()) {
            return null;
        }
        int number = Integer.parseInt(matcher.group(1));
        String field = matcher.group(2).toLowerCase(Locale.ROOT);
        return number < Groups.MAX && Groups.FIELDS.containsKey(field)
                ? Groups.LIST + "[" + number + "]." + field
                : null;
    }

    private static String unknown(String variable) {
        String guess =
                variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replaceFirst("_", ".");
        String nearest = Schema.nearest(guess.replace('_', '-'));
        return nearest == null
                ? "no key belongs to this variable"
                : "no key belongs to this variable; did you mean " + variable(nearest) + " for " + nearest + "?";
    }
}
