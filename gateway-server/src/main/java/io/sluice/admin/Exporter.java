package io.sluice.admin;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.sluice.metrics.Counter;
import io.sluice.metrics.Gauge;
import io.sluice.metrics.Metrics;
import io.sluice.metrics.Probe;
import io.sluice.metrics.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * Shows every constant of the metrics' enums to Prometheus through Micrometer, whose other registries can be added.
 *
 * <p>Reads on demand; nothing is copied or kept between two scrapes.
 */
public final class Exporter implements AutoCloseable {

    /**
     * Units that stand in names by Prometheus' conventions. What is merely counted has its word in the name already.
     */
    private static final Set<String> UNITS = Set.of("bytes", "seconds", "milliseconds");

    private static final double[] QUANTILES = {0.5, 0.9, 0.99, 0.999};
    private static final double NANOS_PER_SECOND = 1e9;

    /** What {@link Reason}s are counted under. */
    static final String REFUSED = "sluice.refused";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    public Exporter(Metrics metrics) {
        for (Counter counter : Counter.values()) {
            FunctionCounter.Builder<Metrics> builder = FunctionCounter.builder(
                            counter.metric(), metrics, m -> m.total(counter))
                    .description(counter.help())
                    .baseUnit(unit(counter.unit()));
            if (counter.tag() != null) {
                builder.tag(counter.tag(), counter.tagValue());
            }
            builder.register(registry);
        }
        for (Reason reason : Reason.values()) {
            FunctionCounter.builder(REFUSED, metrics, m -> m.total(reason))
                    .description("Events and requests that were not taken, by reason")
                    .tag("reason", reason.code())
                    .register(registry);
        }
        registry.getPrometheusRegistry().register(new ScrubbedByShop(metrics));
        for (Gauge gauge : Gauge.values()) {
            io.micrometer.core.instrument.Gauge.builder(gauge.metric(), metrics, m -> m.value(gauge))
                    .description(gauge.help())
                    .baseUnit(unit(gauge.unit()))
                    // Nobody else holds the metrics for the registry.
                    .strongReference(true)
                    .register(registry);
        }
        for (Probe probe : Probe.values()) {
            registry.getPrometheusRegistry().register((Collector) () -> summary(metrics, probe));
            io.micrometer.core.instrument.Gauge.builder(probe.metric() + ".max", metrics, m -> max(m, probe))
                    .description(probe.help() + ", the most since the start")
                    .baseUnit(isTime(probe) ? "seconds" : null)
                    .strongReference(true)
                    .register(registry);
        }
    }

    /** Everything as it is now, in Prometheus' text format 0.0.4. */
    String scrape() {
        return registry.scrape();
    }

    /** The name under which Prometheus knows a metric. */
    static String prometheusName(String metric, String unit, boolean counter) {
        String name = metric.replace('.', '_');
        if (UNITS.contains(unit) && !name.endsWith("_" + unit)) {
            name += "_" + unit;
        }
        return counter ? name + "_total" : name;
    }

    static String prometheusName(Probe probe) {
        return prometheusName(probe.metric(), isTime(probe) ? "seconds" : probe.unit(), false);
    }

    /** Registries, such as CloudWatch's, may be put beside Prometheus'. */
    public PrometheusMeterRegistry registry() {
        return registry;
    }

    private static String unit(String unit) {
        return UNITS.contains(unit) ? unit : null;
    }

    private static boolean isTime(Probe probe) {
        return probe.unit().equals("nanoseconds");
    }

    private static double scale(Probe probe) {
        return isTime(probe) ? NANOS_PER_SECOND : 1;
    }

    private static double max(Metrics metrics, Probe probe) {
        Histogram histogram = metrics.distribution(probe);
        return histogram.getTotalCount() == 0 ? 0 : histogram.getMaxValue() / scale(probe);
    }

    private static MetricSnapshot summary(Metrics metrics, Probe probe) {
        Histogram histogram = metrics.distribution(probe);
        long count = histogram.getTotalCount();
        List<Quantile> quantiles = new ArrayList<>();
        for (double quantile : QUANTILES) {
            double value = histogram.getValueAtPercentile(quantile * 100) / scale(probe);
            quantiles.add(new Quantile(quantile, count == 0 ? Double.NaN : value));
        }
        return SummarySnapshot.builder()
                .name(prometheusName(probe))
                .help(probe.help() + ", since the start")
                .dataPoint(SummarySnapshot.SummaryDataPointSnapshot.builder()
                        .count(count)
                        .sum(count == 0 ? 0 : histogram.getMean() * count / scale(probe))
                        .quantiles(Quantiles.of(quantiles))
                        .build())
                .build();
    }

    @Override
    public void close() {
        registry.close();
    }
}
