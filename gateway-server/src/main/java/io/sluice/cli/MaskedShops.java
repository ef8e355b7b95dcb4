package io.sluice.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.representer.Representer;

/** The shops' file as it may be shown: what it says, but for the write keys. */
public final class MaskedShops {

    private static final String MASK = "***";

    private MaskedShops() {}

    /** @throws IOException if it cannot be read, or is no YAML; its message quotes nothing from the file */
    static String read(Path file) throws IOException {
        DumperOptions style = new DumperOptions();
        style.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        style.setSplitLines(false);
        return new Yaml(new Representer(style), style).dump(masked(load(file), false));
    }

    /** Whether the file has this shop. Throws as {@link #read}. */
    public static boolean has(Path file, String shop) throws IOException {
        return load(file) instanceof Map<?, ?> root
                && root.get("shops") instanceof Map<?, ?> shops
                && shops.keySet().stream().anyMatch(id -> shop.equals(String.valueOf(id)));
    }

    private static Object load(Path file) throws IOException {
        try {
            return new Yaml(new SafeConstructor(new LoaderOptions())).load(Files.readString(file));
        } catch (YAMLException e) {
            // Its message would show the lines around, write keys and all.
            throw new IOException(file + " is not YAML");
        }
    }

    private static Object masked(Object node, boolean secret) {
        return switch (node) {
            case Map<?, ?> map -> {
                Map<Object, Object> copy = new LinkedHashMap<>();
                map.forEach((key, value) -> copy.put(key, masked(value, secret || isSecret(key))));
                yield copy;
            }
            case List<?> list -> {
                List<Object> copy = new ArrayList<>();
                list.forEach(item -> copy.add(masked(item, secret)));
                yield copy;
            }
            case null -> null;
            default -> secret ? MASK : node;
        };
    }

    private static boolean isSecret(Object key) {
        return "keys".equals(key) || "key".equals(key);
    }
}
