package io.sluice.privacy;

import io.sluice.common.Nearest;
import io.sluice.common.Shown;
import io.sluice.privacy.consent.ConsentRules;
import io.sluice.privacy.consent.ConsentSection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
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
 * Reads a policy, strictly: a key that it does not know is a mistake, and all mistakes are reported together.
 *
 * <pre>
 *   name: NAME
 *   version: N              from 1; told with each record, so a change of the policy is a new number
 *   preset: NAME            what is left out below is as in this one; strict if left out
 *   detect:
 *     KIND: ACTION          email, secret, iban, card, ip, mac, id, phone, coordinates
 *   ids: [ID, …]            which numbers of persons; all of the preset if left out
 *   fields:
 *     PATTERN: ACTION       the values that a {@link FieldPattern} means, with all that is within
 *   client:
 *     address: truncate, drop or hash
 *     agent: keep, families or drop
 *   consent: …              what {@link ConsentSection} reads
 * </pre>
 */
final class PolicyFile {

    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{2,32}");

    private static final Set<String> KEYS =
            Set.of("name", "version", "preset", "detect", "ids", "fields", "client", "consent");

    private static final List<String> KINDS =
            Arrays.stream(Kind.values()).filter(Kind::isDetected).map(Kind::key).toList();

    private static final List<String> IDS =
            Arrays.stream(NationalId.values()).map(NationalId::key).toList();

    private final List<String> problems = new ArrayList<>();

    /** Of the policy, once it is known to be one. */
    private String name;

    private PolicyFile() {}

    static Policy load(Path file) throws IOException, BadPolicyException {
        return parse(Files.readString(file), file.toString());
    }

    /** The policy in the text; {@code source} stands in the report. */
    static Policy parse(String text, String source) throws BadPolicyException {
        PolicyFile file = new PolicyFile();
        Policy policy = file.policy(file.yaml(text));
        if (!file.problems.isEmpty()) {
            throw new BadPolicyException(source, file.name, file.problems);
        }
        return policy;
    }

    private Object yaml(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        try {
            return new Yaml(new SafeConstructor(options)).load(text);
        } catch (MarkedYAMLException e) {
            problems.add("line " + (e.getProblemMark().getLine() + 1) + ": " + Shown.yamlProblem(e.getProblem())
                    + ", expected YAML");
        } catch (YAMLException e) {
            problems.add("expected YAML, found something else");
        }
        return Map.of();
    }

    private Policy policy(Object root) {
        Map<?, ?> map = map("file", root);
        for (Object key : map.keySet()) {
            if (!KEYS.contains(key)) {
                unknown(Shown.key(key), "unknown key", key, new TreeSet<>(KEYS));
            }
        }
        if (map.get("name") instanceof String text && NAME.matcher(text).matches()) {
            name = text;
        } else {
            problem("name", value(map.get("name")), "2 to 32 of a-z 0-9 -");
        }
        int version = map.get("version") instanceof Integer number ? number : 0;
        if (version < 1) {
            problem("version", value(map.get("version")), "a number from 1");
        }
        String presetName = map.containsKey("preset") ? String.valueOf(map.get("preset")) : "strict";
        Policy preset = Policy.preset(presetName);
        if (preset == null) {
            problem("preset", value(presetName), "strict, gdpr, ccpa or minimal");
            preset = Policy.strict();
        }
        Map<Kind, Action> actions = new EnumMap<>(preset.actions());
        actions.putAll(actions(map.get("detect")));
        Map<FieldPattern, Action> fields = new HashMap<>(preset.fields());
        fields.putAll(fields(map.get("fields")));
        Set<NationalId> ids = map.containsKey("ids") ? ids(map.get("ids")) : preset.ids();
        ClientData client = client(map("client", map.get("client")), preset.client());
        ConsentRules consent = ConsentSection.read(map.get("consent"), preset.consent(), problems);
        return problems.isEmpty() ? new Policy(name, version, actions, ids, fields, client, consent) : null;
    }

