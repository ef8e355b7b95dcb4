package io.sluice.json;

import io.sluice.bench.traffic.Body;
import io.sluice.bench.traffic.Traffic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;

/**
 * The string values of one body, and how far it is from the end of each to the beginning of the next: so that who scans
 * one has to know where it ended before he begins with the next, as in a whole document.
 *
 * @param bytes the body, with a scanner's padding
 * @param gaps to the first string from the beginning of the body, then from behind each to the next
 */
record Strings(byte[] bytes, int[] gaps) {

    private static final int EVENTS = 50;
    private static final int TRAFFIC_BYTES = 4_000_000;
    private static final long SEED = 20261123;
    private static final int SHORT = 16;

    private static final String[] AGENTS = {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0"
                + " Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6"
                + " Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile"
                + " Safari/537.36",
        "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0",
    };

    private static final String[] PAGES = {
        "/p/quilted-merino-backpack-with-walnut-buckles",
        "/collections/winter/outdoor/jackets-and-coats/recycled",
        "/search?q=brushed+cotton+cardigan&sort=popular&page=3",
        "/journal/how-we-wash-linen-without-losing-its-color?utm_source=newsletter&utm_medium=email"
                + "&utm_campaign=black-week",
    };

    /** All of the traffic's, 50 events a body. */
    static List<Strings> ofTraffic() {
        return ofTraffic(length -> true);
    }

    /** Those of the traffic's with fewer than {@value #SHORT} bytes. */
    static List<Strings> ofTrafficShort() {
        return ofTraffic(length -> length < SHORT);
    }

    private static List<Strings> ofTraffic(IntPredicate length) {
        List<Strings> all = new ArrayList<>();
        for (Body body : new Traffic(SEED).bodies(EVENTS, TRAFFIC_BYTES)) {
            all.add(of(body.bytes(), length));
        }
        return all;
    }

    /** User agents of browsers and addresses of pages, in turn: 70 to 150 bytes each. */
    static List<Strings> ofAgentsAndUrls() {
        SplittableRandom random = new SplittableRandom(SEED);
        List<Strings> all = new ArrayList<>();
        for (int sum = 0; sum < TRAFFIC_BYTES; ) {
            StringBuilder text = new StringBuilder("[");
            for (int i = 0; i < EVENTS; i++) {
                text.append(i == 0 ? "\"" : ",\"").append(AGENTS[random.nextInt(AGENTS.length)]);
                text.append("\",\"https://")
                        .append(Traffic.key(random.nextInt(Traffic.SHOPS)))
                        .append(".example");
                text.append(PAGES[random.nextInt(PAGES.length)]).append('"');
            }
            byte[] bytes = text.append(']').toString().getBytes(StandardCharsets.UTF_8);
            all.add(of(bytes, length -> true));
            sum += bytes.length;
        }
        return all;
    }

    /** The values among the strings of a valid text without white space whose lengths are wanted. */
    private static Strings of(byte[] text, IntPredicate length) {
        byte[] bytes = Arrays.copyOf(text, text.length + Scanner.PADDING);
        Scanner scanner = new Scanner();
        scanner.reset(bytes, text.length);
        int[] gaps = new int[text.length];
        int strings = 0;
        int last = 0;
        for (int at = 0; at < text.length; ) {
            if (bytes[at] != '"') {
                at++;
                continue;
            }
            int behind = scanner.string(at);
            if (bytes[behind] != ':' && length.test(behind - at - 2)) {
                gaps[strings++] = at - last;
                last = behind;
            }
            at = behind;
        }
        return new Strings(bytes, Arrays.copyOf(gaps, strings));
    }

    int end() {
        return bytes.length - Scanner.PADDING;
    }

    /** Scans all of them, and answers where the last one ends. */
    int scan(StringScan scan) {
        scan.reset(bytes, end());
        int at = 0;
        for (int gap : gaps) {
            at = scan.string(at + gap);
        }
        return at;
    }
}
