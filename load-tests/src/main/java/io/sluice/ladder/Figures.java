package io.sluice.ladder;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What was measured, under names such as {@code bare.server}, once in each round. One thread. */
public final class Figures {

    private final Map<String, List<Double>> values = new TreeMap<>();

    public void add(String name, double value) {
        values.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
    }

    /** The median of the rounds. */
    public double of(String name) {
        List<Double> measured = values.get(name);
        if (measured == null) {
            throw new IllegalArgumentException("'" + name + "' was not measured, only " + values.keySet());
        }
        double[] sorted =
                measured.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** What was added last. */
    public double last(String name) {
        return values.get(name).getLast();
    }

    public boolean has(String name) {
        return values.containsKey(name);
    }

    /** The smallest of the rounds. */
    public double least(String name) {
        return values.get(name).stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    }

    /** The largest of the rounds. */
    public double most(String name) {
        return values.get(name).stream().mapToDouble(Double::doubleValue).max().orElseThrow();
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
