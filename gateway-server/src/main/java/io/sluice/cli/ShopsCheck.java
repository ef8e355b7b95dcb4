package io.sluice.cli;

import java.nio.file.Path;
import java.util.Map;

/** How {@code check} has the shops' file read, so that it finds what the server would. */
@FunctionalInterface
public interface ShopsCheck {

    /**
     * @param groups number of each stream group that a shop may name, by its name
     * @throws Exception with a message for the user if the server would not take the file
     */
    void check(Path file, Map<String, Integer> groups) throws Exception;
}
