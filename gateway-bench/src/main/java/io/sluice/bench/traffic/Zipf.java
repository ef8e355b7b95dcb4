package io.sluice.bench.traffic;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Draws ranks as popularity has them: rank {@code i}, from 0, with a probability in proportion to
 * {@code 1 / (i + 1)^exponent}. Immutable.
 */
final class Zipf {

    private final double[] cumulative;

    Zipf(int size, double exponent) {
        cumulative = new double[size];
        double sum = 0;
        for (int i = 0; i < size; i++) {
            sum += Math.pow(i + 1, -exponent);
            cumulative[i] = sum;
        }
    }

    int draw(RandomGenerator random) {
        double at = random.nextDouble() * cumulative[cumulative.length - 1];
        int found = Arrays.binarySearch(cumulative, at);
        return Math.min(found < 0 ? -found - 1 : found, cumulative.length - 1);
    }
}
