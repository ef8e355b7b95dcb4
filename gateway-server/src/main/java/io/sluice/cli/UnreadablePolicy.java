package io.sluice.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The option {@code --policy} names nothing that can be read. */
public final class UnreadablePolicy extends ParameterException {

    private static final long serialVersionUID = 1L;

    public UnreadablePolicy(CommandLine line, String policy) {
        super(
                line,
                "--policy " + policy
                        + (Files.exists(Path.of(policy))
                                ? ": cannot be read as text, expected strict, gdpr, ccpa, minimal or a file"
                                : ": no preset (strict, gdpr, ccpa, minimal) and no such file"));
    }
}
