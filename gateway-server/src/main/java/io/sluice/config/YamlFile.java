package io.sluice.config;

import io.sluice.common.FileFailure;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads a YAML file into entries that know their line.
 *
 * <p>Only the syntax tree is used: a value is the text that stands there, never a type that YAML guesses ({@code no},
 * {@code 010}, {@code 1_000}). The walk follows known keys only, so that aliases cannot blow it up.
 */
final class YamlFile {

    private final Path file;
    private final Map<String, Entry> entries;
    private final List<Problem> problems;

    YamlFile(Path file, Map<String, Entry> entries, List<Problem> problems) {
        this.file = file;
        this.entries = entries;
        this.problems = problems;
    }

    void read() {
        if (Files.isDirectory(file)) {
            problems.add(new Problem("", null, "expected a file, but this is a directory", file.toString()));
            return;
        }
        try {
            Node root = tree(Files.readString(file));
            if (root instanceof MappingNode mapping) {
                section(mapping, "");
            } else if (root != null && !isNull(root)) {
                problem("", null, "expected sections, such as \"http:\"", root);
            }
        } catch (MarkedYAMLException e) {
            int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
            problems.add(new Problem("", null, "expected YAML, but " + e.getProblem(), file + ":" + line));
        } catch (YAMLException e) {
            problems.add(new Problem("", null, "expected YAML, but " + e.getMessage(), file.toString()));
        } catch (NoSuchFileException e) {
            problems.add(new Problem("", null, "expected a file, but there is none of this name", file.toString()));
        } catch (CharacterCodingException e) {
            problems.add(new Problem("", null, "expected text in UTF-8", file.toString()));
        } catch (AccessDeniedException e) {
            problems.add(
                    new Problem("", null, "expected a readable file, but " + FileFailure.denied(), file.toString()));
        } catch (IOException e) {
            problems.add(
                    new Problem("", null, "expected a readable file, but " + FileFailure.text(e), file.toString()));
        }
    }

    /** As {@code Yaml.compose}, without the parts that make and write objects: 40 ms of CPU at start rather than 60. */
    private static Node tree(String text) {
        LoaderOptions options = new LoaderOptions();
        StreamReader reader = new StreamReader(new StringReader(text));
        return new Composer(new ParserImpl(reader, options), new Resolver(), options).getSingleNode();
    }

    private void section(MappingNode mapping, String prefix) {
        Set<String> seen = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode keyNode)) {
                problem(trimDot(prefix), null, "expected keys that are plain words", tuple.getKeyNode());
                continue;
            }
            String name = prefix + keyNode.getValue();
            if (!seen.add(name)) {
                problem(name, null, "expected once, but it stands in this section before", keyNode);
            } else if (Schema.isKey(name)) {
                scalar(name, tuple.getValueNode());
            } else if (name.equals(Groups.LIST)) {
                groups(tuple.getValueNode());
            } else if (Schema.isSection(name)) {
                subsection(name, tuple.getValueNode());
            } else {
                problem(name, null, Schema.unknown(name), keyNode);
            }
        }
    }

    private void subsection(String name, Node node) {
        if (node instanceof MappingNode mapping) {
            section(mapping, name + ".");
        } else if (!isNull(node)) {
            problem(name, text(node), "expected a section with the keys " + Schema.keysOf(name), node);
        }
    }

    private void groups(Node node) {
        if (isNull(node)) {
            return;
        }
        if (!(node instanceof SequenceNode list)) {
            problem(Groups.LIST, text(node), "expected a list of stream groups, each beginning with \"- name:\"", node);
            return;
        }
        // A list replaces the default one as a whole.
        entries.keySet().removeIf(key -> key.startsWith(Groups.LIST + "["));
        for (int i = 0; i < list.getValue().size(); i++) {
            Node item = list.getValue().get(i);
            String name = Groups.LIST + "[" + i + "]";
            if (i >= Groups.MAX) {
                problem(name, null, "expected at most " + Groups.MAX + " stream groups", item);
                return;
            }
            entries.put(name, new Entry("", at(item)));
            subsection(name, item);
        }
    }

    private void scalar(String name, Node node) {
        if (node instanceof ScalarNode scalar) {
            if (!isNull(scalar)) {
                entries.put(name, new Entry(scalar.getValue().strip(), at(node)));
            }
        } else if (Groups.isList(name) && node instanceof SequenceNode list) {
            list(name, list);
        } else {
            problem(name, null, "expected " + Schema.expected(name), node);
        }
    }

    private void list(String name, SequenceNode list) {
        List<String> items = new ArrayList<>();
        for (Node item : list.getValue()) {
            if (!(item instanceof ScalarNode scalar)) {
                problem(name, null, "expected " + Schema.expected(name), item);
                return;
            }
            items.add(scalar.getValue().strip());
        }
        entries.put(name, new Entry(String.join(", ", items), at(list)));
    }

    /** A key with nothing behind it is as good as absent. */
    private static boolean isNull(Node node) {
        return node.getTag().equals(Tag.NULL);
    }

    private static String text(Node node) {
        return node instanceof ScalarNode scalar ? scalar.getValue() : null;
    }

    private static String trimDot(String prefix) {
        return prefix.isEmpty() ? prefix : prefix.substring(0, prefix.length() - 1);
    }

    private void problem(String key, String value, String expected, Node node) {
        problems.add(new Problem(key, value, expected, at(node)));
    }

    private String at(Node node) {
        return file + ":" + (node.getStartMark().getLine() + 1);
    }
}
