package io.sluice.cli.reconcile;

/**
 * Which blocks are judged, by the time of their delivery.
 *
 * @param fromMinute first minute since the epoch
 * @param toMinute the minute behind the last
 * @param settledMinute blocks delivered from this minute on may still be on their way to an object
 */
record Window(int fromMinute, int toMinute, int settledMinute) {

    static final int HOUR = 60;

    /**
     * A block lies in an object of the hour of its delivery or of the one before, since objects are named for their
     * oldest block; clocks may differ. So of blocks in objects around the window, manifests of so much more are known.
     */
    private static final int MARGIN = 3 * HOUR;

    static final Window ALL = new Window(Integer.MIN_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

    /** Whether every block is judged, whenever it was delivered. */
    boolean isAll() {
        return fromMinute == Integer.MIN_VALUE && toMinute == Integer.MAX_VALUE;
    }

    /** Whether no block can be on its way to an object. */
    boolean isSettled() {
        return settledMinute == Integer.MAX_VALUE;
    }

    boolean judges(int minute) {
        return minute >= fromMinute && minute < toMinute;
    }

    /** Whether the block may lie in one of the objects that are read. */
    boolean touches(int minute) {
        return minute >= (long) fromMinute - MARGIN && minute < (long) toMinute + MARGIN;
    }

    boolean isSettled(int minute) {
        return minute < settledMinute;
    }

    /** Hours before this one hold no block of the window. */
    int firstObjectMinute() {
        return fromMinute == Integer.MIN_VALUE ? fromMinute : fromMinute - HOUR;
    }

    /** Hours from this one on hold no block of the window. */
    int endOfObjectsMinute() {
        return toMinute == Integer.MAX_VALUE ? toMinute : toMinute + HOUR;
    }
}
