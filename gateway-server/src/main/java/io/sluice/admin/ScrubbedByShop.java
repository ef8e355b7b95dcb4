package io.sluice.admin;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.sluice.metrics.Metrics;
import io.sluice.metrics.Rule;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * What was done with personal data, by shop: all shops as lines of JSON, a bounded number of them for Prometheus.
 *
 * <p>Any thread. A shop that has been shown to Prometheus is shown on, and the sum of the others never falls: places go
 * to the shops with the most findings while there are any, and are never given away.
 */
final class ScrubbedByShop implements Collector {

    static final String NAME = "sluice_scrubbed_by_shop";
    static final String HELP = "Pieces of personal data, by shop, kind and what was done";

    /** No shop has this name. */
    static final String OTHERS = "(other)";

    /** Shops that Prometheus is shown. Each has as many series as rules have found something: seldom more than five. */
    static final int MOST_SHOPS = 50;

    private final Metrics metrics;
    private final Set<String> shown = new HashSet<>();

    ScrubbedByShop(Metrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public synchronized MetricSnapshot collect() {
        SortedMap<String, long[]> totals = metrics.totalsByShop();
        choose(totals);
        List<Rule> rules = metrics.rules();
        CounterSnapshot.Builder snapshot = CounterSnapshot.builder().name(NAME).help(HELP);
        long[] others = new long[rules.size()];
        totals.forEach((shop, counts) -> {
            if (shown.contains(shop)) {
                add(snapshot, shop, rules, counts);
            } else {
                for (int i = 0; i < counts.length; i++) {
                    others[i] += counts[i];
                }
            }
        });
        add(snapshot, OTHERS, rules, others);
        return snapshot.build();
    }

    private void choose(SortedMap<String, long[]> totals) {
        if (shown.size() < MOST_SHOPS) {
            totals.entrySet().stream()
                    .filter(entry -> !shown.contains(entry.getKey()))
                    .sorted(Comparator.comparingLong((Map.Entry<String, long[]> entry) -> -sum(entry.getValue())))
                    .limit(MOST_SHOPS - shown.size())
                    .forEach(entry -> shown.add(entry.getKey()));
        }
    }

    private static long sum(long[] counts) {
        long sum = 0;
        for (long count : counts) {
            sum += count;
        }
        return sum;
    }

    private static void add(CounterSnapshot.Builder snapshot, String shop, List<Rule> rules, long[] counts) {
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] != 0) {
                Rule rule = rules.get(i);
                snapshot.dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder()
                        .labels(Labels.of("shop", shop, "kind", rule.kind(), "action", rule.action()))
                        .value(counts[i])
                        .build());
            }
        }
    }

    /** For each shop and rule a line <code>{"shop":"…","kind":"…","action":"…","count":n}</code>, of all shops. */
    static String lines(Metrics metrics) {
        List<Rule> rules = metrics.rules();
        StringBuilder lines = new StringBuilder();
        metrics.totalsByShop().forEach((shop, counts) -> {
            for (int i = 0; i < counts.length; i++) {
                if (counts[i] != 0) {
                    // Neither names of shops nor of rules have anything to be escaped.
                    lines.append("{\"shop\":\"")
                            .append(shop)
                            .append("\",\"kind\":\"")
                            .append(rules.get(i).kind())
                            .append("\",\"action\":\"")
                            .append(rules.get(i).action())
                            .append("\",\"count\":")
                            .append(counts[i])
                            .append("}\n");
                }
            }
        });
        return lines.toString();
    }
}
