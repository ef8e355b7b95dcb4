package io.sluice.ladder;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;

/**
 * What was measured, under names such as {@code bare.server}, once in each round. One thread.
 *
 * <p>To ask for what was not measured is an {@link IllegalArgumentException} that says what was; {@link #has} asks.
 */
public final class Figures {

    private final Map<String, List<Double>> values = new TreeMap<>();

    public void add(String name, double value) {
        values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }

    /** The median of the rounds. */
    public double of(String name) {
        double[] sorted = all(name).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** What was added last. */
    public double last(String name) {
        return measured(name).getLast();
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The smallest of the rounds. */
    public double least(String name) {
        return all(name).min().orElseThrow();
    }

    /** The largest of the rounds. */
    public double most(String name) {
        return all(name).max().orElseThrow();
    }

    private DoubleStream all(String name) {
        return measured(name).stream().mapToDouble(Double::doubleValue);
    }

    private List<Double> measured(String name) {
        List<Double> measured = values.get(name);
        if (measured == null) {
            throw new IllegalArgumentException("'" + name + "' was not measured, only " + values.keySet());
        }
        return measured;
    }

    /** Every value of every round, a line a name. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        values.forEach((name, measured) -> {
            text.append(name);
            for (double value : measured) {
                text.append(String.format(Locale.ROOT, " %.3f", value));
            }
            text.append('\n');
        });
        return text.toString();
    }
}
