package io.sluice.privacy.period;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * A stretch of time within which a value keeps its pseudonym. Immutable.
 *
 * @param name of its secret: {@code 2026-11-23}, {@code 2026-11} or {@code always}
 * @param fromMillis when it begins, in milliseconds since 1970-01-01T00:00Z
 * @param toMillis when the next one begins
 */
public record Period(String name, long fromMillis, long toMillis) {

    /** How long periods are. They begin at midnight UTC. */
    public enum Length {
        DAY,
        MONTH,
        /** One period, which neither begins nor ends. */
        NEVER
    }

    private static final Period ALWAYS = new Period("always", Long.MIN_VALUE, Long.MAX_VALUE);

    /** The period that a moment lies in. */
    public static Period at(Length length, long epochMillis) {
        LocalDate day = Instant.ofEpochMilli(epochMillis).atZone(ZoneOffset.UTC).toLocalDate();
        return switch (length) {
            case DAY -> of(day);
            case MONTH -> of(YearMonth.from(day));
            case NEVER -> ALWAYS;
        };
    }

    /** The period, of any length, whose secret has this name, or {@code null} if no period's has. */
    public static Period named(String name) {
        if (name.equals(ALWAYS.name)) {
            return ALWAYS;
        }
        try {
            return switch (name.length()) {
                case 10 -> of(LocalDate.parse(name));
                case 7 -> of(YearMonth.parse(name));
                default -> null;
            };
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static Period of(LocalDate day) {
        return new Period(day.toString(), millis(day), millis(day.plusDays(1)));
    }

    private static Period of(YearMonth month) {
        return new Period(
                month.toString(),
                millis(month.atDay(1)),
                millis(month.plusMonths(1).atDay(1)));
    }

    private static long millis(LocalDate day) {
        return day.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }

    /** Whether it has an end. */
    public boolean ends() {
        return toMillis != Long.MAX_VALUE;
    }

    boolean contains(long epochMillis) {
        return epochMillis >= fromMillis && epochMillis < toMillis;
    }

    @Override
    public String toString() {
        return name;
    }
}
