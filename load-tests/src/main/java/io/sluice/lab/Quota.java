package io.sluice.lab;

/**
 * What AWS lets a stream take by Direct PUT ("Amazon Data Firehose quota", developer guide).
 *
 * @param bytesPerSecond payload, before base64
 * @param burstSeconds how much of a second's quota may come at once; 0: nothing, everything evenly
 */
record Quota(double recordsPerSecond, double requestsPerSecond, double bytesPerSecond, double burstSeconds) {

    private static final double MIB = 1 << 20;
    /** Beyond any machine, and still a number that can be reckoned with. */
    private static final double UNLIMITED = 1e15;

    /**
     * AWS keeps the three in proportion: 5 MiB/s go with 500,000 records and 2,000 requests a second, and in the
     * smaller
     * regions 1 MiB/s with 100,000 and 1,000.
     */
    static Quota ofBytes(double bytesPerSecond, double burstSeconds) {
        double mib = bytesPerSecond / MIB;
        double requests = mib < 5 ? Math.min(2_000, 1_000 * mib) : 400 * mib;
        return new Quota(100_000 * mib, requests, bytesPerSecond, burstSeconds);
    }

    static Quota unlimited() {
        return new Quota(UNLIMITED, UNLIMITED, UNLIMITED, 1);
    }

    boolean isUnlimited() {
        return bytesPerSecond >= UNLIMITED;
    }
}
