package io.sluice.cli.objects;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads an hour of an option, in UTC, as the minute since the epoch in which it begins. */
public final class Hour implements ITypeConverter<Integer> {

    private static final DateTimeFormatter FORM =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH[:mm[:ss]]['Z']").withZone(ZoneOffset.UTC);

    @Override
    public Integer convert(String text) {
        try {
            LocalDateTime time = LocalDateTime.parse(text, FORM);
            if (time.equals(time.truncatedTo(ChronoUnit.HOURS))) {
                return (int) (time.toEpochSecond(ZoneOffset.UTC) / 60);
            }
        } catch (DateTimeException e) {
            // Told below.
        }
        throw new TypeConversionException(
                "'" + text + "' is no hour, expected such as 2026-11-22T10 or 2026-11-22T10:00:00Z");
    }
}