    private ClientData client(Map<?, ?> client, ClientData preset) {
        ClientData.Address address = preset.address();
        ClientData.Agent agent = preset.agent();
        for (Map.Entry<?, ?> entry : client.entrySet()) {
            String path = "client." + Shown.key(entry.getKey());
            Object value = entry.getValue();
            switch (String.valueOf(entry.getKey())) {
                case "address" -> {
                    address = null;
                    for (ClientData.Address each : ClientData.Address.values()) {
                        address = each.key().equals(value) ? each : address;
                    }
                    if (address == null) {
                        String never = "keep".equals(value) ? ": an address is never kept whole" : "";
                        problem(path, value(value), "truncate, hash or drop" + never);
                    }
                }
                case "agent" -> {
                    agent = null;
                    for (ClientData.Agent each : ClientData.Agent.values()) {
                        agent = each.key().equals(value) ? each : agent;
                    }
                    if (agent == null) {
                        problem(path, value(value), "keep, families or drop");
                    }
                }
                default -> unknown(path, "unknown key", entry.getKey(), List.of("address", "agent"));
            }
        }
        return new ClientData(address, agent);
    }

    private Map<Kind, Action> actions(Object value) {
        Map<Kind, Action> actions = new EnumMap<>(Kind.class);
        for (Map.Entry<?, ?> entry : map("detect", value).entrySet()) {
            Kind kind = null;
            for (Kind each : Kind.values()) {
                kind = each.isDetected() && each.key().equals(entry.getKey()) ? each : kind;
            }
            if (kind == null) {
                unknown("detect." + Shown.key(entry.getKey()), "unknown kind", entry.getKey(), KINDS);
            } else {
                actions.put(kind, action("detect." + Shown.key(entry.getKey()), entry.getValue()));
            }
        }
        return actions;
    }

    private Map<FieldPattern, Action> fields(Object value) {
        Map<FieldPattern, Action> fields = new HashMap<>();
        for (Map.Entry<?, ?> entry : map("fields", value).entrySet()) {
            String path = "fields." + Shown.key(entry.getKey());
            FieldPattern pattern = FieldPattern.parse(String.valueOf(entry.getKey()));
            if (pattern == null) {
                problem(path, "cannot be understood", "NAME, NAME.NAME, NAME.*, ?PARAMETER or NAME?PARAMETER");
            } else if (fields.put(pattern, action(path, entry.getValue())) != null) {
                problem(path, "means what another entry means", "one of them");
            }
        }
        return fields;
    }

    private Set<NationalId> ids(Object value) {
        Set<NationalId> ids = EnumSet.noneOf(NationalId.class);
        if (!(value instanceof List<?> list)) {
            problem("ids", value(value), "a list");
            return ids;
        }
        for (Object each : list) {
            NationalId found = null;
            for (NationalId id : NationalId.values()) {
                found = id.key().equals(each) ? id : found;
            }
            if (found == null) {
                unknown("ids", value(each), each, IDS);
            } else {
                ids.add(found);
            }
        }
        return ids;
    }

    private Action action(String path, Object value) {
        for (Action action : Action.values()) {
            if (action.key().equals(value)) {
                return action;
            }
        }
        problem(path, value(value), "remove, mask, hash, truncate, bucket or keep");
        return Action.REMOVE;
    }

    private Map<?, ?> map(String path, Object value) {
        if (value instanceof Map<?, ?> map) {
            return map;
        }
        if (value != null) {
            problem(path, value(value), "a mapping");
        }
        return Map.of();
    }

    private static String value(Object value) {
        return Shown.value(value);
    }

    /** Guesses which name was meant, and else tells all. */
    private void unknown(String path, String found, Object name, Collection<String> known) {
        String meant = name instanceof String text ? Nearest.of(text, known) : null;
        if (meant == null) {
            problem(path, found, "one of " + String.join(", ", known));
        } else {
            problems.add(path + ": " + found + "; did you mean " + meant + "?");
        }
    }

    private void problem(String path, String found, Object expected) {
        problems.add(path + ": " + found + ", expected " + expected);
    }
}
