package io.sluice.cli;

import io.sluice.record.Encoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds delivered objects by their names. Stateless. */
final class ObjectFiles {

    /** What follows the stream in an object's name: version and time. */
    private static final Pattern BEHIND_STREAM = Pattern.compile("-\\d+-\\d{4}-\\d\\d-\\d\\d-\\d\\d-\\d\\d-\\d\\d-.*");

    private ObjectFiles() {}

    @FunctionalInterface
    interface Visitor {

        void object(Path file, Encoding encoding) throws IOException;
    }

    /** The encoding that the end of the name says, or {@code null} if it is no object's name. */
    static Encoding encoding(Path file) {
        String name = file.getFileName().toString();
        for (Encoding encoding : Encoding.values()) {
            if (name.endsWith(encoding.extension())) {
                return encoding;
            }
        }
        return null;
    }

    /** Shows every object below the directory in the order of their keys; hidden files and directories are left out. */
    static void visit(Path directory, Visitor visitor) throws IOException {
        List<Path> entries;
        try (Stream<Path> list = Files.list(directory)) {
            entries = list.filter(path -> !path.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
        for (Path entry : entries) {
            if (Files.isDirectory(entry)) {
                visit(entry, visitor);
            } else if (encoding(entry) != null) {
                visitor.object(entry, encoding(entry));
            }
        }
    }

    /** Whether the object is of the group: its stream, or a directory above it, is named for it. */
    static boolean isOfGroup(Path file, String group) {
        String stream = BEHIND_STREAM.matcher(file.getFileName().toString()).replaceFirst("");
        if (stream.equals(group) || stream.endsWith("-" + group)) {
            return true;
        }
        for (Path name : file.toAbsolutePath().getParent()) {
            if (name.toString().equals(group)) {
                return true;
            }
        }
        return false;
    }
}
