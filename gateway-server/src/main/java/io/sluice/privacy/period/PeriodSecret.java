package io.sluice.privacy.period;

/**
 * The secret of a period. Immutable: the bytes are shared and never written to.
 *
 * @param bytes 32 random ones
 */
public record PeriodSecret(Period period, byte[] bytes) {

    /** Where loops find the secret of a moment. Any thread; does not block. */
    @FunctionalInterface
    public interface Source {
        /** The secret of the period that the moment lies in, or {@code null} if it is not at hand. */
        PeriodSecret at(long epochMillis);
    }

    /** Whether the moment lies in its period. */
    public boolean covers(long epochMillis) {
        return period.contains(epochMillis);
    }

    /** The period alone. */
    @Override
    public String toString() {
        return "PeriodSecret[" + period + "]";
    }
}
