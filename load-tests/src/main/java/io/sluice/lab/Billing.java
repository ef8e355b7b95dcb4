package io.sluice.lab;

/** What AWS would charge for ingestion: bytes of each record rounded up, at the prices of us-east-1. */
final class Billing {

    /** Firehose bills by the record, rounded up to 5 KB. */
    static final int STEP_BYTES = 5 * 1024;

    static final double SECONDS_A_MONTH = 30 * 24 * 3600;

    private static final double GIB = 1L << 30;
    private static final double TIB = 1L << 40;
    /** Direct PUT, USD a GiB: the first 500 TB, the next 1.5 PB, and what is above. */
    private static final double[] TIER_BYTES = {500 * TIB, 1_500 * TIB, Double.POSITIVE_INFINITY};

    private static final double[] TIER_USD = {0.029, 0.025, 0.020};

    private Billing() {}

    static long billed(long payloadBytes) {
        return (payloadBytes + STEP_BYTES - 1) / STEP_BYTES * STEP_BYTES;
    }

    /** Of a month in which so many bytes are billed. */
    static double usd(double billedBytes) {
        double usd = 0;
        double rest = billedBytes;
        for (int i = 0; i < TIER_BYTES.length && rest > 0; i++) {
            double bytes = Math.min(rest, TIER_BYTES[i]);
            usd += bytes / GIB * TIER_USD[i];
            rest -= bytes;
        }
        return usd;
    }

    /** Of a month that goes on as these bytes did in this time. */
    static double usdPerMonth(long billedBytes, double seconds) {
        return seconds <= 0 ? 0 : usd(billedBytes / seconds * SECONDS_A_MONTH);
    }
}
