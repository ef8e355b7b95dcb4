package io.sluice.cli.objects;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The one notation of {@code --from} and {@code --to} in all commands: a day, an hour or any time, in UTC unless it
 * says otherwise. A day or an hour means its beginning; {@code --from} takes in what it names, {@code --to} does not.
 *
 * <pre>
 *   2026-11-22   2026-11-22T10   2026-11-22T10Z   2026-11-22T10:30   2026-11-22T10:30:05Z   2026-11-22T10:30+01:00
 * </pre>
 */
public final class Moment implements ITypeConverter<Long> {

    /** For messages. */
    public static final String EXPECTED = "expected such as 2026-11-22, 2026-11-22T10 or 2026-11-22T10:00:00Z";

    private static final DateTimeFormatter FORM = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd['T'HH[:mm[:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .appendPattern("]][XXX]]")
            .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
            .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
            .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
            .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
            .toFormatter()
            .withResolverStyle(ResolverStyle.STRICT);

    /**
     * Milliseconds since the epoch.
     *
     * @throws DateTimeException if it is none
     */
    public static long millis(String text) {
        return FORM.parse(text, Instant::from).toEpochMilli();
    }

    @Override
    public Long convert(String text) {
        try {
            return millis(text);
        } catch (DateTimeException e) {
            throw new TypeConversionException("'" + text + "' is no time, " + EXPECTED);
        }
    }
}
