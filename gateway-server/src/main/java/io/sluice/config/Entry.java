package io.sluice.config;

/**
 * A value as it was given.
 *
 * @param text the value, without quotes
 * @param source where it was given, as {@link Problem#source} says it
 */
record Entry(String text, String source) {}
