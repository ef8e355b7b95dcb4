package io.sluice.cli.reconcile;

import java.util.Arrays;

/**
 * A set of numbers as ascending runs, 16 bytes each. One thread.
 *
 * <p>Blocks of a producer are complete one behind the other, so that a day is a handful of runs.
 */
final class RunSet {

    private long[] froms = new long[4];
    /** The last number of each run. */
    private long[] tos = new long[4];

    private int runs;

    boolean contains(long number) {
        int run = atOrBefore(number);
        return run >= 0 && number <= tos[run];
    }

    void add(long number) {
        int before = atOrBefore(number);
        if (before >= 0 && number <= tos[before]) {
            return;
        }
        boolean extendsBefore = before >= 0 && tos[before] + 1 == number;
        boolean extendsNext = before + 1 < runs && froms[before + 1] - 1 == number;
        if (extendsBefore && extendsNext) {
            tos[before] = tos[before + 1];
            remove(before + 1);
        } else if (extendsBefore) {
            tos[before] = number;
        } else if (extendsNext) {
            froms[before + 1] = number;
        } else {
            insert(before + 1, number);
        }
    }

    int runs() {
        return runs;
    }

    long from(int run) {
        return froms[run];
    }

    long to(int run) {
        return tos[run];
    }

    long bytes() {
        return 2L * Long.BYTES * froms.length;
    }

    /** The last run that begins at the number or before it, or -1. */
    private int atOrBefore(long number) {
        int found = Arrays.binarySearch(froms, 0, runs, number);
        return found >= 0 ? found : -found - 2;
    }

    private void insert(int at, long number) {
        if (runs == froms.length) {
            froms = Arrays.copyOf(froms, 2 * runs);
            tos = Arrays.copyOf(tos, 2 * runs);
        }
        System.arraycopy(froms, at, froms, at + 1, runs - at);
        System.arraycopy(tos, at, tos, at + 1, runs - at);
        froms[at] = number;
        tos[at] = number;
        runs++;
    }

    private void remove(int at) {
        runs--;
        System.arraycopy(froms, at + 1, froms, at, runs - at);
        System.arraycopy(tos, at + 1, tos, at, runs - at);
    }
}
