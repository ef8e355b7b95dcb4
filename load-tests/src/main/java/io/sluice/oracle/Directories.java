package io.sluice.oracle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Objects as files: those named, and those below directories. Of a gateway's data directory only {@code s3} counts. */
final class Directories implements ObjectSource {

    private final List<Path> paths;

    Directories(List<Path> paths) {
        this.paths = paths;
    }

    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path + ": there is no such file or directory");
            }
            if (Files.isDirectory(path)) {
                Path delivered = path.resolve("s3");
                visit(Files.isDirectory(delivered) ? delivered : path, names);
            } else {
                names.add(path.toString());
            }
        }
        return names;
    }

    /** Hidden files are objects in the making. */
    private static void visit(Path directory, List<String> names) throws IOException {
        List<Path> entries;
        try (Stream<Path> list = Files.list(directory)) {
            entries = list.filter(path -> !path.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
        for (Path entry : entries) {
            if (Files.isDirectory(entry)) {
                visit(entry, names);
            } else {
                names.add(entry.toString());
            }
        }
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(Path.of(name));
    }
}
