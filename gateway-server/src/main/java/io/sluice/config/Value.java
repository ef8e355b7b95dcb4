package io.sluice.config;

/**
 * What a key takes: how it is read, how it is written, and what to say if it is neither.
 *
 * @param <T> what it becomes
 */
interface Value<T> {

    /** @throws IllegalArgumentException if the text is not {@link #expected} */
    T parse(String text);

    /** The text that {@link #parse} turns into an equal value. */
    String format(T value);

    /** What is taken, as it follows "expected". */
    String expected();
}
