package io.sluice.bench.traffic;

import java.util.random.RandomGenerator;

/** One visitor of one shop and the session that he is in: what stays the same from one of his events to the next. */
final class Visitor {

    private static final String[] APPS = {
        "ShopApp/4.12.1 (iPhone16,2; iOS 18.6)",
        "ShopApp/4.11.0 (SM-S921B; Android 15)",
        "ShopApp/3.9 (iPad; iPadOS 17)"
    };

    private static final String[] SOURCES = {
        "https://www.google.com/",
        "https://www.bing.com/",
        "https://l.instagram.com/",
        "https://news.example/gift-guide-2026",
        "android-app://com.google.android.gm/"
    };

    final String id;
    /** What his app calls itself, or {@code null} if he comes by a browser, which says so in the request's header. */
    final String app;

    String session;
    /** The page that he looks at, and the one before. */
    String page = "/";

    String referrer;
    int eventsLeft;

    Visitor(RandomGenerator random) {
        id = hex(random.nextLong(), 16);
        app = random.nextInt(100) < 12 ? APPS[random.nextInt(APPS.length)] : null;
        begin(random);
    }

    /** Begins another session. */
    void begin(RandomGenerator random) {
        session = hex(random.nextLong(), 12);
        page = "/";
        referrer = SOURCES[random.nextInt(SOURCES.length)];
        // Half of all sessions are short, a few are long.
        eventsLeft = 1 + (int) (-9 * Math.log(1 - random.nextDouble()));
    }

    private static String hex(long value, int digits) {
        return String.format("%016x", value).substring(16 - digits);
    }
}
