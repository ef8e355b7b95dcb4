package io.sluice.prove;

import java.util.List;

/**
 * A row over time, in seconds since its load began.
 *
 * @param seconds ends of the intervals that the rates are of
 * @param acked events a second
 * @param delivered events a second, each object's spread over the second before it was complete
 * @param faults when faults began and ended
 */
record Timeline(double[] seconds, double[] acked, double[] delivered, List<Span> faults) {

    record Span(double from, double to) {}
}
