package io.sluice.config;

/**
 * One thing that is wrong with a configuration.
 *
 * @param key the key as the file writes it, or empty if the problem is with the source itself
 * @param value the value as it was given, or {@code null} if it is not about a value
 * @param expected what would have been right, as the end of a line
 * @param source where the value was read: {@code sluice.yaml:12}, {@code environment SLUICE_HTTP_PORT}, …
 */
public record Problem(String key, String value, String expected, String source) {

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(source);
        if (!key.isEmpty()) {
            text.append(": ").append(key);
        }
        if (value != null) {
            text.append(" = ").append(value.isEmpty() ? "(empty)" : value);
        }
        return text.append("\n    ").append(expected).toString();
    }
}
