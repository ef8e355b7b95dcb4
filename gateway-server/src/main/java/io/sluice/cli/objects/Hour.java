package io.sluice.cli.objects;

import java.time.DateTimeException;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a {@link Moment} that begins an hour or a day, in UTC, as minutes since the epoch. */
public final class Hour implements ITypeConverter<Integer> {

    private static final long MILLIS = TimeUnit.HOURS.toMillis(1);

    @Override
    public Integer convert(String text) {
        try {
            long millis = Moment.millis(text);
            if (millis % MILLIS == 0) {
                return (int) TimeUnit.MILLISECONDS.toMinutes(millis);
            }
        } catch (DateTimeException e) {
            // Told below.
        }
        throw new TypeConversionException("'" + text + "' begins no hour, " + Moment.EXPECTED);
    }
}
