package io.sluice.metrics;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.DoubleSupplier;
import org.HdrHistogram.Histogram;

/**
 * All counts, gauges and distributions of one gateway. Writers take their {@link Cells} once, at start; readers sum
 * over all of them.
 *
 * <p>Any thread. Only reading distributions takes a lock, which no writer ever waits for.
 */
public final class Metrics {

    private final List<Cells> writers = new CopyOnWriteArrayList<>();
    private final List<ShopCells> shopWriters = new CopyOnWriteArrayList<>();
    private volatile List<Rule> rules = List.of();
    private final Map<Gauge, DoubleSupplier> gauges = new EnumMap<>(Gauge.class);
    private final Map<Probe, Histogram> totals = new EnumMap<>(Probe.class);

    /** Cells for one more writing thread. */
    public Cells newCells() {
        Cells cells = new Cells();
        writers.add(cells);
        return cells;
    }

    /**
     * Cells by shop for one more writing thread.
     *
     * @param rules what it counts, in the order of its amounts; the same for all
     */
    public ShopCells newShopCells(List<Rule> rules) {
        this.rules = List.copyOf(rules);
        ShopCells cells = new ShopCells(rules.size());
        shopWriters.add(cells);
        return cells;
    }

    /** What is counted by shop. */
    public List<Rule> rules() {
        return rules;
    }

    /** For each shop for which something was counted, in the order of their names, the total of each rule. */
    public SortedMap<String, long[]> totalsByShop() {
        SortedMap<String, long[]> totals = new TreeMap<>();
        for (ShopCells cells : shopWriters) {
            cells.addTo(totals);
        }
        return totals;
    }

    /** Names who knows the gauge's value; asked from any thread. The last one named counts. */
    public synchronized void gauge(Gauge gauge, DoubleSupplier value) {
        gauges.put(gauge, value);
    }

    /** The gauge's value now, or NaN if nobody has said that he knows it. */
    public double value(Gauge gauge) {
        DoubleSupplier supplier;
        synchronized (this) {
            supplier = gauges.get(gauge);
        }
        return supplier == null ? Double.NaN : supplier.getAsDouble();
    }

    public long total(Counter counter) {
        long sum = 0;
        for (Cells cells : writers) {
            sum += cells.value(counter);
        }
        return sum;
    }

    public long total(Reason reason) {
        long sum = 0;
        for (Cells cells : writers) {
            sum += cells.value(reason);
        }
        return sum;
    }

    /** A copy of everything recorded since the start. */
    public synchronized Histogram distribution(Probe probe) {
        Histogram total = totals.computeIfAbsent(probe, p -> new Histogram(2));
        for (Cells cells : writers) {
            total.add(cells.interval(probe));
        }
        return total.copy();
    }
}
