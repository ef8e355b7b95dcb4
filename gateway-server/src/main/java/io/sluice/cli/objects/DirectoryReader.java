package io.sluice.cli.objects;

import io.sluice.aws.ObjectReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory in the layout of a bucket, which it is the name of. Hidden files are objects in the making. Stateless.
 */
public final class DirectoryReader implements ObjectReader {

    @Override
    public Listing list(String bucket, String prefix, String after) {
        return new FilesBelow(Path.of(bucket), prefix, after);
    }

    @Override
    public InputStream open(String bucket, String key) throws IOException {
        return Files.newInputStream(Path.of(bucket).resolve(key));
    }

    @Override
    public void close() {}

    /** Holds the names of the directories on the way. */
    private static final class FilesBelow implements Listing {

        private final Path root;
        private final String after;
        private final Deque<Path> ahead = new ArrayDeque<>();

        FilesBelow(Path root, String prefix, String after) {
            this.root = root;
            this.after = after;
            ahead.push(root.resolve(prefix));
        }

        @Override
        public Entry next() throws IOException {
            while (!ahead.isEmpty()) {
                Path path = ahead.pop();
                if (Files.isDirectory(path)) {
                    enter(path);
                } else if (Files.exists(path)) {
                    String key = root.relativize(path).toString().replace('\\', '/');
                    if (key.compareTo(after) > 0) {
                        return new Entry(key, Files.size(path));
                    }
                }
            }
            return null;
        }

        private void enter(Path directory) throws IOException {
            try (Stream<Path> list = Files.list(directory)) {
                List<Path> entries = list.filter(
                                path -> !path.getFileName().toString().startsWith("."))
                        .sorted()
                        .toList();
                entries.reversed().forEach(ahead::push);
            } catch (NoSuchFileException e) {
                // Gone meanwhile.
            }
        }
    }
}
