package io.sluice.http;

import java.util.List;

/** Certificates that cannot be used, with everything that is wrong with them; never a byte of a key. */
public final class BadTlsException extends Exception {

    private static final long serialVersionUID = 1L;

    /**
     * One thing that is wrong.
     *
     * @param key the last word of the key that names the file: {@code certificate}, {@code key}, {@code client-ca}
     * @param file the file
     * @param expected what would have been right
     */
    public record Problem(String key, String file, String expected) {

        @Override
        public String toString() {
            return file + ": " + expected;
        }
    }

    private final transient List<Problem> problems;

    BadTlsException(List<Problem> problems) {
        super(String.join("; ", problems.stream().map(Problem::toString).toList()));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
