package io.sluice.privacy.consent;

/**
 * What Google's consent mode adds to the requests of GA4: {@code gcs} and {@code gcd}. Stateless.
 *
 * <p>Google documents neither in full; as observed by Markus Baersch and Simo Ahava ("Consent Mode v2 for Google Tags",
 * 2024). Of the four storages it is that of analytics that counts here.
 *
 * <pre>
 *   gcs  G1xy         x ad_storage, y analytics_storage: 1 granted, 0 denied, - not set
 *   gcd  11p1p1p1p5   letters for ad_storage, analytics_storage, ad_user_data, ad_personalization
 *                     l not set          p denied by default       t granted by default
 *                     m denied later     q denied, and denied      u granted, and denied later
 *                     n granted later    r denied, granted later   v granted, and granted later
 * </pre>
 */
final class GoogleConsent {

    private GoogleConsent() {}

    static boolean isStatus(byte[] bytes, int from, int to) {
        return to - from == 4
                && bytes[from] == 'G'
                && bytes[from + 1] == '1'
                && isStatus(bytes[from + 2])
                && isStatus(bytes[from + 3]);
    }

    /** What a {@code gcs} says. */
    static Said status(byte[] bytes, int from, int to) {
        if (!isStatus(bytes, from, to)) {
            return Said.NOTHING;
        }
        return switch (bytes[from + 3]) {
            case '1' -> Said.GRANTED;
            case '0' -> Said.REFUSED;
            default -> Said.NOTHING;
        };
    }

    /** What a {@code gcd} says. */
    static Said defaults(byte[] bytes, int from, int to) {
        if (to - from < 9 || bytes[from] != '1') {
            return Said.NOTHING;
        }
        for (int i = 1; i < 9; i++) {
            byte b = bytes[from + i];
            if (i % 2 == 1 ? b < '0' || b > '9' : b < 'a' || b > 'z') {
                return Said.NOTHING;
            }
        }
        return switch (bytes[from + 4]) {
            case 't', 'n', 'r', 'v' -> Said.GRANTED;
            case 'p', 'm', 'q', 'u' -> Said.REFUSED;
            default -> Said.NOTHING;
        };
    }

    private static boolean isStatus(byte b) {
        return b == '0' || b == '1' || b == '-';
    }
}
