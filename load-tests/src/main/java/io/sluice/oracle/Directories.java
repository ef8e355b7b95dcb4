package io.sluice.oracle;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Objects as files: those named, and those below directories. Of a gateway's data directory only {@code s3} counts. */
final class Directories implements ObjectSource {

    private final List<Path> paths;

    Directories(List<Path> paths) {
        this.paths = paths;
    }

    @Override
    public void list(Visitor visitor) throws IOException {
        for (Path path : paths) {
            if (!Files.exists(path)) {
                throw new NoSuchFileException(path + ": there is no such file or directory");
            }
            if (Files.isDirectory(path)) {
                Path delivered = path.resolve("s3");
                visit(Files.isDirectory(delivered) ? delivered : path, visitor);
            } else {
                visitor.object(path.toString());
            }
        }
    }

    /** Hidden files are objects in the making. */
    private static void visit(Path directory, Visitor visitor) throws IOException {
        List<Path> entries;
        try (Stream<Path> list = Files.list(directory)) {
            entries = list.filter(path -> !path.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
        for (Path entry : entries) {
            if (Files.isDirectory(entry)) {
                visit(entry, visitor);
            } else {
                visitor.object(entry.toString());
            }
        }
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(Path.of(name));
    }
}
