package io.sluice.config;

import java.util.function.Function;

/**
 * One key of the configuration.
 *
 * @param name as the file writes it, sections joined by dots
 * @param takes what its value is
 * @param byDefault its default as text; may name {@code ${data}}
 * @param effective finds it in a finished configuration
 * @param automatic says what {@code auto} comes to in a finished configuration that still has it, or {@code null}
 */
record Key<T>(
        String name,
        Value<T> takes,
        String byDefault,
        Function<SluiceConfig, T> effective,
        Function<SluiceConfig, String> automatic) {

    /** The value in a finished configuration, as text. */
    String format(SluiceConfig config) {
        return takes.format(effective.apply(config));
    }

    /** {@code http.max-body} as {@code SLUICE_HTTP_MAX_BODY}. */
    String variable() {
        return Environment.variable(name);
    }
}
