package io.sluice.privacy;

import io.sluice.shop.ShopPolicy;
import io.sluice.shop.Shops;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * All policies of one moment: the presets, and those of the files that the configuration names. Immutable.
 *
 * <p>Shops are read with such a snapshot and refer to its parts, so a request that has its shop has its whole policy,
 * whatever is read meanwhile.
 */
public final class Policies {

    /**
     * Version of what is looked for and how it is replaced, whatever the policy; stands in each frame. To be raised
     * with every change of that.
     */
    public static final int DETECTORS_VERSION = 4;

    private static final String UNREADABLE =
            ": cannot be read, expected a file of a policy, or a directory of such files";

    private final Map<String, Rules> rules = new TreeMap<>();
    /** Each policy of a file that was taken since the start, by its stamp. */
    private final Map<String, Policy> taken = new HashMap<>();

    private final String byDefault;

    private Policies(String byDefault) {
        this.byDefault = byDefault;
        for (Policy preset : Policy.presets()) {
            rules.put(preset.name(), new Rules(preset));
        }
    }

    /** The presets, of which {@code strict} is the default. */
    public static Policies presets() {
        return new Policies(Policy.strict().name());
    }

    /** As below, without any before. */
    public static Policies load(PrivacyConfig config, List<String> reports) {
        return load(config, null, reports);
    }

    /**
     * Reads all files. What cannot be taken is left out, and so that this is not taken for the whole, there is a report
     * of each file that is wrong.
     *
     * @param former those in use, {@code null} if there are none: a version means the same policy for ever, since
     *     records tell nothing else of it
     * @param reports gets those; stays empty if all is well
     */
    public static Policies load(PrivacyConfig config, Policies former, List<String> reports) {
        Policies policies = new Policies(config.policy());
        if (former != null) {
            policies.taken.putAll(former.taken);
        }
        for (Path file : files(config)) {
            if (!Files.isDirectory(file)) {
                policies.add(file, reports);
            }
        }
        String expected = policies.expectedDefault();
        if (expected != null) {
            reports.add(ofDefault(config, expected));
        }
        Rules.markAlike(policies.rules.values());
        return policies;
    }

    private static String ofDefault(PrivacyConfig config, String expected) {
        return "privacy.policy: '" + config.policy() + "', " + expected;
    }

    /** What would have been right, if there is no policy of the configured name; else {@code null}. */
    private String expectedDefault() {
        return rules.containsKey(byDefault) ? null : "expected one of " + String.join(", ", rules.keySet());
    }

    /**
     * What is wrong with the configuration itself, rather than with the files that it names.
     *
     * @param key of the configuration
     * @param value that is wrong
     * @param expected what would have been right
     * @param report the same, as {@link #load} has it
     */
    public record Misnamed(String key, String value, String expected, String report) {}

    /** The files that are not there, and the default policy if there is none of its name. */
    public static List<Misnamed> misnamed(PrivacyConfig config) {
        List<Misnamed> found = new ArrayList<>();
        for (Path file : config.policies()) {
            if (!Files.exists(file)) {
                String expected = "expected a file of a policy, or a directory of such files, but there is none";
                found.add(new Misnamed("privacy.policies", file.toString(), expected, file + UNREADABLE));
            }
        }
        String expected = load(config, new ArrayList<>()).expectedDefault();
        if (expected != null) {
            found.addFirst(new Misnamed("privacy.policy", config.policy(), expected, ofDefault(config, expected)));
        }
        return found;
    }

    private void add(Path file, List<String> reports) {
        try {
            Policy policy = PolicyFile.load(file);
            if (rules.putIfAbsent(policy.name(), new Rules(policy)) != null) {
                reports.add(
                        file + ":\n  name: '" + policy.name() + "', expected another, since there is such a policy");
            } else if (!policy.equals(taken.computeIfAbsent(policy.stamp(), stamp -> policy))) {
                reports.add(file + ":\n  version: " + policy.version()
                        + ", expected another one, since the policy is not what it was");
            }
        } catch (BadPolicyException e) {
            reports.add(e.getMessage());
            if (e.name() != null) {
                // Who names it is not wrong.
                rules.putIfAbsent(e.name(), rules.get(Policy.strict().name()));
            }
        } catch (IOException e) {
            reports.add(file + UNREADABLE);
        }
    }

    /** The files and directories that the configuration names, and the files in these as of now. */
    public static List<Path> files(PrivacyConfig config) {
        List<Path> files = new ArrayList<>();
        for (Path path : config.policies()) {
            files.add(path);
            if (Files.isDirectory(path)) {
                files.addAll(filesIn(path));
            }
        }
        return files;
    }

    /** In the order of their names, so that of two policies of one name the same is always reported. */
    private static Set<Path> filesIn(Path directory) {
        Set<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "[!.]*.{yaml,yml}")) {
            entries.forEach(files::add);
        } catch (IOException | DirectoryIteratorException e) {
            // Nothing is found in a directory that cannot be read; whoever names a policy of it is reported.
            return Set.of();
        }
        return files;
    }

    /** Whether the policy of some shop turns values into pseudonyms, which needs secrets. */
    public static boolean hash(Shops shops) {
        for (ShopPolicy policy : shops.policies()) {
            if (((Rules) policy).hashes()) {
                return true;
            }
        }
        return false;
    }

    /** Whether this policy does. */
    public static boolean hashes(ShopPolicy policy) {
        return ((Rules) policy).hashes();
    }

    /** The policy whose name and version records carry as this, {@code s/1} or {@code shop-a/7}; or {@code null}. */
    public ShopPolicy ofStamp(String stamp) {
        for (Rules each : rules.values()) {
            if (each.stamp().equals(stamp)) {
                return each;
            }
        }
        return null;
    }

    /** Each policy by its name. */
    public Map<String, ShopPolicy> all() {
        return Collections.unmodifiableMap(rules);
    }

    /** That of shops that name none; {@code null} if there is none of the configured name, which has been reported. */
    public ShopPolicy byDefault() {
        return rules.get(byDefault);
    }
}
